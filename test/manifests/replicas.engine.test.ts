import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { describeEngine } from "../engine/index.ts";
import { at, inPod, named, rendered, selects, settingsOf } from "./overlay.ts";

describeEngine("manifests/replicas", () => {
  test("has several replicas that find, reach and know one another by flags that the program has", async () => {
    const objects = await rendered("replicas");
    const { replicas, listen } = await settingsOf(objects, ["replicas/token"]);
    expect(replicas).toMatchObject({ by: { kind: "leases" }, address: `http://10.1.2.3:${listen.port}` });
    const deployment = named(objects, "Deployment", "plumbline");
    const labels = at(deployment, "spec", "template", "metadata", "labels");
    expect(at(deployment, "spec")).toMatchObject({
      replicas: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0 } },
    });
    const policy = named(objects, "NetworkPolicy", "plumbline-replicas");
    expect(at(policy, "spec", "podSelector", "matchLabels")).toEqual(labels);
    for (const direction of ["ingress", "egress"] as const)
      expect(selects(policy, direction)).toEqual({ to: labels, port: listen.port });
    expect(at(named(objects, "PodDisruptionBudget", "plumbline"), "spec", "selector", "matchLabels")).toEqual(labels);
    for (const spread of inPod(deployment, "topologySpreadConstraints") as { labelSelector: unknown }[])
      expect(spread.labelSelector).toEqual({ matchLabels: labels });
    const withoutPods = (all: readonly KubeObject[]) => all.filter(({ kind }) => kind !== "Deployment");
    expect(objects).toEqual(expect.arrayContaining([...withoutPods(await rendered("deploy"))]));
  });
});
