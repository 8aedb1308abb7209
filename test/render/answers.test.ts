import { expect, test } from "vitest";
import { type JsonObject, PlumblineError } from "../../src/model/index.ts";
import { Answers, type Resources } from "../../src/render/answers.ts";
import { Mounts, type Tree } from "../../src/render/mounts.ts";
import type { Question } from "../../src/render/wasm/protocol.ts";
import { snapshotOf } from "./snapshots.ts";

const home = snapshotOf({ "web/a.yaml": "a: 1\n", "base/b.yaml": "b: 1\n" });
const BASE: Question = { op: "read", path: "/@/base/b.yaml" };
const LOOKUP: Question = { op: "lookup", apiVersion: "v1", kind: "Secret", namespace: "shop", name: "key" };
const CLONE: Question = { op: "clone", url: "https://git.example/base.git", ref: "main" };
const GET: Question = { op: "get", url: "https://files.example/a.yaml" };

function answersOf(resources: Resources = {}, tree: Tree = home): Answers {
  return new Answers({ mounts: new Mounts(tree, new Map()), resources, path: "web" });
}

/** Whether what one learnt still holds for the other. */
async function stands(questions: readonly Question[], before: Answers, after: Answers): Promise<boolean> {
  for (const question of questions) await before.reply(question);
  return await after.stillTrue(before.dependencies);
}

test("files of the render's own path are no dependency, others are", async () => {
  const answers = answersOf();
  await answers.reply({ op: "read", path: "/@/web/a.yaml" });
  await answers.reply(BASE);
  expect(answers.dependencies.map(({ question }) => question)).toEqual([BASE]);
});

test("a base that is the same stands, and one that was changed, or that is no more, does not", async () => {
  expect(await stands([BASE], answersOf(), answersOf())).toBe(true);
  const other: Tree = {
    entry: async (path) => ({ kind: "file", oid: "other", path, read: async () => Buffer.from("b: 2\n") }),
  };
  expect(await stands([BASE], answersOf(), answersOf({}, other))).toBe(false);
  expect(await stands([BASE], answersOf(), answersOf({}, snapshotOf({})))).toBe(false);
});

test("a file that appears where one was looked for does not stand", async () => {
  const missing: Question = { op: "stat", path: "/@/base/new.yaml" };
  expect(await stands([missing], answersOf(), answersOf({}, snapshotOf({ "base/new.yaml": "" })))).toBe(false);
});

test("a live object stands for as long as it is the same", async () => {
  const of = (object: JsonObject | undefined) => answersOf({ lookup: async () => object });
  expect(await stands([LOOKUP], of({ data: { a: "1" } }), of({ data: { a: "1" } }))).toBe(true);
  expect(await stands([LOOKUP], of({ data: { a: "1" } }), of({ data: { a: "2" } }))).toBe(false);
  expect(await stands([LOOKUP], of(undefined), of({}))).toBe(false);
});

test("a clone stands for as long as its ref is at the same commit", async () => {
  const of = (revision: string) => answersOf({ clone: async () => ({ tree: home, revision }) });
  expect(await stands([CLONE], of("one"), of("one"))).toBe(true);
  expect(await stands([CLONE], of("one"), of("two"))).toBe(false);
});

test("files of a clone are found after it, in the same order", async () => {
  const resources: Resources = { clone: async () => ({ tree: home, revision: "one" }) };
  const inClone: Question = { op: "read", path: "/@clone-1/base/b.yaml" };
  expect(await answersOf(resources).reply(inClone)).toMatchObject({ refused: { code: "PL-RENDER-OUTSIDE" } });
  expect(await stands([CLONE, inClone], answersOf(resources), answersOf(resources))).toBe(true);
});

test("what was refused stands until it is allowed", async () => {
  expect(await stands([GET], answersOf(), answersOf())).toBe(true);
  expect(await stands([GET], answersOf(), answersOf({ get: async () => Buffer.from("a: 1\n") }))).toBe(false);
});

test("what cannot be had at the moment says so, and is nothing to remember", async () => {
  const away = new PlumblineError("PL-GIT-UNREACHABLE", { message: "no answer" });
  const answers = answersOf({ clone: () => Promise.reject(away) });
  expect(await answers.reply(CLONE)).toMatchObject({ refused: { code: "PL-GIT-UNREACHABLE" } });
  expect(answers.dependencies).toEqual([]);
});

test("offline there is nothing live, and the versions are those of Kubernetes itself", async () => {
  expect(await answersOf().reply(LOOKUP)).toEqual({ missing: true });
  const reply = await answersOf().reply({ op: "capabilities" });
  expect(JSON.parse("content" in reply ? String(reply.content) : "")).toMatchObject({
    kubeVersion: expect.stringMatching(/^v1\.\d+/),
    apiVersions: expect.arrayContaining(["apps/v1", "batch/v1"]),
  });
});

test("what is told ahead ends at a number of bytes", async () => {
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`base/${index}`, "x".repeat(1000)]));
  const questions = Object.keys(files).map((path) => JSON.stringify({ op: "read", path: `/@/${path}` }));
  const told = await answersOf({}, snapshotOf(files)).ahead(questions, 10_000);
  expect(told.length).toBeGreaterThan(9);
  expect(told.length).toBeLessThan(20);
});

test("a URL that names no file is asked for nowhere", async () => {
  const answers = answersOf({ get: () => Promise.reject(new Error("asked")) });
  expect(await answers.reply({ op: "get", url: "https://git.example/base?ref=a.yaml" })).toEqual({ missing: true });
});
