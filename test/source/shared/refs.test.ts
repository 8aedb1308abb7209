import { expect, onTestFinished, test, vi } from "vitest";
import { expectCode, gitServer } from "../workbench.ts";
import { StoreFleet } from "./store-fleet.ts";

const KNOWN = { withinMs: Number.POSITIVE_INFINITY };
const DUE = { withinMs: 120_000 };

/** Replicas a, b and c, of which `a` asks for all, and a repository that each of them has looked at once. */
async function fleetBench() {
  const server = await gitServer();
  const repo = await server.createRepository("team/apps", { "app/a.yaml": "a: 1\n" });
  const fleet = await StoreFleet.open(["a", "b", "c"]);
  const all = ["a", "b", "c"].map((id) => fleet.of(id));
  const source = { repo: repo.url, ref: "main" };
  const revisions = () => Promise.all(all.map(async ({ store }) => (await store.resolve(source)).revision));
  const asked = () => server.requests.count("ls-refs");
  await revisions();
  for (const { store } of all) await store.poll(source, KNOWN);
  server.requests.clear();
  return { server, repo, fleet, all, source, revisions, asked };
}

test("the first look of all replicas is one question to the server", async () => {
  const server = await gitServer();
  const repo = await server.createRepository("team/apps", { "a.yaml": "a: 1\n" });
  const fleet = await StoreFleet.open(["a", "b", "c"]);
  const looks = ["a", "b", "c"].map((id) => fleet.of(id).store.resolve({ repo: repo.url, ref: "main" }));
  const revisions = new Set((await Promise.all(looks)).map(({ revision }) => revision));
  expect([...revisions]).toEqual([await repo.head()]);
  expect(server.requests.count("ls-refs")).toBe(1);
});

test("an interval of all replicas is one question to the server, by the one that asks for all", async () => {
  const { all, source, asked } = await fleetBench();
  for (const { store } of all) expect(await store.poll(source, DUE)).toEqual({ changed: false });
  expect(asked()).toBe(1);
});

test("a webhook at any replica is one question to the server, and all others hear of the commit and ask nobody but the one", async () => {
  const { repo, fleet, all, source, asked, revisions } = await fleetBench();
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  expect(await fleet.of("b").store.poll(source)).toEqual({ changed: true });
  expect(all.map(({ heard }) => heard)).toEqual([[], [{ repo: repo.url }], [{ repo: repo.url }]]);
  for (const id of ["a", "c"]) expect(await fleet.of(id).store.poll(source, KNOWN)).toEqual({ changed: true });
  expect(await revisions()).toEqual([revision, revision, revision]);
  expect(asked()).toBe(1);
});

test("who asks for all learns itself what another one made it ask, from the moment in which it says so", async () => {
  const { repo, fleet, source, asked } = await fleetBench();
  const { store } = fleet.of("a");
  const own: ReturnType<typeof store.poll>[] = [];
  fleet.of("a").onMoved = () => void own.push(store.poll(source, KNOWN));
  await repo.commit({ "app/a.yaml": "a: 2\n" });
  await fleet.of("b").store.poll(source);
  expect(await Promise.all(own)).toEqual([{ changed: true }]);
  expect(asked()).toBe(1);
});

test("questions that come while one is under way share the next one, and none is answered by what was asked before it", async () => {
  const { server, repo, all, source, asked } = await fleetBench();
  server.pause();
  const early = all.map(({ store }) => store.poll(source));
  await expect.poll(asked).toBe(1);
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  const late = all.map(({ store }) => store.poll(source));
  server.resume();
  await Promise.all([...early, ...late]);
  for (const { store } of all) {
    await store.poll(source);
    expect((await store.resolve(source)).revision).toBe(revision);
  }
  expect(asked()).toBeLessThanOrEqual(3 + all.length);
});

test("a ref that nobody asked for yet is asked for with the others, and then by all in one", async () => {
  const { repo, fleet, asked, all, source } = await fleetBench();
  await repo.branch("next");
  expect((await fleet.of("c").store.resolve({ repo: repo.url, ref: "next" })).revision).toBe(await repo.head());
  expect(asked()).toBe(1);
  const revision = await repo.commit({ "app/b.yaml": "b: 1\n" }, { branch: "next" });
  expect(await fleet.of("a").store.poll(source)).toEqual({ changed: false });
  expect(await fleet.of("c").store.poll(source, KNOWN)).toEqual({ changed: true });
  expect((await fleet.of("c").store.resolve({ repo: repo.url, ref: "next" })).revision).toBe(revision);
  expect(asked()).toBe(2);
  expect(all.map(({ heard }) => heard.length)).toEqual([0, 1, 1]);
});

