import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileOpenApi } from "../../../src/model/index.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { schemaDifferences } from "./same-schema.ts";

const FOLDER = join(
  process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../../shared/conformance"),
  "openapi",
);
const CATALOGUE = createCatalogue();
const PATHS = [...new Set(CATALOGUE.all().map(({ group, version }) => pathOf(group, version)))];

function pathOf(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

const RECORDED = PATHS.map((path) => ({ path, file: join(FOLDER, `${path.replaceAll("/", "-")}.json`) })).filter(
  ({ file }) => existsSync(file),
);

describe.skipIf(RECORDED.length === 0)("recorded documents (PLUMB_CONFORMANCE names the folder)", () => {
  test.each(RECORDED)("$path gives every kind the schema that the server's own document gives it", ({ path, file }) => {
    const recorded = compileOpenApi(JSON.parse(readFileSync(file, "utf8")));
    for (const served of CATALOGUE.all().filter(({ group, version }) => pathOf(group, version) === path)) {
      const real = recorded.schema(served);
      expect(real, served.kind).toBeDefined();
      if (real !== undefined)
        expect(schemaDifferences(served.schema(), real).map((at) => served.kind + at)).toEqual([]);
    }
  });
});

test("every kind has a schema with fields, and is found under its plural and its kind", () => {
  for (const served of CATALOGUE.all()) {
    expect(served.schema().fieldNames(), served.kind).toEqual(
      expect.arrayContaining(["apiVersion", "kind", "metadata"]),
    );
    expect([CATALOGUE.find(served), CATALOGUE.byKind(served)]).toEqual([served, served]);
  }
});

test("merge keys, list types, defaults and quantities are those of the server", () => {
  const spec = CATALOGUE.byKind({ group: "apps", version: "v1", kind: "Deployment" })?.schema().field("spec");
  const pod = spec?.field("template")?.field("spec");
  const container = pod?.field("containers")?.items();
  expect(pod?.field("containers")).toMatchObject({
    listType: "map",
    keys: ["name"],
    patch: { merge: true, key: "name" },
  });
  expect(pod?.field("volumes")?.patch).toEqual({ merge: true, retainKeys: true, key: "name" });
  expect(container?.field("ports")).toMatchObject({
    keys: ["containerPort", "protocol"],
    patch: { merge: true, key: "containerPort" },
  });
  expect(container?.field("ports")?.items()?.field("protocol")?.default).toBe("TCP");
  expect(container?.field("args")).toMatchObject({ kind: "list", atomic: true });
  expect(container?.field("resources")?.field("limits")?.field("cpu")?.scalar).toBe("quantity");
  expect(spec?.field("selector")).toMatchObject({ kind: "struct", atomic: true });
  expect(spec?.required).toEqual(expect.arrayContaining(["selector", "template"]));
});

test("a document lists the patches that a kind understands, where kubectl looks for them", () => {
  const document = CATALOGUE.openApi("apis/apps/v1");
  const path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
  expect(document).toMatchObject({
    paths: {
      [path]: {
        patch: {
          "x-kubernetes-action": "patch",
          "x-kubernetes-group-version-kind": { group: "apps", version: "v1", kind: "Deployment" },
          parameters: expect.arrayContaining([expect.objectContaining({ name: "fieldValidation", in: "query" })]),
          requestBody: {
            content: { "application/strategic-merge-patch+json": {}, "application/apply-patch+yaml": {} },
          },
        },
      },
    },
  });
});

test("a document that nobody needs is not there", () => {
  expect(CATALOGUE.openApi("apis/nothing/v1")).toBeUndefined();
});
