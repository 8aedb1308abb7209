import { expect, test, vi } from "vitest";
import { Slots } from "../../src/cluster/slots.ts";

function slots(total: number, longestWaitMs = 30_000): Slots {
  return new Slots({ total, longestWaitMs, server: "https://api.example" });
}

/** Asks for a place, and notes when it has it. */
function asks(all: Slots, name: string, { order, signal }: { order: string[]; signal?: AbortSignal }) {
  return Promise.resolve(all.take(signal)).then(() => void order.push(name));
}

test("as many as there are places begin at once, and nothing is waited for", async () => {
  const all = slots(2);
  expect([all.take(), all.take()]).toEqual([undefined, undefined]);
  const third = all.take();
  expect(third).toBeInstanceOf(Promise);
  expect(all.waiting).toBe(1);
  all.give();
  await third;
});

test("who waits begins in the order of coming", async () => {
  const all = slots(1);
  const order: string[] = [];
  all.take();
  const begun = [asks(all, "a", { order }), asks(all, "b", { order }), asks(all, "c", { order })];
  for (const _ of begun) all.give();
  await Promise.all(begun);
  expect(order).toEqual(["a", "b", "c"]);
  all.give();
  expect(all.take()).toBeUndefined();
});

test("who is ended while waiting waits no more, and takes nobody's place", async () => {
  const all = slots(1);
  const order: string[] = [];
  const ending = new AbortController();
  all.take();
  const ended = asks(all, "ended", { order, signal: ending.signal });
  const next = asks(all, "next", { order });
  ending.abort(new Error("enough"));
  await expect(ended).rejects.toThrow("enough");
  expect(all.waiting).toBe(1);
  all.give();
  await next;
  expect(order).toEqual(["next"]);
});

test("nobody waits longer than a request may take, and is told how many do", async () => {
  vi.useFakeTimers();
  try {
    const all = slots(1, 30_000);
    all.take();
    const long = Promise.resolve(all.take());
    const told = expect(long).rejects.toMatchObject({
      code: "PL-KUBE-TIMEOUT",
      message: "no request to https://api.example could begin within 30s: 1 are under way, 1 more wait",
    });
    vi.advanceTimersByTime(20_000);
    const later = Promise.resolve(all.take());
    vi.advanceTimersByTime(10_000);
    await told;
    all.give();
    await later;
  } finally {
    vi.useRealTimers();
  }
});