test("what has not changed is not sent again", async () => {
  const { fleet, source } = await fleetBench();
  const answers: object[] = [];
  fleet.of("a").spoil = (answer) => {
    answers.push(answer);
    return answer;
  };
  await fleet.of("b").store.poll(source, DUE);
  expect(answers).toEqual([{ tag: expect.any(Number), ageMs: expect.any(Number) }]);
});

test("a replica that wants nothing of a repository asks nobody for it", async () => {
  const { fleet, server, asked } = await fleetBench();
  const other = await server.createRepository("team/other", { "a.yaml": "a: 1\n" });
  const { questions } = fleet.of("a");
  const before = questions.length;
  expect(await fleet.of("b").store.poll(other.url, DUE)).toEqual({ changed: false });
  expect([questions.length, asked()]).toEqual([before, 0]);
});

test("a webhook at a replica that wants nothing of a repository still reaches those that do", async () => {
  const { server, fleet } = await fleetBench();
  const other = await server.createRepository("team/other", { "a.yaml": "a: 1\n" });
  const source = { repo: other.url, ref: "main" };
  await fleet.of("c").store.resolve(source);
  const revision = await other.commit({ "a.yaml": "a: 2\n" });
  await fleet.of("b").store.poll(other.url);
  expect(fleet.of("c").heard).toEqual([{ repo: other.url }]);
  await fleet.of("c").store.poll(source, KNOWN);
  expect((await fleet.of("c").store.resolve(source)).revision).toBe(revision);
});

test("a sync of what has just come to a replica is made of what the repository says after it", async () => {
  const { repo, fleet, source, asked } = await fleetBench();
  const late = (await fleet.join("d")).store;
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  await late.poll(source);
  expect((await late.resolve(source)).revision).toBe(revision);
  expect(asked()).toBe(1);
});

test("a repository that is away is asked once for all, and all say why and since when", async () => {
  const { server, repo, all, source, asked, fleet } = await fleetBench();
  server.fault = { kind: "status", status: 503 };
  for (const { store } of all)
    expect(await store.poll(source, DUE)).toMatchObject({ changed: false, problem: { code: "PL-GIT-UNREACHABLE" } });
  const told = await Promise.all(all.map(({ store }) => store.resolve(source)));
  for (const { stale, revision } of told) {
    expect(revision).toBe(await repo.head());
    expect(stale?.problem).toEqual(told[0]?.stale?.problem);
    const apart = Date.parse(stale?.since ?? "") - Date.parse(told[0]?.stale?.since ?? "");
    expect(Math.abs(apart)).toBeLessThan(1000);
  }
  await expectCode(fleet.of("c").store.resolve({ repo: repo.url, ref: "other" }), "PL-GIT-UNREACHABLE");
  const failed = server.requests.all.length;
  server.fault = undefined;
  expect(await fleet.of("a").store.poll(source)).toEqual({ changed: false });
  expect(all.map(({ heard }) => heard.length)).toEqual([0, 2, 2]);
  for (const { store } of all) {
    expect(await store.poll(source, KNOWN)).not.toHaveProperty("problem");
    expect(await store.resolve(source)).not.toHaveProperty("stale");
  }
  // Away: the poll of `a`, and the ref that was new. Back: what the server speaks is learnt again.
  expect(failed).toBeLessThanOrEqual(4);
  expect(asked()).toBeLessThanOrEqual(failed + 1);
});

test("where the one that asks for all is away each asks itself, says so once, and goes back to it by itself", async () => {
  const { repo, fleet, source, asked } = await fleetBench();
  const { store, logged } = fleet.of("b");
  fleet.of("a").isAway = true;
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  expect(await store.poll(source, DUE)).toEqual({ changed: true });
  expect((await store.resolve(source)).revision).toBe(revision);
  await store.poll(source, DUE);
  expect(asked()).toBe(2);
  expect(logged().match(/does not answer/g)?.length).toBe(2);
  expect(logged().match(/this one asks them itself/g)?.length).toBe(1);
  fleet.of("a").isAway = false;
  const { questions } = fleet.of("a");
  const before = questions.length;
  await store.poll(source, DUE);
  expect(questions).toHaveLength(before);
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  // The clock that is put in place of the real one begins at nought.
  vi.advanceTimersByTime(3_600_000);
  await store.poll(source, DUE);
  expect(questions).toHaveLength(before + 1);
  expect(logged()).toContain("answers again");
  expect((await store.resolve(source)).revision).toBe(revision);
});

test("a webhook that comes while the one that asks for all is away still reaches the others", async () => {
  const { repo, fleet, source } = await fleetBench();
  fleet.of("a").isAway = true;
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  expect(await fleet.of("b").store.poll(source)).toEqual({ changed: true });
  expect(fleet.of("c").heard).toEqual([{ repo: repo.url }]);
  expect(await fleet.of("c").store.poll(source, KNOWN)).toEqual({ changed: true });
  expect((await fleet.of("c").store.resolve(source)).revision).toBe(revision);
});

