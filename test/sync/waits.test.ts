import { expect, test } from "vitest";
import { KeyedQueue, type Place } from "../../src/kit/keyed-queue.ts";
import { PlumblineError } from "../../src/model/index.ts";
import { type RenderedAt, RunningPass } from "../../src/sync/running-pass.ts";
import { Steps } from "../../src/sync/steps.ts";
import { newerThanAny } from "../../src/sync/triggers.ts";
import { ToldWaits, waitOf } from "../../src/sync/waits.ts";

const DB = "waits for application default/db: Pending";
const AT = "2026-01-01T00:00:00.000Z";
const now = Date.parse(AT);

test("a wait begins when it is first told, and is the same for as long as it is for the same", () => {
  expect(waitOf(DB, undefined, now)).toEqual({ waiting: DB, waitingSince: AT });
  const before = waitOf(DB, undefined, now);
  const later = "waits for application default/db: Progressing";
  expect(waitOf(later, before, now + 5000)).toEqual({ waiting: later, waitingSince: AT });
  expect(waitOf("waits for application default/cache: Pending", before, now + 5000).waitingSince).not.toBe(AT);
  expect(waitOf("suspended by ann since yesterday: no", undefined, now).waitingSince).toBeUndefined();
});

test("a wait is an event when it begins, and when it says something else, at most every ten seconds", () => {
  const told = new ToldWaits();
  const news = (seconds: number, ...sentences: string[]) =>
    told
      .news(
        sentences.map((sentence) => ({ sentence })),
        now + seconds * 1000,
      )
      .map(({ sentence }) => sentence);
  const db = (ready: number) => `waits for Deployment shop/db: ${ready}/3 replicas available`;
  expect(news(0, db(0), db(0), "waits for Job shop/seed: runs")).toEqual([db(0), "waits for Job shop/seed: runs"]);
  expect(news(9, db(1))).toEqual([]);
  expect(news(10, db(1))).toEqual([db(1)]);
  expect(news(60, db(1))).toEqual([]);
  expect([news(61), news(62, db(1))]).toEqual([[], [db(1)]]);
});

test("of an application with hundreds of waits twenty are told", () => {
  const many = Array.from({ length: 300 }, (_, i) => ({ sentence: `waits for ConfigMap shop/c${i}: not there` }));
  expect(new ToldWaits().news(many, now)).toHaveLength(20);
});

/** A pass of revision `old`, while Git says `newest`. */
async function running(newest: RenderedAt | undefined) {
  const queue = Promise.withResolvers<Place>();
  const over = Promise.withResolvers<void>();
  const keys = new KeyedQueue<number>({
    concurrency: 1,
    merge: (one) => one,
    work: async (_key, _request, place) => {
      queue.resolve(place);
      await over.promise;
    },
    onError: () => {},
  });
  keys.add("web", 1);
  const steps = new Steps(new AbortController().signal);
  await steps.run("apply", () => steps.waitsFor("wave 1 waits for Deployment shop/db: 0/1 replicas available"));
  const pass = new RunningPass({ place: await queue.promise, steps, newest: () => Promise.resolve(newest) });
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { pass, settled, [Symbol.dispose]: () => over.resolve() };
}

const OLD = { revision: "a".repeat(40), key: "one" };
const NEW = { revision: "b".repeat(40), key: "two" };

test("a pass that waits ends when its own tree has moved, and names both revisions and what it waited for", async () => {
  using one = await running(NEW);
  one.pass.waits(OLD);
  one.pass.moved();
  await one.settled();
  expect(one.pass.ending.aborted).toBe(true);
  expect(one.pass.ending.reason).toBeInstanceOf(PlumblineError);
  expect(one.pass.ending.reason).toMatchObject({
    code: "PL-PASS-SUPERSEDED",
    message:
      "the pass of revision aaaaaaaaaaaa ended while applying the plan: wave 1 waits for Deployment shop/db: 0/1 replicas available, " +
      "since revision bbbbbbbbbbbb is known; the next one goes on from here",
  });
});

test("a pass that waits goes on when others' folders have moved, or when nobody can tell", async () => {
  for (const newest of [{ ...NEW, key: OLD.key }, undefined]) {
    using one = await running(newest);
    one.pass.waits(OLD);
    one.pass.moved();
    await one.settled();
    expect(one.pass.ending.aborted).toBe(false);
  }
});

test("a pass that writes is left to write, and ends where it would begin to wait", async () => {
  using one = await running(NEW);
  one.pass.supersede("a sync was asked for by ann");
  one.pass.moved();
  await one.settled();
  expect(one.pass.ending.aborted).toBe(false);
  one.pass.waits(OLD);
  expect(one.pass.ending.reason.message).toContain("since a sync was asked for by ann; ");
});

test("a person's sync and another declaration end a pass that waits; the cluster's own changes do not", () => {
  expect(newerThanAny({ kind: "manual", by: "ann" })).toBe("a sync was asked for by ann");
  expect(newerThanAny({ kind: "config" })).toBe("what is declared or told of the application has changed");
  expect((["drift", "retry", "interval", "commit"] as const).map((kind) => newerThanAny({ kind }))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
