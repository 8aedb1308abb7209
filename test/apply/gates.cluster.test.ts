import { expect, test } from "vitest";
import { definition } from "../cluster/clusters.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { Bench, outcomesOf } from "./applied.ts";
import { Gate } from "./gate.ts";

/** Ends a run that waits in vain: without this a wrong wait would be a test that hangs. */
function patience(): AbortSignal {
  return AbortSignal.timeout(45_000);
}

function definitionOf(bench: Bench, plural: string, kind: string) {
  const { spec } = definition(`${bench.namespace}.example.com`, kind);
  return bench.manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", `${plural}.${spec.group}`, {
    spec: { ...spec, names: { ...spec.names, plural, singular: plural } },
  });
}

describeCluster("a server that answers badly for a moment while something is waited for", () => {
  test("ends no wave: the object is looked at again", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    await using bench = await Bench.open(gate.kubeconfig);
    // Limit ranges are not followed here, so that the server is asked.
    const first = bench.manifest("v1", "LimitRange", "first", { spec: { limits: [] } });
    const later = bench.manifest("v1", "ConfigMap", "later", {}, { annotations: { "plumbline.dev/wave": "1" } });
    let refused = 0;
    gate.refuseRead = (path) =>
      path.endsWith("/limitranges/first") && ++refused <= 2 ? { status: 503, reason: "ServiceUnavailable" } : undefined;
    const summary = await bench.run(await bench.plan([first, later]), { signal: patience() });
    expect(summary.problem).toBeUndefined();
    expect(outcomesOf(summary)).toEqual([
      ["first", "created"],
      ["later", "created"],
    ]);
    expect(refused).toBe(3);
  });

  test("ends no definition either", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    await using bench = await Bench.open(gate.kubeconfig);
    const gadgets = definitionOf(bench, "gadgets", "Gadget");
    let refused = 0;
    gate.refuseRead = (path) =>
      path.endsWith(`/${gadgets.ref.name}`) && ++refused <= 2
        ? { status: 503, reason: "ServiceUnavailable" }
        : undefined;
    const summary = await bench.run(await bench.plan([gadgets]), { signal: patience() });
    expect(summary).toMatchObject({ whole: true });
    expect(refused).toBeGreaterThan(2);
    await bench.kubectl("delete", "crd", gadgets.ref.name, "--wait=false");
  });
});

describeCluster("a definition whose names another one has", () => {
  test("is not waited for until the deadline: what comes after is skipped, with the server's reason", async () => {
    await using bench = await Bench.open();
    const first = definitionOf(bench, "gadgets", "Gadget");
    await bench.run(await bench.plan([first]), { signal: patience() });
    const second = definitionOf(bench, "widgets", "Gadget");
    const later = bench.manifest("v1", "ConfigMap", "later");
    const summary = await bench.run(await bench.plan([first, second, later]), { signal: patience() });
    expect(summary.problem).toMatchObject({
      code: "PL-APPLY-BLOCKED",
      message: expect.stringMatching(/widgets\..* is not served: .*already in use/),
    });
    expect(summary.outcomes.find(({ ref }) => ref.name === "later")).toMatchObject({
      outcome: "skipped",
      problem: { code: "PL-APPLY-BLOCKED" },
    });
    await bench.kubectl("delete", "crd", first.ref.name, second.ref.name, "--wait=false");
  });
});