test("two that take each other for the one that asks for all both get an answer, and ask the server as often as they were asked", async () => {
  const { repo, fleet, source, asked } = await fleetBench();
  fleet.of("a").believes = "b";
  fleet.of("b").believes = "a";
  fleet.divide("a");
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  for (const id of ["a", "b"]) {
    await fleet.of(id).store.poll(source, DUE);
    expect((await fleet.of(id).store.resolve(source)).revision).toBe(revision);
  }
  expect(asked()).toBe(2);
});

test("nobody is told anything older than what he knows, whoever asks for all next, and whoever did before", async () => {
  const { repo, fleet, all, source, revisions } = await fleetBench();
  fleet.divide("b");
  for (const { store } of all) await store.poll(source, KNOWN);
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  for (const id of ["b", "c", "a"]) await fleet.of(id).store.poll(source, DUE);
  expect(await revisions()).toEqual([revision, revision, revision]);
  // `a` knew the first commit when it asked for all before.
  fleet.divide("a");
  for (const { store } of all) await store.poll(source, KNOWN);
  expect(await revisions()).toEqual([revision, revision, revision]);
});

test("a slow server is waited for together: nobody takes the one that waits for one that is away", async () => {
  const { server, repo, fleet, source, asked } = await fleetBench();
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  server.pause();
  const polls = ["b", "c"].map((id) => fleet.of(id).store.poll(source));
  // Each asks again and again while it is told to wait.
  await expect
    .poll(() => fleet.of("a").questions.filter(({ after }) => after !== undefined).length, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(2);
  server.resume();
  expect(await Promise.all(polls)).toEqual([{ changed: true }, { changed: true }]);
  expect((await fleet.of("c").store.resolve(source)).revision).toBe(revision);
  expect(asked()).toBeLessThanOrEqual(2);
  expect(fleet.of("b").logged()).not.toContain("does not answer");
});

test("a name that is too long to be asked another replica for does not make that one count as away", async () => {
  const { repo, fleet, asked } = await fleetBench();
  const { questions } = fleet.of("a");
  const before = questions.length;
  const { store, logged } = fleet.of("b");
  await expectCode(store.resolve({ repo: repo.url, ref: "x".repeat(3000) }), "PL-GIT-REF-MISSING");
  expect([questions.length, asked()]).toEqual([before, 1]);
  expect(logged()).not.toContain("does not answer");
});

const OID = "0123456789012345678901234567890123456789";
const SPOILT: readonly (readonly [string, (answer: object) => unknown])[] = [
  ["text", () => "refs"],
  ["nothing", () => null],
  ["an object without anything in it", () => ({})],
  ["an object id that is none", (answer) => ({ ...answer, refs: "main refs/heads/main" })],
  ["one that is too short", (answer) => ({ ...answer, refs: `${OID.slice(1)} refs/heads/main` })],
  ["a ref that nobody asked for", (answer) => ({ ...answer, refs: `${OID} refs/pull/1/head` })],
  ["a list in place of lines", (answer) => ({ ...answer, refs: [OID] })],
  ["an age from the future", (answer) => ({ ...answer, ageMs: -1, refs: `${OID} refs/heads/main` })],
  [
    "a problem without a code",
    (answer) => ({ ...answer, failing: { forMs: 1, problem: { message: "x", next: "y" } } }),
  ],
  ["`the same` of an answer that was never given", () => ({ tag: 1, ageMs: 0 })],
];

test.each(SPOILT)("an answer that is %s counts for none: the repository is asked", async (_what, spoil) => {
  const { repo, fleet, source, asked } = await fleetBench();
  fleet.of("a").spoil = spoil;
  const revision = await repo.commit({ "app/a.yaml": "a: 2\n" });
  expect(await fleet.of("b").store.poll(source, DUE)).toEqual({ changed: true });
  expect((await fleet.of("b").store.resolve(source)).revision).toBe(revision);
  expect(asked()).toBe(1);
});

test("a URL with a password in it is asked for by nobody", async () => {
  const { fleet } = await fleetBench();
  const repo = "https://me:secret@git.example/team/apps.git";
  await expectCode(fleet.of("b").store.resolve({ repo, ref: "main" }), "PL-GIT-URL");
  expect(JSON.stringify(fleet.of("a").questions)).not.toContain("secret");
  await expectCode(fleet.of("a").store.answer({ ask: "refs", repo, prefixes: ["HEAD"] }), "PL-GIT-URL");
});
