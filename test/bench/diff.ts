/**
 * `npm run bench:diff [-- --seconds 2] [--json FILE]`: how fast objects are compared, and what it takes to keep them, on one core.
 *
 * The objects are Deployments of about 5 kB as a server answers them: applied by us to the sandbox, rolled out, read back; each with a
 * name and an image of its own. Their schema is the one that the sandbox carries, generated from kube-apiserver's OpenAPI documents.
 * unchanged: compare() with what was remembered, so that nobody's touch is told by ownership alone. full: compare() with the manifest,
 * the schema and nothing remembered. Rates are objects a second of CPU time, so that a busy machine counts less; beside them stand,
 * on the same objects in the same run, JSON.parse with JSON.stringify, and the plain two-way comparison of fast-json-patch.
 * kept: heap of 10,000 objects as the watch keeps them, over the bytes of their JSON.
 * passes: heap after 100 and after 1,000 passes in which every object comes in by an event and is compared both ways.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import jsonPatch from "fast-json-patch";
import { toLiveObject } from "../../src/cluster/answer.ts";
import { FollowedObjects } from "../../src/cluster/followed-objects.ts";
import { type CompareInput, compare, keptAfterApply } from "../../src/diff/index.ts";
import type { LiveObject } from "../../src/model/index.ts";
import { appliedDeployment, type Pair } from "./diff-objects.ts";

const { values } = parseArgs({ options: { seconds: { type: "string", default: "2" }, json: { type: "string" } } });
const GOALS = { unchanged: 20_000, full: 2_000, keptOverJson: 4096 };
const KEPT = 10_000;
const COMPARED = 500;

const sample = await appliedDeployment();
const results = { objectBytes: JSON.stringify(sample.live).length, ...rates(), ...keeping(), ...passing() };
print();

/** The same answer with another name, uid, version and image, as text. */
function answerOf(i: number): string {
  const { live } = sample;
  const metadata = {
    ...live.metadata,
    name: `web-${i}`,
    uid: `${live.metadata.uid}-${i}`,
    resourceVersion: `${1000 + i}`,
  };
  return JSON.stringify({ ...live, metadata }).replaceAll("web:1.42.0", `web:1.42.${i}`);
}

function inputOf({ prepared, schema }: Pair, i: number): CompareInput & { readonly live: LiveObject } {
  const { metadata } = prepared.object;
  const desired = JSON.parse(
    JSON.stringify({ ...prepared.object, metadata: { ...metadata, name: `web-${i}` } }).replaceAll(
      "web:1.42.0",
      `web:1.42.${i}`,
    ),
  );
  return {
    desired,
    manifestHash: prepared.hash,
    live: toLiveObject(JSON.parse(answerOf(i)), "bench"),
    schema,
    setApplied: true,
  };
}

function rates() {
  const inputs = range(COMPARED).map((i) => inputOf(sample, i));
  const remembered = inputs.map((input) => ({ ...input, kept: keptAfterApply(input) }));
  const texts = inputs.map(({ live }) => JSON.stringify(live));
  for (const found of [...inputs, ...remembered].map(compare)) {
    if (found.status !== "Synced" || found.doubtful)
      throw new Error(`an object is ${found.status}: ${JSON.stringify(found)}`);
  }
  return {
    unchanged: rate(remembered, (input) => compare(input)),
    full: rate(inputs, (input) => compare(input)),
    json: rate(texts, (text) => JSON.stringify(JSON.parse(text))),
    jsonPatch: rate(inputs, ({ desired, live }) => jsonPatch.compare(desired, live)),
  };
}

/** Rounds over all of them, a second of CPU time. */
function rate<T>(all: readonly T[], run: (one: T) => unknown): number {
  for (const one of all) run(one);
  const start = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  let count = 0;
  while (spent() < Number(values.seconds)) {
    for (const one of all) run(one);
    count += all.length;
  }
  return Math.round(count / spent());
}

function keeping() {
  const before = heap();
  const followed = new FollowedObjects({ what: "members", report: () => undefined });
  let bytes = 0;
  for (const i of range(KEPT)) {
    const text = answerOf(i);
    bytes += text.length;
    followed.event({ type: "ADDED", object: toLiveObject(JSON.parse(text), "bench") });
  }
  const keptBytes = Math.round((heap() - before) / KEPT);
  const jsonBytes = Math.round(bytes / KEPT);
  if ([...followed.index.entries()].length !== KEPT) throw new Error("objects are missing");
  return { keptBytes, keptOverJson: keptBytes - jsonBytes };
}

function passing() {
  const followed = new FollowedObjects({ what: "members", report: () => undefined });
  const objects = range(20).map((i) => ({ input: inputOf(sample, i), text: answerOf(i) }));
  const pass = (version: number) => {
    for (const { input, text } of objects) {
      const answer = JSON.parse(text);
      answer.metadata.resourceVersion = String(1_000_000 + version);
      const live = toLiveObject(answer, "bench");
      followed.event({ type: "MODIFIED", object: live });
      compare({ ...input, live, kept: keptAfterApply(input) });
      compare({ ...input, live });
    }
  };
  const heapAt = new Map<number, number>();
  for (const version of range(1000)) {
    pass(version);
    if (version === 99 || version === 999) heapAt.set(version + 1, heap());
  }
  return { heapAfter100: heapAt.get(100) ?? 0, heapAfter1000: heapAt.get(1000) ?? 0 };
}

function heap(): number {
  if (globalThis.gc === undefined) throw new Error("run it by npm run bench:diff, which gives --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function print(): void {
  const { objectBytes, unchanged, full, json, jsonPatch: twoWay, keptBytes, keptOverJson } = results;
  const { heapAfter100, heapAfter1000 } = results;
  const beside = (found: number) =>
    `${(found / json).toFixed(2)} x JSON, ${(found / twoWay).toFixed(2)} x fast-json-patch`;
  const mb = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  process.stdout.write(
    [
      `objects of ${objectBytes} bytes, a second of CPU time`,
      `  unchanged   ${unchanged}   ${beside(unchanged)}   goal ${GOALS.unchanged}`,
      `  full        ${full}   ${beside(full)}   goal ${GOALS.full}`,
      `  JSON        ${json}   parsed and written`,
      `  json patch  ${twoWay}   two-way, by fast-json-patch`,
      `kept: ${keptBytes} bytes an object, ${keptOverJson} over its JSON   goal at most ${GOALS.keptOverJson}`,
      `passes: heap ${mb(heapAfter100)} after 100, ${mb(heapAfter1000)} after 1,000\n`,
    ].join("\n"),
  );
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ ...results, goals: GOALS }, null, 2)}\n`);
}
