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

/** Of groups that no definition brought along, every kind that can be applied. */
async function builtInKinds(plane: ControlPlaneClient): Promise<string[]> {
  const { groups } = await raw<{ groups: { name: string; versions: { groupVersion: string }[] }[] }>(plane, "/apis");
  const definitions = await raw<{ items: { spec: { group: string } }[] }>(
    plane,
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
  );
  const custom = new Set(definitions.items.map(({ spec }) => spec.group));
  const versions = groups
    .filter(({ name }) => !custom.has(name))
    .flatMap(({ name, versions }) => versions.map(({ groupVersion }) => ({ name, path: `/apis/${groupVersion}` })));
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
