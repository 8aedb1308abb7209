import { afterEach, expect, test } from "vitest";
import type { QueueFactory } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";
import { type Controlled, controlled } from "./controlled.ts";

export interface Opened {
  readonly create: QueueFactory;
  /** Waits until so many keys wait where they are ordered. */
  waiting(count: number): Promise<void>;
  close(): Promise<void>;
}

/** What types.ts says of a WorkQueue, for one implementation. */
export function queueContract(open: () => Promise<Opened>): void {
  let opened: Opened | undefined;
  let closing: (() => Promise<void>) | undefined;

  async function queueOf(concurrency: number): Promise<Controlled & Pick<Opened, "waiting">> {
    opened = await open();
    const { waiting } = opened;
    const held = controlled(opened.create, concurrency);
    closing = () => {
      held.endAll();
      return held.queue.close();
    };
    return { ...held, waiting };
  }

  afterEach(async () => {
    await closing?.();
    await opened?.close();
    opened = undefined;
    closing = undefined;
  });

  test("requests for a running key cause exactly one more run, with all of them merged", async () => {
    const { add, begun, end, started, queue, waiting } = await queueOf(4);
    add("a", "1");
    await begun(1);
    expect([queue.isRunning("a"), queue.isWaiting("a")]).toEqual([true, false]);
    add("a", "2");
    await waiting(1);
    add("a", "3");
    expect(queue.isWaiting("a")).toBe(true);
    await end("a");
    await begun(2);
    await end("a");
    add("other");
    await until("the other", () => started.includes("other:x"));
    expect(started).toEqual(["a:1", "a:2+3", "other:x"]);
  });

  test("no more keys than allowed run at once, and the others follow in the order of asking", async () => {
    const { add, begun, end, started, waiting } = await queueOf(1);
    for (const key of ["a", "b", "c", "d"]) add(key);
    await begun(1);
    await waiting(3);
    expect(started).toEqual(["a:x"]);
    for (const key of ["a", "b", "c", "d"]) await end(key);
    expect(started).toEqual(["a:x", "b:x", "c:x", "d:x"]);
  });

  test("who is waited for goes first, then what has changed, also where a later request makes it so", async () => {
    const { add, begun, end, started, waiting } = await queueOf(1);
    add("first");
    await begun(1);
    for (const key of ["b", "c", "d"]) add(key, "x", 2);
    await waiting(3);
    add("e", "x", 1);
    add("f", "x", 0);
    await waiting(5);
    add("d", "y", 0);
    for (const key of ["first", "f", "d", "e", "b", "c"]) await end(key);
    expect(started.slice(1)).toEqual(["f:x", "d:x+y", "e:x", "b:x", "c:x"]);
  });

  test("who waits for long has a turn, however many come that go before", async () => {
    const { add, begun, end, started, waiting } = await queueOf(1);
    add("first", "x", 0);
    await begun(1);
    add("patient", "x", 2);
    let hasty = 0;
    for (; hasty < 20; hasty++) add(`hasty-${hasty}`, "x", 0);
    await waiting(21);
    while (!started.includes("patient:x")) {
      await end(started.at(-1)?.split(":")[0] ?? "");
      add(`hasty-${++hasty}`, "x", 0);
      await until("the next", () => started.length > hasty - 20);
    }
    expect(started.length).toBeLessThan(hasty);
  });

  test("a key that rests keeps nobody from running, and what it does then waits for a place", async () => {
    const { add, begun, run, end, started, overlaps } = await queueOf(1);
    for (const key of ["a", "b"]) add(key);
    await begun(1);
    run("a").rest();
    await begun(2);
    add("a", "again");
    let done = false;
    const used = run("a").use(async () => {
      done = true;
    });
    expect([done, started]).toEqual([false, ["a:x", "b:x"]]);
    await end("b");
    await used;
    const woken = run("a").wake();
    await woken;
    await end("a");
    await begun(3);
    expect([started.at(-1), overlaps]).toEqual(["a:again", []]);
  });

  test("a key that is dropped before it starts is not run", async () => {
    const { add, begun, end, started, queue, waiting } = await queueOf(1);
    for (const key of ["a", "b", "c"]) add(key);
    await begun(1);
    await waiting(2);
    queue.drop("b");
    await waiting(1);
    for (const key of ["a", "c"]) await end(key);
    expect(started).toEqual(["a:x", "c:x"]);
  });

  test("work that throws is reported and frees its key and its place", async () => {
    const { add, begun, started, errors } = await queueOf(1);
    add("a", "throws");
    await begun(1);
    add("a", "works");
    await begun(2);
    expect([started, errors]).toEqual([["a:throws", "a:works"], ["a"]]);
  });

  test("closing waits for what runs and starts nothing that waits", async () => {
    const { add, begun, end, started, queue, waiting } = await queueOf(1);
    for (const key of ["a", "b"]) add(key);
    await begun(1);
    await waiting(1);
    let isClosed = false;
    const closed = queue.close().then(() => {
      isClosed = true;
    });
    add("c");
    expect(isClosed).toBe(false);
    await end("a");
    await closed;
    expect(started).toEqual(["a:x"]);
  });

  test("a key runs again with nobody asking, and rests when that is taken back", async () => {
    const { begun, end, started, queue, add } = await queueOf(4);
    const request = { what: "interval", rank: 2 } as const;
    const inMs = queue.again("a", { request, inMs: 300, everyMs: 300, isRegular: true });
    expect(inMs).toBeLessThanOrEqual(300);
    await begun(1);
    queue.rest("a");
    await end("a");
    expect(queue.again("b", { request, inMs: 50, everyMs: 60_000, isRegular: false })).toBeLessThanOrEqual(50);
    queue.again("c", { request, inMs: 50, everyMs: 60_000, isRegular: false });
    queue.rest("c");
    await until("b", () => started.some((one) => one.startsWith("b:")));
    add("last");
    await until("the last", () => started.includes("last:x"));
    expect(started.filter((one) => one.startsWith("c:"))).toEqual([]);
  });
}
