import { expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../src/model/index.ts";
import { createCatalogue, discoveryDocument } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { definition, version } from "./definitions.ts";

function discovered(path: string, { aggregated = false, catalogue = createCatalogue() } = {}): JsonObject | undefined {
  return discoveryDocument(catalogue, path.split("/").slice(1), { aggregated });
}

function objectsIn(document: JsonObject | undefined, field: string): JsonObject[] {
  const listed = document?.[field];
  return Array.isArray(listed) ? listed.filter(isJsonObject) : [];
}

test("the core group has one version, and a list of its resources without an apiVersion", () => {
  expect(discovered("/api")).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
  expect(Object.keys(discovered("/api/v1") ?? {})).toEqual(["kind", "groupVersion", "resources"]);
});

test("a resource is listed with its names and verbs, and its subresources after it", () => {
  const resources = objectsIn(discovered("/apis/apps/v1"), "resources");
  const verbs = ["get", "patch", "update"];
  expect(resources.filter(({ name }) => String(name).startsWith("deployments"))).toEqual([
    {
      name: "deployments",
      singularName: "deployment",
      namespaced: true,
      kind: "Deployment",
      verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
      shortNames: ["deploy"],
      categories: ["all"],
    },
    {
      name: "deployments/scale",
      singularName: "",
      namespaced: true,
      group: "autoscaling",
      version: "v1",
      kind: "Scale",
      verbs,
    },
    { name: "deployments/status", singularName: "", namespaced: true, kind: "Deployment", verbs },
  ]);
});

test("a group names its versions, the preferred one first", () => {
  const v2 = { groupVersion: "autoscaling/v2", version: "v2" };
  expect(discovered("/apis/autoscaling")).toEqual({
    kind: "APIGroup",
    apiVersion: "v1",
    name: "autoscaling",
    versions: [v2],
    preferredVersion: v2,
  });
});

test("the aggregated documents say the same as the single ones", () => {
  const items = ["/api", "/apis"].flatMap((path) => objectsIn(discovered(path, { aggregated: true }), "items"));
  const aggregated = items.flatMap((item) => {
    const group = isJsonObject(item["metadata"]) ? String(item["metadata"]["name"] ?? "") : "";
    return objectsIn(item, "versions").flatMap((one) =>
      objectsIn(one, "resources").map(({ resource }) => `${group}/${String(one["version"])}/${String(resource)}`),
    );
  });
  const single = createCatalogue()
    .all()
    .map(({ group, version: name, plural }) => `${group}/${name}/${plural}`);
  expect(aggregated).toEqual(single);
  expect(items.slice(0, 3).map(({ metadata }) => metadata)).toEqual([
    {},
    { name: "apiregistration.k8s.io" },
    { name: "apps" },
  ]);
});

test("there is nothing under other paths", () => {
  for (const path of ["/api/v2", "/apis/nothing", "/apis/apps/v9"]) expect(discovered(path)).toBeUndefined();
});

test("the groups of definitions stand behind the built-in ones, by name", () => {
  const catalogue = createCatalogue();
  for (const group of ["b.example.com", "a.example.com"])
    catalogue.define(definition({ "metadata.name": `crontabs.${group}`, "spec.group": group }));
  const names = objectsIn(discovered("/apis", { catalogue }), "groups").map(({ name }) => name);
  expect(names.slice(-2)).toEqual(["a.example.com", "b.example.com"]);
});

test("versions are ordered from the ripest to the rawest, and other names come last", () => {
  const names = ["foo1", "v1alpha1", "v2beta1", "v1", "v10beta3", "v11alpha2", "v3", "foo10"];
  const catalogue = createCatalogue();
  catalogue.define(
    definition({
      "spec.versions": names.map((name) => version(name, { storage: name === "v1" })),
      "spec.group": "g.io",
    }),
  );
  const versions = objectsIn(discovered("/apis/g.io", { catalogue }), "versions").map((one) => one["version"]);
  expect(versions).toEqual(["v3", "v1", "v10beta3", "v2beta1", "v11alpha2", "v1alpha1", "foo1", "foo10"]);
});
