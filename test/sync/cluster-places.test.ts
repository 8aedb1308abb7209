import { expect, test } from "vitest";
import type { Run } from "../../src/queue/index.ts";
import { ClusterPlaces } from "../../src/sync/cluster-places.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A run of the queue that says what became of its place there. */
function run(): Run & { resting: boolean } {
  const one = {
    resting: false,
    rest: () => {
      one.resting = true;
    },
    wake: async () => {},
    use: <T>(work: () => Promise<T>) => work(),
  };
  return one;
}

const places = (...names: readonly string[]) =>
  new ClusterPlaces({
    clusters: { home: { name: "home" } as never, names: () => ["home", ...names] },
    concurrency: 64,
  });

test("with one cluster the queue's place is all there is", async () => {
  const own = run();
  expect((await places().enter({ cluster: "home", run: own, rank: 1 })).run).toBe(own);
  expect(own.resting).toBe(false);
});

test("passes that hang in one cluster take none of another's places, and none of the queue's", async () => {
  const all = places("dead", "well");
  const hanging = Array.from({ length: 100 }, () => run());
  let begun = 0;
  for (const one of hanging) void all.enter({ cluster: "dead", run: one, rank: 1 }).then(() => begun++);
  await settled();
  expect(begun).toBe(16);
  expect(hanging.every(({ resting }) => resting)).toBe(true);
  let well = 0;
  for (let i = 0; i < 16; i++) void all.enter({ cluster: "well", run: run(), rank: 1 }).then(() => well++);
  for (let i = 0; i < 64; i++) void all.enter({ cluster: "home", run: run(), rank: 1 }).then(() => well++);
  await settled();
  expect(well).toBe(80);
});

test("a place that is given back, or rests, goes to the one who waits with the lowest rank", async () => {
  const all = places("eu");
  const taken = await Promise.all(Array.from({ length: 16 }, () => all.enter({ cluster: "eu", run: run(), rank: 1 })));
  const order: string[] = [];
  void all.enter({ cluster: "eu", run: run(), rank: 2 }).then(() => order.push("interval"));
  void all.enter({ cluster: "eu", run: run(), rank: 0 }).then(() => order.push("hand"));
  await settled();
  expect(order).toEqual([]);
  taken[0]?.run.rest();
  await settled();
  expect(order).toEqual(["hand"]);
  taken[1]?.leave();
  await settled();
  expect(order).toEqual(["hand", "interval"]);
});
