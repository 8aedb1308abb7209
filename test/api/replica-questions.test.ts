import { expect, test } from "vitest";
import { QUESTIONS_PATH } from "../../src/api/index.ts";
import { AS_REPLICA, TestFleet } from "./replica-fixture.ts";

const refs = { ask: "refs", repo: "https://git.example/shop.git", prefixes: ["HEAD"], withinMs: 0, after: 4, tag: 3 };

/** What a replica answers to another one. */
async function question(body: object, headers: { readonly [name: string]: string } = AS_REPLICA) {
  const one = await new TestFleet().start("one", ["shop/web"]);
  const asked = { ...headers, "content-type": "application/json" };
  const answer = await one.ask(QUESTIONS_PATH, { method: "POST", headers: asked, body: JSON.stringify(body) });
  return { ...answer, control: one.control };
}

test("whatever one replica asks another is answered as it is meant, nothing of it lost on the way", async () => {
  const versions = { ask: "versions", repo: "https://charts.example", chart: "web", ranges: ["^1"] };
  for (const [asked, answer] of [
    [refs, { question: refs, tag: 7 }],
    [versions, { question: versions, tag: 7 }],
    [{ ask: "lack", name: "shop/slow" }, "Pending, it waits"],
    [{ ask: "lack", name: "shop/web" }, null],
    [{ ask: "heldBack", names: ["shop/web"], cluster: "home", keys: [] }, []],
    [{ ask: "letGo", name: "shop/web", cluster: "home", owners: [["a", "b"]] }, []],
  ] as const)
    expect(await question(asked)).toMatchObject({ status: 200, body: { answer } });
});

test("that a repository has moved is told to the loop", async () => {
  const { status, control } = await question({ ask: "moved", repo: "https://charts.example", chart: "web" });
  expect([status, control.movedSources]).toEqual([200, [{ repo: "https://charts.example", chart: "web" }]]);
});

test("nobody but a replica is answered, and no question of another form", async () => {
  expect(await question(refs, {})).toMatchObject({ status: 401, body: { code: "PL-API-UNAUTHENTICATED" } });
  for (const spoilt of [
    { ask: "anything" },
    { ...refs, prefixes: { 0: "HEAD" } },
    { ...refs, withinMs: -1 },
    { ...refs, repo: "x".repeat(3000) },
    { ...refs, prefixes: Array.from({ length: 10_001 }, () => "HEAD") },
    { ask: "moved" },
  ])
    expect(await question(spoilt)).toMatchObject({ status: 400, body: { code: "PL-API-BAD-REQUEST" } });
});
