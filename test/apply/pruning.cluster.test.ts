import { expect, test } from "vitest";
import { APPLYSET_GROUP_KINDS, PlumblineError } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { Bench, outcomesOf } from "./applied.ts";

const service = { spec: { ports: [{ port: 80 }] } };
const kept = (bench: Bench) => bench.manifest("v1", "ConfigMap", "kept");
const old = (bench: Bench) => [
  bench.manifest("v1", "ConfigMap", "old"),
  bench.manifest("v1", "Service", "old", service),
];

/** What was applied is also in the watch, from which members are read. */
async function applied(): Promise<Bench> {
  const bench = await Bench.open();
  await bench.apply([kept(bench), ...old(bench)]);
  return bench;
}

describeCluster("pruning", () => {
  test("deletes later stages first, and narrows the inventory when all is gone", async () => {
    await using bench = await applied();
    const summary = await bench.apply([kept(bench)]);
    expect(summary.outcomes.map(({ ref, outcome }) => [ref.kind, outcome])).toEqual([
      ["Service", "pruned"],
      ["ConfigMap", "pruned"],
    ]);
    expect((await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS]).toBe("ConfigMap");
  });

  test("waits for finalizers and names them; at the deadline it is blocked, earlier stages stay, and the inventory stays wide", async () => {
    await using bench = await applied();
    await bench.kubectl(
      "patch",
      "service/old",
      "--type=merge",
      "-p",
      '{"metadata":{"finalizers":["example.com/hold"]}}',
    );
    const deadline = new AbortController();
    const summary = await bench.run(await bench.plan([kept(bench)]), {
      signal: deadline.signal,
      onEvent: (event) => {
        if (event.type === "waiting") deadline.abort(new PlumblineError("PL-APPLY-TIMEOUT", { message: "too long" }));
      },
    });
    expect(summary.events.find((event) => event.type === "waiting")).toMatchObject({
      message: expect.stringContaining("finalizer example.com/hold"),
    });
    expect(summary.outcomes.find(({ ref }) => ref.kind === "Service")?.problem).toMatchObject({
      code: "PL-PRUNE-BLOCKED",
      message: expect.stringContaining("example.com/hold"),
    });
    expect(await bench.kubectl("get", "configmap/old", "-o", "name")).toContain("old");
    expect((await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS]).toBe("ConfigMap,Service");

    await bench.kubectl("patch", "service/old", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
    await until(
      "the service to go",
      async () => (await bench.kubectl("get", "service/old", "--ignore-not-found", "-o", "name")) === "",
    );
    await bench.apply([kept(bench)]);
    expect((await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS]).toBe("ConfigMap");
  });

  test("leaves alone an object that took the name after the plan was made", async () => {
    await using bench = await applied();
    const planned = await bench.plan([kept(bench)]);
    await bench.kubectl("delete", "configmap/old");
    await bench.kubectl("create", "configmap", "old", "--from-literal=by=somebody");
    expect(outcomesOf(await bench.run(planned))).toEqual([
      ["old", "pruned"],
      ["old", "pruned"],
    ]);
    expect(await bench.kubectl("get", "configmap/old", "-o", "jsonpath={.data.by}")).toBe("somebody");
  });
});
