import { expect, test } from "vitest";
import { APPLYSET_GROUP_KINDS } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { Bench, outcomesOf } from "./applied.ts";
import { Gate, type Refusal } from "./gate.ts";

const CONFLICT: Refusal = { status: 409, reason: "Conflict" };
const BUSY: Refusal = { status: 429, reason: "TooManyRequests" };
const INVALID: Refusal = { status: 422, reason: "Invalid" };

/** Refuses the first so many writes to a path that ends so. */
function refuseFirst(gate: Gate, ending: string, count: number, refusal: Refusal): void {
  let left = count;
  gate.refuse = ({ path }) => (path.endsWith(ending) && left-- > 0 ? refusal : undefined);
}

async function scene(): Promise<AsyncDisposable & { readonly gate: Gate; readonly bench: Bench }> {
  const gate = await Gate.open(sharedControlPlane());
  const bench = await Bench.open(gate.kubeconfig);
  return {
    gate,
    bench,
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await gate[Symbol.asyncDispose]();
    },
  };
}

describeCluster("a server that is in trouble for a moment", () => {
  const passing: readonly (readonly [string, Refusal, number])[] = [
    ["a conflict", CONFLICT, 2],
    ["too many requests, without a time", BUSY, 1],
    ["too many requests, with a time", { ...BUSY, headers: { "retry-after": "1" } }, 1],
    ["no answer of the server behind", { status: 503, reason: "ServiceUnavailable" }, 2],
  ];
  test.each(passing)("%s is tried again, and the object is there in the end", async (_, refusal, times) => {
    await using both = await scene();
    const { gate, bench } = both;
    refuseFirst(gate, "/configmaps/a", times, refusal);
    const summary = await bench.apply([bench.manifest("v1", "ConfigMap", "a")]);
    expect(outcomesOf(summary)).toEqual([["a", "created"]]);
    expect(gate.count("/configmaps/a")).toBe(times + 1);
  });

  test("what stays wrong is tried three times and no more, and what cannot pass by itself once", async () => {
    await using both = await scene();
    const { gate, bench } = both;
    gate.refuse = ({ path }) => (path.endsWith("/a") ? CONFLICT : path.endsWith("/b") ? INVALID : undefined);
    const { outcomes, whole } = await bench.apply([
      bench.manifest("v1", "ConfigMap", "a"),
      bench.manifest("v1", "ConfigMap", "b"),
    ]);
    expect(whole).toBe(false);
    expect(new Map(outcomes.map(({ ref, problem }) => [ref.name, problem?.code]))).toEqual(
      new Map([
        ["a", "PL-KUBE-CONFLICT"],
        ["b", "PL-KUBE-INVALID"],
      ]),
    );
    expect([gate.count("/configmaps/a"), gate.count("/configmaps/b")]).toEqual([3, 1]);
  });

  test("the inventory and deletions are tried again as well", async () => {
    await using both = await scene();
    const { gate, bench } = both;
    const kept = bench.manifest("v1", "ConfigMap", "kept");
    refuseFirst(gate, "/configmaps/default.bench", 2, CONFLICT);
    await bench.apply([kept, bench.manifest("v1", "Secret", "old")]);
    refuseFirst(gate, "/secrets/old", 2, BUSY);
    const summary = await bench.apply([kept]);
    expect(outcomesOf(summary)).toEqual([["old", "pruned"]]);
    expect((await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS]).toBe("ConfigMap");
  });

  test("without its inventory nothing is written, and every object says so", async () => {
    await using both = await scene();
    const { gate, bench } = both;
    gate.refuse = ({ path }) =>
      path.endsWith("/configmaps/default.bench") ? { status: 403, reason: "Forbidden" } : undefined;
    const summary = await bench.apply([bench.manifest("v1", "ConfigMap", "a"), bench.manifest("v1", "Secret", "b")]);
    expect(summary.problem?.code).toBe("PL-KUBE-FORBIDDEN");
    expect(summary.outcomes.map(({ outcome, problem }) => [outcome, problem?.code])).toEqual([
      ["skipped", "PL-KUBE-FORBIDDEN"],
      ["skipped", "PL-KUBE-FORBIDDEN"],
    ]);
    expect(gate.writes).toHaveLength(1);
  });
});

describeCluster("the objects of a stage", () => {
  test("go at once, and never more of them than allowed", async () => {
    await using both = await scene();
    const { gate, bench } = both;
    const manifests = Array.from({ length: 12 }, (_, i) => bench.manifest("v1", "ConfigMap", `m${i}`));
    const planned = await bench.plan(manifests);
    const open = Promise.withResolvers<void>();
    gate.hold = ({ path }) => (path.includes("/configmaps/m") ? open.promise : Promise.resolve());
    const running = bench.run(planned, { concurrency: 4 });
    await until("four writes under way", () => gate.underWay === 4);
    open.resolve();
    expect((await running).whole).toBe(true);
    expect(gate.most).toBe(4);
  });

  test("wait for those of the stage before, to the last one", async () => {
    await using both = await scene();
    const { gate, bench } = both;
    const planned = await bench.plan([
      bench.manifest("v1", "ConfigMap", "quick"),
      bench.manifest("v1", "ConfigMap", "slow"),
      bench.manifest("v1", "Service", "later", { spec: { ports: [{ port: 80 }] } }),
    ]);
    const open = Promise.withResolvers<void>();
    gate.hold = ({ path }) => (path.endsWith("/slow") ? open.promise : Promise.resolve());
    const running = bench.run(planned, {
      onEvent: (event) => {
        if (event.type === "step" && event.outcome.ref.name === "quick") open.resolve();
      },
    });
    await running;
    expect(gate.writes.at(-2)?.path).toMatch(/services\/later$/);
  });
});
