import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setImmediate as tick } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ApplicationStatus, type Log, type PassStatus, SILENT } from "../../src/model/index.ts";
import { createHistory, type History } from "../../src/report/index.ts";
import { deployment, status, TIME } from "./statuses.ts";

const DOOR = join(import.meta.dirname, "../../src/report/index.ts");

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "plumb-history-"));
  onTestFinished(() => {
    chmodSync(path, 0o700);
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

/** A history and what it warns of; closed with the test. */
function open(file: string | undefined, options: { readonly now?: () => number; readonly inMemory?: number } = {}) {
  const warnings: string[] = [];
  const log: Log = { ...SILENT, warn: (_fields, words) => void warnings.push(words) };
  const { now = () => Date.parse(TIME), ...rest } = options;
  const history = createHistory({ ...(file === undefined ? {} : { file }), log, now, ...rest });
  onTestFinished(() => history.close());
  return { history, warnings };
}

const outcome = { ref: deployment("web"), action: "update", stage: "workloads", warnings: [], durationMs: 5 } as const;

function synced(
  id: number,
  setHash: string,
  over: Partial<ApplicationStatus> = {},
  name = "shop/web",
): ApplicationStatus {
  const pass: PassStatus = {
    id,
    trigger: "commit",
    startedAt: TIME,
    finishedAt: TIME,
    durationMs: 30,
    revision: `${setHash}`.padEnd(40, "0"),
    outcomes: [{ ...outcome, outcome: "configured" }],
    plan: { hash: `plan-${setHash}`, setHash, actions: { update: 1 } },
  };
  const source = {
    repo: "r",
    ref: "main",
    path: ".",
    revision: pass.revision ?? "",
    author: "Ann <a@b>",
    subject: "Turn blue",
  };
  return status(name, { source, lastPass: pass, lastSync: pass, ...over });
}

const ids = (history: History, name = "shop/web") => history.records(name).map(({ id }) => id);
const PROGRESSING = { health: { status: "Progressing", message: "1/2" } } as const;

describe("the history of syncs", () => {
  test("has each pass that wrote, once, with what a person asks about it", () => {
    const { history } = open(undefined);
    const first = synced(3, "aa");
    history.note(first);
    history.note({ ...first, ...(first.lastPass && { lastPass: { ...first.lastPass, id: 4, outcomes: [] } }) });
    expect(history.records("shop/web")).toEqual([
      {
        id: 3,
        trigger: "commit",
        startedAt: TIME,
        finishedAt: TIME,
        durationMs: 30,
        revision: first.source.revision,
        author: "Ann <a@b>",
        subject: "Turn blue",
        outcomes: { configured: 1 },
        objects: [{ ref: outcome.ref, action: "update", outcome: "configured" }],
        plan: { hash: "plan-aa", setHash: "aa", actions: { update: 1 } },
        good: true,
      },
    ]);
    expect(history.records("shop/other")).toEqual([]);
  });

  test("is good from when the application is Synced and Healthy with exactly that set, also after a restart", () => {
    const file = join(folder(), "history.sqlite");
    const before = open(file);
    before.history.note(synced(1, "aa", PROGRESSING));
    before.history.close();
    const { history } = open(file);
    expect(history.records("shop/web")[0]?.good).toBe(false);
    const plan = (setHash: string) => ({ plan: { setHash } as NonNullable<ApplicationStatus["plan"]> });
    history.note(status("shop/web", plan("bb")));
    expect(history.records("shop/web")[0]?.good).toBe(false);
    history.note(status("shop/web", plan("aa")));
    expect(history.records("shop/web")[0]?.good).toBe(true);
    history.close();
    expect(open(file).history.records("shop/web")[0]?.good).toBe(true);
  });

  test("keeps the newest 20 of each application across restarts, and counts on from the last", () => {
    const file = join(folder(), "history.sqlite");
    const before = open(file);
    for (let id = 1; id <= 25; id++) before.history.note(synced(id * 3, "aa"));
    before.history.note(synced(7, "bb", {}, "shop/other"));
    before.history.close();
    const { history, warnings } = open(file);
    expect(ids(history)).toEqual(Array.from({ length: 20 }, (_, i) => (25 - i) * 3));
    expect([history.lastId("shop/web"), history.lastId("shop/other"), history.lastId("shop/new")]).toEqual([75, 7, 0]);
    const page = history.page("shop/web", { limit: 15 });
    expect([page.items.length, page.total]).toEqual([15, 20]);
    expect(history.page("shop/web", { limit: 15, continue: page.next ?? "" }).items.map(({ id }) => id)).toEqual([
      30, 27, 24, 21, 18,
    ]);
    expect(warnings).toEqual([]);
  });

  test("is on disk a tick after it was told, for a process that is killed then", async () => {
    const file = join(folder(), "history.sqlite");
    const killed = open(file);
    killed.history.note(synced(5, "aa"));
    await new Promise((resolve) => setImmediate(resolve));
    const next = open(file);
    expect([ids(next.history), next.history.lastId("shop/web"), next.warnings]).toEqual([[5], 5, []]);
  });

  test("names what failed first, cuts what is long, and keeps at most 100 objects of a sync", () => {
    const { history } = open(undefined);
    const problem = { code: "PL-KUBE-INVALID", message: "x".repeat(2000), next: "", retry: "revision" } as const;
    const many = Array.from({ length: 300 }, () => ({ ...outcome, outcome: "configured" }) as const);
    const pass = synced(1, "aa").lastPass as PassStatus;
    const lastPass = { ...pass, outcomes: [...many, { ...outcome, outcome: "failed", problem } as const], problem };
    history.note(status("shop/web", { lastPass, lastSync: lastPass }));
    const [record] = history.records("shop/web");
    expect(record?.outcomes).toEqual({ configured: 300, failed: 1 });
    expect(record?.objects).toHaveLength(100);
    expect(record?.objects[0]).toMatchObject({ outcome: "failed", code: "PL-KUBE-INVALID" });
    expect(record?.objects[0]?.message).toHaveLength(503);
    expect(JSON.stringify(record).length).toBeLessThan(20_000);
  });
});

describe("where the file of the history cannot be used", () => {
  const spoil: readonly (readonly [string, (file: string) => void])[] = [
    ["is no database", (file) => writeFileSync(file, "words, and not a database at all ".repeat(100))],
    ["was cut short", (file) => truncateSync(file, 5000)],
    ["is of another layout", (file) => runSql(file, "PRAGMA user_version = 99")],
    ["has other tables", (file) => runSql(file, "DROP TABLE sync; CREATE TABLE sync (a TEXT)")],
    ["is somebody else's", (file) => runSql(file, "PRAGMA user_version = 0")],
    ["has bad pages", (file) => overwrite(file)],
  ];
  test.each(spoil)("one that %s is begun anew with a warning, and is used from then on", (_, damage) => {
    const file = join(folder(), "history.sqlite");
    const before = open(file);
    for (let id = 1; id <= 20; id++) before.history.note(synced(id, "aa"));
    before.history.close();
    damage(file);
    const { history, warnings } = open(file);
    history.records("shop/web");
    history.note(synced(21, "bb"));
    expect(ids(history)).toEqual([21]);
    history.close();
    expect(warnings).toEqual(["the history of syncs could not be read: it begins anew"]);
    expect(ids(open(file).history)).toEqual([21]);
  });

  test("a folder that is not there, or takes no file, costs one warning; memory goes on, bounded, and the file takes it up later", () => {
    const missing = join(folder(), "data");
    let time = Date.parse(TIME);
    const { history, warnings } = open(join(missing, "history.sqlite"), { now: () => time, inMemory: 3 });
    for (let id = 1; id <= 5; id++) history.note(synced(id, "aa"));
    expect(ids(history)).toEqual([5, 4, 3]);
    expect(warnings).toEqual([
      "the history of syncs cannot be kept on disk; it goes on in memory, and nothing else depends on it",
    ]);
    mkdirSync(missing);
    expect(ids(history)).toEqual([5, 4, 3]);
    time += 60_000;
    history.note(synced(6, "aa"));
    history.close();
    expect(ids(open(join(missing, "history.sqlite")).history)).toEqual([6, 5, 4]);
    expect(warnings).toHaveLength(1);
  });
});

test("a disk that takes no more costs one warning, and what came before and since is still there", () => {
  const script = `import { createHistory } from ${JSON.stringify(DOOR)};
    const warnings = [];
    const log = { debug() {}, info() {}, warn: (fields, words) => warnings.push(words), error() {} };
    const history = createHistory({ file: ${JSON.stringify(join(folder(), "history.sqlite"))}, log, now: Date.now });
    for (let id = 1; id <= 400; id++) {
      const pass = { ...${JSON.stringify(synced(1, "aa").lastPass)}, id, outcomes: Array(20).fill(${JSON.stringify(outcome)}) };
      history.note({ ...${JSON.stringify(status("shop/web"))}, name: "web" + (id % 40), lastPass: pass, lastSync: pass });
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(JSON.stringify([warnings.length, history.records("shop/web1").map(({ id }) => id)]));`;
  // 512 bytes each: files of this process may grow to 200 kB and no further.
  const limited = ["-c", 'ulimit -f 400; exec "$0" "$@"', process.execPath, "--input-type=module", "--eval", script];
  const { stdout, stderr } = spawnSync("bash", limited, { encoding: "utf8" });
  expect([stdout.trim(), stderr]).toEqual([JSON.stringify([1, [361, 321, 281, 241, 201, 161, 121, 81, 41, 1]]), ""]);
});

test("a data folder that is removed while it is in use is made anew, with one line; what comes then is kept", async () => {
  const data = join(folder(), "data");
  mkdirSync(data);
  const file = join(data, "history.sqlite");
  const { history, warnings } = open(file);
  history.note(synced(1, "a"));
  await tick();
  rmSync(data, { recursive: true });
  history.note(synced(2, "b"));
  await tick();
  expect(existsSync(file)).toBe(true);
  expect(ids(history)).toEqual([2]);
  expect(history.lastId("shop/web")).toBe(2);
  expect(warnings).toEqual(["the history of syncs was removed while it was in use: it begins anew"]);
  history.close();
  expect(ids(open(file).history)).toEqual([2]);
});

test("loading SQLite says nothing on stderr", () => {
  const file = join(folder(), "history.sqlite");
  const script = `import { createHistory } from ${JSON.stringify(DOOR)};
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    createHistory({ file: ${JSON.stringify(file)}, log, now: Date.now }).close();`;
  const { status: code, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  expect([code, stderr]).toEqual([0, ""]);
});

function runSql(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** All but the first page, where the layout stands. */
function overwrite(file: string): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, 4096));
}
