import { expect, test } from "vitest";
import { KeyedQueue, type Place } from "../../src/kit/keyed-queue.ts";

/** A queue whose work ends when the test says so. */
function controlled(concurrency: number) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const places = new Map<string, Place>();
  const errors: string[] = [];
  const queue = new KeyedQueue<number>({
    concurrency,
    merge: (a, b) => a + b,
    rankOf: (request) => (request >= 100 ? 0 : request >= 50 ? 1 : 2),
    work: async (key, request, place) => {
      started.push(`${key}:${request}`);
      places.set(key, place);
      if (request < 0) throw new Error("refused");
      await new Promise<void>((resolve) => ends.set(key, resolve));
    },
    onError: (key) => errors.push(key),
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  /** Longer than any chain of starts and ends that a test makes. */
  const settle = async () => {
    for (let i = 0; i < 5; i++) await turn();
  };
  const end = async (key: string) => {
    ends.get(key)?.();
    await settle();
  };
  const placeOf = (key: string) => places.get(key) as Place;
  return { queue, started, errors, end, settle, placeOf };
}

test("requests for a running key cause exactly one more run, with all of them merged", async () => {
  const { queue, started, end, settle } = controlled(4);
  queue.add("a", 1);
  await settle();
  queue.add("a", 2);
  queue.add("a", 3);
  expect(started).toEqual(["a:1"]);
  await end("a");
  expect(started).toEqual(["a:1", "a:5"]);
  await end("a");
  expect(started).toHaveLength(2);
});

test("no more keys than allowed run at once, and the others follow in the order of asking", async () => {
  const { queue, started, end, settle } = controlled(1);
  for (const key of ["a", "b", "c"]) queue.add(key, 1);
  await settle();
  expect(started).toEqual(["a:1"]);
  expect(queue.depth).toBe(2);
  await end("a");
  await end("b");
  expect(started).toEqual(["a:1", "b:1", "c:1"]);
});

test("work that throws is reported and frees its key", async () => {
  const { queue, started, errors, settle } = controlled(1);
  queue.add("a", -1);
  await settle();
  expect(errors).toEqual(["a"]);
  queue.add("a", 1);
  await settle();
  expect(started).toEqual(["a:-1", "a:1"]);
});

test("closing waits for what runs and starts nothing that waits", async () => {
  const { queue, started, end, settle } = controlled(1);
  queue.add("a", 1);
  queue.add("b", 1);
  await settle();
  let closed = false;
  const closing = queue.close().then(() => {
    closed = true;
  });
  await settle();
  expect(closed).toBe(false);
  await end("a");
  await closing;
  expect(started).toEqual(["a:1"]);
});

test("a request that comes before the run has begun joins it, and one that is dropped by then is not done", async () => {
  const { queue, started, settle } = controlled(2);
  queue.add("a", 1);
  queue.add("a", 2);
  queue.add("b", 1);
  queue.drop("b");
  await settle();
  expect(started).toEqual(["a:3"]);
  expect(queue.depth).toBe(0);
});

test("a key that rests keeps nobody from running, and is not run a second time meanwhile", async () => {
  const { queue, started, end, settle, placeOf } = controlled(1);
  for (const key of ["a", "b", "c"]) queue.add(key, 1);
  await settle();
  placeOf("a").rest();
  await settle();
  expect(started).toEqual(["a:1", "b:1"]);
  queue.add("a", 2);
  placeOf("b").rest();
  await settle();
  expect(started).toEqual(["a:1", "b:1", "c:1"]);
  await end("a");
  expect(started).toHaveLength(3);
  await end("c");
  expect(started.at(-1)).toBe("a:2");
});

test("what a resting key does waits for a place, before those that have not begun, and gives it back when it is done", async () => {
  const { queue, started, end, settle, placeOf } = controlled(1);
  queue.add("a", 1);
  queue.add("b", 1);
  await settle();
  placeOf("a").rest();
  await settle();
  queue.add("c", 1);
  const done: string[] = [];
  const writes = ["one", "two"].map((name) => placeOf("a").use(async () => void done.push(name)));
  await settle();
  expect([started, done]).toEqual([["a:1", "b:1"], []]);
  await end("b");
  await Promise.all(writes);
  expect(done).toEqual(["one", "two"]);
  await settle();
  expect(started).toEqual(["a:1", "b:1", "c:1"]);
});

test("a key that wakes has its place until it ends", async () => {
  const { queue, started, end, settle, placeOf } = controlled(1);
  queue.add("a", 1);
  await settle();
  placeOf("a").rest();
  await placeOf("a").use(async () => {});
  await placeOf("a").wake();
  queue.add("b", 1);
  await placeOf("a").use(async () => {});
  await settle();
  expect(started).toEqual(["a:1"]);
  await end("a");
  expect(started).toEqual(["a:1", "b:1"]);
});

test("urgent requests go before those that wait already, also where a request makes one urgent that waits", async () => {
  const { queue, started, end, settle } = controlled(1);
  for (const key of ["a", "b", "c", "d"]) queue.add(key, 1);
  await settle();
  queue.add("e", 100);
  queue.add("c", 100);
  for (const key of ["a", "e", "c", "b"]) await end(key);
  expect(started).toEqual(["a:1", "e:100", "c:101", "b:1", "d:1"]);
});

test("who waits longest has every eighth place, however many come that go before", async () => {
  const { queue, started, end, settle } = controlled(1);
  queue.add("first", 100);
  await settle();
  queue.add("patient", 1);
  for (let i = 0; i < 20; i++) queue.add(`hasty-${i}`, i % 2 === 0 ? 100 : 50);
  await end("first");
  for (let i = 0; i < 9 && !started.includes("patient:1"); i++) await end(started.at(-1)?.split(":")[0] ?? "");
  expect(started.indexOf("patient:1")).toBe(7);
  expect(started.slice(1, 7).every((one) => one.endsWith(":100"))).toBe(true);
});
