import { expect, test } from "vitest";
import { PlumblineError } from "../../src/model/index.ts";
import { definition } from "../cluster/clusters.ts";
import { describeCluster } from "../controlplane/index.ts";
import { Bench, outcomesOf } from "./applied.ts";

const wave = (value: string) => ({ annotations: { "plumbline.dev/wave": value } });

/** Ends a run that waits: without this a wrong wait would be a test that hangs. */
function patience(): AbortSignal {
  return AbortSignal.timeout(45_000);
}

describeCluster("waves", () => {
  test("of objects that are well as soon as they are there follow each other without a wait", async () => {
    await using bench = await Bench.open();
    const summary = await bench.run(
      await bench.plan([
        bench.manifest("v1", "ConfigMap", "last", {}, wave("2")),
        bench.manifest("v1", "Secret", "first", {}, wave("-1")),
        bench.manifest("v1", "ConfigMap", "middle"),
      ]),
      { signal: patience() },
    );
    expect(outcomesOf(summary)).toEqual([
      ["first", "created"],
      ["middle", "created"],
      ["last", "created"],
    ]);
    expect(summary.events.map(({ type }) => type)).not.toContain("waiting");
  });

  test("are waited for even where nothing of the earlier one is written", async () => {
    await using bench = await Bench.open();
    const labels = { app: "web" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "i" }] } };
    const deployment = bench.manifest("apps/v1", "Deployment", "first", {
      spec: { selector: { matchLabels: labels }, template },
    });
    await bench.cluster.live.follow(
      await bench.cluster.resource({ group: "apps", version: "v1", kind: "Deployment" }),
      "members",
    );
    await bench.apply([deployment]);
    const { plan, objects } = await bench.plan([
      deployment,
      bench.manifest("v1", "ConfigMap", "second", {}, wave("1")),
    ]);
    const unchanged = plan.steps.map((step) =>
      step.ref.name === "first" ? { ...step, action: "none" as const } : step,
    );
    const deadline = new AbortController();
    const summary = await bench.run(
      { plan: { ...plan, steps: unchanged }, objects },
      {
        signal: deadline.signal,
        onEvent: ({ type }) => {
          if (type === "waiting") deadline.abort(new PlumblineError("PL-APPLY-TIMEOUT", { message: "too long" }));
        },
      },
    );
    expect(outcomesOf(summary)).toEqual([["second", "skipped"]]);
  });

  test("do not wait for an object that the policy keeps from being made", async () => {
    await using bench = await Bench.open();
    const { plan, objects } = await bench.plan([
      bench.manifest("v1", "ConfigMap", "withheld"),
      bench.manifest("v1", "ConfigMap", "healed", {}, wave("1")),
    ]);
    const steps = plan.steps.map((step) =>
      step.ref.name === "withheld" ? { ...step, action: "none" as const } : step,
    );
    const summary = await bench.run({ plan: { ...plan, steps }, objects }, { signal: patience() });
    expect(outcomesOf(summary)).toEqual([["healed", "created"]]);
  });
});

describeCluster("a definition that gets another version", () => {
  test("is served in it before an object of that version is sent", async () => {
    await using bench = await Bench.open();
    const group = `${bench.namespace}.example.com`;
    const { metadata, spec } = definition(group, "Widget");
    const crd = (versions: readonly object[]) =>
      bench.manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", metadata.name, {
        spec: { ...spec, versions },
      });
    const widget = (version: string) =>
      bench.manifest(`${group}/${version}`, "Widget", `of-${version}`, { spec: { size: 1 } });
    const [v1] = spec.versions;
    if (v1 === undefined) throw new Error("a definition has a version");
    expect((await bench.run(await bench.plan([crd([v1]), widget("v1")]), { signal: patience() })).whole).toBe(true);
    const v2 = { ...v1, name: "v2", storage: false };
    const summary = await bench.run(await bench.plan([crd([v1, v2]), widget("v2")]), { signal: patience() });
    expect(summary.problem).toBeUndefined();
    expect(outcomesOf(summary)).toEqual([
      [metadata.name, "configured"],
      ["of-v2", "created"],
    ]);
    await bench.kubectl("delete", "crd", metadata.name, "--wait=false");
  });
});
