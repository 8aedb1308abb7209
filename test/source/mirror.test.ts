import { spawn } from "node:child_process";
import { mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { bench, look, sourceStore, textsOf } from "./workbench.ts";

async function mirrorOf(dataDir: string): Promise<string> {
  const [name] = await readdir(join(dataDir, "git"));
  return join(dataDir, "git", name ?? "");
}

async function packsOf(dataDir: string): Promise<string[]> {
  const folder = join(await mirrorOf(dataDir), "objects/pack");
  return (await readdir(folder)).filter((name) => name.endsWith(".pack")).map((name) => join(folder, name));
}

const BIG = Object.fromEntries(
  Array.from({ length: 400 }, (_, nth) => [`app/${nth}.yaml`, `id: ${nth * 7919}\n${Math.sin(nth)}\n`.repeat(60)]),
);

test("a branch that was pushed by force is followed, and its history is not fetched", async () => {
  const { server, repo, store } = await bench(BIG);
  for (let nth = 0; nth < 10; nth++) await repo.commit({ "app/0.yaml": `n: ${nth}\n` });
  await look(store, { repo });
  await repo.forcePush({ ...BIG, "app/0.yaml": "forced: true\n" });
  expect((await textsOf(await look(store, { repo })))["app/0.yaml"]).toBe("forced: true\n");
  expect(server.requests.all.filter((one) => one.operation === "fetch").at(-1)?.bytes).toBeLessThan(2000);
});

test("after 50 fetches the mirror is cloned anew and old packs are gone", async () => {
  const operations: string[] = [];
  const { repo, store, dataDir } = await bench(undefined, { onRequest: ({ operation }) => operations.push(operation) });
  await look(store, { repo });
  for (let nth = 0; nth < 51; nth++) {
    await repo.commit({ "app/a.yaml": `n: ${nth}\n` });
    expect(await textsOf(await look(store, { repo }))).toEqual({ "app/a.yaml": `n: ${nth}\n` });
  }
  expect(operations.filter((one) => one === "fetch")).toHaveLength(50);
  expect(operations.filter((one) => one === "clone")).toHaveLength(2);
  expect(await packsOf(dataDir)).toHaveLength(1);
});

test("a snapshot that was taken before the new clone still gives its files", async () => {
  const { repo, store, dataDir } = await bench();
  const old = await look(store, { repo });
  await repo.commit({ "app/a.yaml": "a: 2\n" });
  await look(store, { repo });
  await rm(await mirrorOf(dataDir), { recursive: true });
  const later = await sourceStore({ dataDir });
  expect(await textsOf(await look(later, { repo }))).toEqual({ "app/a.yaml": "a: 2\n" });
  expect(await textsOf(old)).toEqual({ "app/a.yaml": "a: 1\n" });
});

for (const [what, spoil] of [
  ["half a pack", (pack: string) => truncate(pack, 5000)],
  ["a pack of zeros", (pack: string) => writeFile(pack, Buffer.alloc(300_000))],
  ["deleted packs", (pack: string) => rm(pack)],
  ["an index that is no index", (pack: string) => writeFile(pack.replace(/pack$/, "idx"), "nonsense")],
  ["a deleted index", (pack: string) => rm(pack.replace(/pack$/, "idx"))],
  ["one wrong byte", (pack: string) => spoilByte(pack)],
] as const) {
  test(`a mirror with ${what} is thrown away and cloned again by itself, once`, async () => {
    const { repo, store, dataDir } = await bench(BIG);
    await look(store, { repo });
    await store.close();
    for (const pack of await packsOf(dataDir)) await spoil(pack);
    const operations: string[] = [];
    const again = await sourceStore({ dataDir, onRequest: ({ operation }) => operations.push(operation) });
    expect(await textsOf(await look(again, { repo }))).toEqual(BIG);
    expect(operations.filter((one) => one !== "ls-refs")).toEqual(["clone"]);
  });
}

async function spoilByte(pack: string): Promise<void> {
  const { open } = await import("node:fs/promises");
  await using file = await open(pack, "r+");
  const { size } = await file.stat();
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, size >> 1);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, size >> 1);
}

test("a data folder that vanishes while the store runs costs a clone", async () => {
  const { repo, store, dataDir } = await bench();
  await look(store, { repo });
  await rm(dataDir, { recursive: true });
  await repo.commit({ "app/a.yaml": "a: 2\n" });
  expect(await textsOf(await look(store, { repo }))).toEqual({ "app/a.yaml": "a: 2\n" });
});

