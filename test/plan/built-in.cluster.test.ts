import { expect, test } from "vitest";
import { groupKindKey } from "../../src/model/index.ts";
import { STAGES } from "../../src/plan/index.ts";
import { type ControlPlaneClient, describeCluster, sharedControlPlane } from "../controlplane/index.ts";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

async function raw<T>(plane: ControlPlaneClient, path: string): Promise<T> {
  const { code, stdout, stderr } = await plane.kubectl(["get", "--raw", path]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

interface ApiService {
  readonly metadata: { readonly name: string; readonly labels?: { readonly [name: string]: string } };
  readonly spec: { readonly group?: string; readonly version?: string };
}

/**
 * Every kind of the server's own that can be applied. Groups that definitions brought along, other tests' among them, come and go.
 * Source: kube-aggregator, which marks the services that it makes at its start.
 */
async function builtInKinds(plane: ControlPlaneClient): Promise<string[]> {
  const services = await raw<{ items: readonly ApiService[] }>(plane, "/apis/apiregistration.k8s.io/v1/apiservices");
  const versions = services.items
    .filter(({ metadata }) => metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"] === "onstart")
    .filter(({ spec }) => (spec.group ?? "") !== "")
    .map(({ spec }) => ({ name: spec.group ?? "", path: `/apis/${spec.group}/${spec.version}` }));
  const found = [{ name: "", path: "/api/v1" }, ...versions].map(async ({ name: group, path }) => {
    const { resources } = await raw<{ resources: readonly Resource[] }>(plane, path);
    const applied = resources.filter(({ name, verbs }) => !name.includes("/") && verbs.includes("patch"));
    return applied.map(({ kind }) => groupKindKey({ group, kind }));
  });
  return [...new Set((await Promise.all(found)).flat())];
}

describeCluster("the stages", () => {
  test("have a place for every kind of the server's own", async () => {
    const placed = new Set<string>(STAGES.flatMap(({ kinds }) => kinds));
    const kinds = await builtInKinds(sharedControlPlane());
    expect(kinds.length).toBeGreaterThan(50);
    expect(kinds.filter((kind) => !placed.has(kind))).toEqual([]);
  });
});
