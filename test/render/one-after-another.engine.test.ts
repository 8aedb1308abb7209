import { expect, test } from "vitest";
import { describeEngine, testEngine } from "../engine/index.ts";
import { chart, type Files, rendering, settings } from "./rendering.ts";

/** One thread renders one after the other: what one leaves behind in the module is nothing to the next. */
async function objects(files: Files, source = {}): Promise<unknown> {
  const { manifests, problems } = await rendering(files, { engine: testEngine(), source });
  return problems.length > 0 ? problems.map(({ code }) => code) : manifests.map(({ object }) => object);
}

const PIPELINE = `apiVersion: example.org/v1
kind: Pipeline
metadata: { name: a }
spec:
  steps:
    - { name: build, image: one }
    - { name: test, image: two }
`;
const PATCH = `apiVersion: example.org/v1
kind: Pipeline
metadata: { name: a }
spec:
  steps:
    - { name: test, image: three }
`;
const SCHEMA = JSON.stringify({
  definitions: {
    Pipeline: {
      "x-kubernetes-group-version-kind": [{ group: "example.org", version: "v1", kind: "Pipeline" }],
      properties: {
        spec: {
          properties: {
            steps: {
              type: "array",
              items: { type: "object" },
              "x-kubernetes-patch-merge-key": "name",
              "x-kubernetes-patch-strategy": "merge",
            },
          },
        },
      },
    },
  },
});

function pipeline(more = ""): Files {
  return {
    "web/kustomization.yaml": `resources: [a.yaml]\npatches: [{ path: p.yaml }]\n${more}`,
    "web/a.yaml": PIPELINE,
    "web/p.yaml": PATCH,
    "web/schema.json": SCHEMA,
  };
}

describeEngine("a render", () => {
  test("knows nothing of the schema that another kustomization has of its own", async () => {
    const before = await objects(pipeline());
    const merged = await objects(pipeline("openapi: { path: schema.json }\n"));
    expect(merged).toMatchObject([{ spec: { steps: [{ name: "test", image: "three" }, { name: "build" }] } }]);
    expect(before).toMatchObject([{ spec: { steps: [{ name: "test", image: "three" }] } }]);
    expect(await objects(pipeline())).toEqual(before);
  });

  test("knows nothing of a schema that could not be read to its end", async () => {
    const before = await objects(pipeline());
    const broken = { ...pipeline("openapi: { path: schema.json }\n"), "web/schema.json": SCHEMA.slice(0, -20) };
    expect(await objects(broken)).toEqual(["PL-KUSTOMIZE-BUILD"]);
    expect(await objects(pipeline())).toEqual(before);
  });

  test("has no part in what another was refused", async () => {
    const refused = { "web/kustomization.yaml": 'resources: ["https://example.org/a.yaml"]\n' };
    expect(await objects(refused)).toEqual(["PL-RENDER-REMOTE"]);
    expect(await objects({ "web/kustomization.yaml": "resources: [none.yaml]\n" })).toEqual(["PL-KUSTOMIZE-BUILD"]);
    expect(await objects(pipeline())).toHaveLength(1);
  });

  test("has no part in another's chance, versions and values", async () => {
    const chance = chart({ "a.yaml": settings("{ a: {{ randAlphaNum 5 | quote }} }") });
    const { warnings } = await rendering(chance, { engine: testEngine() });
    expect(warnings.join()).toContain("/data/a is another at each render");
    const version = chart({ "a.yaml": settings('{ a: "{{ .Capabilities.KubeVersion }} {{ .Values.x }}" }') });
    const own = { helm: { kubeVersion: "v1.20.0", set: ["x=1"] } };
    expect(await objects(version, own)).toMatchObject([{ data: { a: "v1.20.0 1" } }]);
    const next = await rendering(version, { engine: testEngine() });
    expect(next.manifests[0]?.object["data"]).not.toMatchObject({ a: expect.stringContaining("v1.20.0") });
    expect(next.warnings).toEqual([]);
  });

  test("inflates charts with the options of its own application", async () => {
    const files: Files = {
      "web/kustomization.yaml": "helmCharts: [{ name: c, releaseName: r }]\n",
      "web/charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
      "web/charts/c/templates/a.yaml": settings('{ a: "{{ .Capabilities.APIVersions.Has "x/v1" }}" }'),
    };
    expect(await objects(files, { helm: { apiVersions: ["x/v1"] } })).toMatchObject([{ data: { a: "true" } }]);
    expect(await objects(files)).toMatchObject([{ data: { a: "false" } }]);
  });
});
