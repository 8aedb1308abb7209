import fc from "fast-check";
import { expect, test } from "vitest";
import { forEachLimited } from "../../src/kit/pool.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("everything is done once, in the order of starting, and never more at once than allowed", async () => {
  const sizes = { items: fc.array(fc.integer(), { maxLength: 30 }), limit: fc.integer({ min: 1, max: 8 }) };
  await fc.assert(
    fc.asyncProperty(sizes.items, sizes.limit, async (items, limit) => {
      const started: number[] = [];
      let running = 0;
      let most = 0;
      await forEachLimited(items, limit, async (item) => {
        started.push(item);
        most = Math.max(most, ++running);
        await turn();
        running--;
      });
      expect(started).toEqual(items);
      expect(most).toBe(Math.min(items.length, limit));
    }),
    { numRuns: 30 },
  );
});

test("a limit below one is one", async () => {
  const done: number[] = [];
  await forEachLimited([1, 2], 0, async (item) => void done.push(item));
  expect(done).toEqual([1, 2]);
});

test("the first error is given once what runs has ended, and nothing more is started", async () => {
  const started: number[] = [];
  const ended: number[] = [];
  const open = Promise.withResolvers<void>();
  const work = forEachLimited([1, 2, 3, 4], 2, async (item) => {
    started.push(item);
    if (item === 2) throw new Error("two");
    await open.promise;
    ended.push(item);
  });
  const failed = expect(work).rejects.toThrow("two");
  await turn();
  expect(ended).toEqual([]);
  open.resolve();
  await failed;
  expect(started).toEqual([1, 2]);
  expect(ended).toEqual([1]);
});
