import { expect, test } from "vitest";
import { servedKinds } from "../../src/cluster/served-kinds.ts";
import { unknownKindError } from "../../src/cluster/unknown-kind.ts";
import { lifecycleOf, parseApiVersion } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { openCluster } from "./clusters.ts";

const kindOf = (apiVersion: string, kind: string) => ({ ...parseApiVersion(apiVersion), kind });
const open = () => openCluster(sharedControlPlane().kubeconfigPath);

/** Groups of Kubernetes itself; other tests define kinds at the same time. */
const isBuiltIn = (group: string) => !group.includes(".") || group.endsWith(".k8s.io");

describeCluster("deprecated kinds", () => {
  test("are in our table exactly those of which the server warns, of all that it serves", async () => {
    const cluster = await open();
    const served = (await cluster.apiVersions()).filter(
      (name) => name.split("/").length > (/^v\d+\//.test(name) ? 1 : 2),
    );
    const warned: string[] = [];
    const listed: string[] = [];
    for (const name of served) {
      const at = name.lastIndexOf("/");
      const kind = kindOf(name.slice(0, at), name.slice(at + 1));
      if (!isBuiltIn(kind.group)) continue;
      const resource = await cluster.resource(kind);
      if (!resource.verbs.includes("list") || !resource.verbs.includes("watch")) continue;
      await cluster.live.follow(resource, "members");
      if (cluster.live.warnings(kind).length > 0) warned.push(name);
      if (lifecycleOf(kind) !== undefined) listed.push(name);
    }
    expect(listed).toEqual(warned);
    expect(warned).toEqual(["v1/Endpoints"]);
  });

  test("that are gone say what the server serves in their place, in whichever group, and what to change", async () => {
    const cluster = await open();
    await expect(cluster.resource(kindOf("extensions/v1beta1", "Ingress"))).rejects.toMatchObject({
      code: "PL-KIND-REMOVED",
      message:
        "the server does not serve extensions/v1beta1 Ingress (gone from Kubernetes 1.22 on); it serves Ingress as networking.k8s.io/v1",
      next: expect.stringMatching(/^use apiVersion: networking\.k8s\.io\/v1; every path needs pathType/),
    });
    await expect(cluster.resource(kindOf("autoscaling/v2beta2", "HorizontalPodAutoscaler"))).rejects.toMatchObject({
      message: expect.stringContaining("it serves HorizontalPodAutoscaler as autoscaling/v2, autoscaling/v1"),
    });
    await expect(cluster.resource(kindOf("policy/v1beta1", "PodSecurityPolicy"))).rejects.toMatchObject({
      code: "PL-KIND-REMOVED",
      message: "the server does not serve policy/v1beta1 PodSecurityPolicy (gone from Kubernetes 1.25 on)",
      next: expect.stringContaining("Pod Security Admission"),
    });
  });
});

test("a version that is in no table is told with the versions that are served", () => {
  const served = servedKinds([
    { group: "example.com", version: "v2", kind: "Widget", plural: "widgets", namespaced: true, verbs: [] },
  ]);
  expect(unknownKindError(kindOf("example.com/v1", "Widget"), served)).toMatchObject({
    code: "PL-KIND-REMOVED",
    message: "the server does not serve example.com/v1 Widget; it serves Widget as example.com/v2",
    next: "use apiVersion: example.com/v2",
  });
});