for (const [what, fault] of [
  ["cut short with the connection", { kind: "truncate", bytes: 20_000 }],
  ["cut short in silence", { kind: "truncate", bytes: 20_000, quietly: true }],
  ["spoilt on its way", { kind: "spoil", fromEnd: 5000 }],
] as const) {
  test(`a pack that was ${what} is not taken in, and the next try works`, async () => {
    const { server, repo, store, dataDir } = await bench(BIG);
    server.fault = { only: "fetch", ...fault };
    const error = await look(store, { repo }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/^PL-GIT-(CORRUPT|UNREACHABLE)$/) });
    expect(await readdir(join(dataDir, "git"))).toEqual([]);
    server.fault = undefined;
    expect(Object.keys(await textsOf(await look(store, { repo })))).toHaveLength(400);
  });
}

test("a process that is killed in the middle of a clone leaves a folder that the next one can use", async () => {
  const { server, repo, dataDir } = await bench(BIG);
  server.pause();
  const script = `
    import { createSourceStore } from "./src/source/index.ts";
    import { SILENT } from "./src/model/index.ts";
    const store = createSourceStore({ dataDir: process.argv[1], repositories: [], log: SILENT });
    const revision = process.argv[3];
    await store.snapshot({ repo: process.argv[2], path: "." }, { revision, resolvedRef: revision });`;
  const args = ["--input-type=module", "-e", script, dataDir, repo.url, await repo.head()];
  const child = spawn(process.execPath, args, { cwd: join(import.meta.dirname, "../.."), stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await vi.waitFor(async () => expect(await readdir(join(dataDir, "git"))).toHaveLength(1), { timeout: 10_000 });
  const ended = Promise.withResolvers<void>();
  child.once("exit", () => ended.resolve());
  child.kill("SIGKILL");
  await ended.promise;
  server.resume();
  const [left = ""] = await readdir(join(dataDir, "git"));
  expect(left).toMatch(/\.new-/);
  await mkdir(join(dataDir, "git", left.replace(/\.new-.*/, ".old-12345678")));
  const store = await sourceStore({ dataDir });
  expect(Object.keys(await textsOf(await look(store, { repo })))).toHaveLength(400);
  expect(await readdir(join(dataDir, "git"))).toEqual([left.replace(/\.new-.*/, "")]);
});

test("a restart uses the mirror: no clone, and no fetch for a commit that is there", async () => {
  const { server, repo, store, dataDir } = await bench();
  await look(store, { repo });
  await store.close();
  server.requests.clear();
  expect(await textsOf(await look(await sourceStore({ dataDir }), { repo }))).toEqual({ "app/a.yaml": "a: 1\n" });
  expect(server.requests.count("fetch")).toBe(0);
});

test("retain removes the mirrors of repositories that nobody uses, also those of an earlier process", async () => {
  const { server, repo, store, dataDir } = await bench();
  const other = await server.createRepository("other", { "a.yaml": "a: 1\n" });
  await Promise.all([look(store, { repo }), look(store, { repo: other })]);
  await store.close();
  const next = await sourceStore({ dataDir });
  expect(await readdir(join(dataDir, "git"))).toHaveLength(2);
  await next.retain(new Set([repo.url, "not a url"]));
  expect(await readdir(join(dataDir, "git"))).toHaveLength(1);
  expect(await textsOf(await look(next, { repo: other }))).toEqual({ "a.yaml": "a: 1\n" });
});

test("the mirror is a repository that Git itself can read", async () => {
  const { repo, store, dataDir } = await bench();
  const { revision } = await look(store, { repo });
  await store.poll(repo.url);
  await store.close();
  const mirror = await mirrorOf(dataDir);
  expect(await repo.git("--git-dir", mirror, "rev-parse", "--verify", "main")).toBe(revision);
  expect(await repo.git("--git-dir", mirror, "show", "main:app/a.yaml")).toBe("a: 1");
});

test("the main thread stays free while the pack of a large repository is indexed", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 4000 }, (_, nth) => [
      `apps/${nth % 500}/${nth}.yaml`,
      `id: ${nth}\n${Math.sin(nth)}\n`.repeat(8),
    ]),
  );
  const { repo, store } = await bench(files);
  const resolution = await store.resolve({ repo: repo.url, ref: "main" });
  const before = performance.eventLoopUtilization();
  await store.snapshot({ repo: repo.url, path: "apps/7" }, resolution);
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
});
