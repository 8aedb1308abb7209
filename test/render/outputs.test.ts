import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/render/index.ts";
import { manifestsOfAnswer, templatePlace } from "../../src/render/outputs.ts";
import type { OutputOptions } from "../../src/render/types.ts";
import { configMap } from "./decoding.ts";

function options(over: Partial<OutputOptions> = {}): OutputOptions {
  return { kind: "helm", repo: "repo", revision: "r1", path: "apps/web", limits: DEFAULT_LIMITS, ...over };
}

test.each([
  ["apps/web", "shop/templates/deploy.yaml", "apps/web/templates/deploy.yaml"],
  ["apps/web", "shop/charts/db/templates/a.yaml", "apps/web/charts/db/templates/a.yaml"],
  ["apps/web", "shop/crds/a.yaml", "apps/web/crds/a.yaml"],
  [".", "shop/templates/deploy.yaml", "templates/deploy.yaml"],
  ["apps/web", "shared/values.yaml", "shared/values.yaml"],
  ["web-1.0.0.tgz", "web/templates/deploy.yaml", "web/templates/deploy.yaml"],
])("of the chart at %s, %s is %s", (path, template, place) => {
  expect(templatePlace(path)(template)).toBe(place);
});

test("a manifest knows the template and the line in what it made", () => {
  const text = `# made\n---\n${configMap()}`;
  const { manifests } = manifestsOfAnswer({ outputs: [{ file: "web/templates/a.yaml", text }] }, options());
  expect(manifests[0]?.origin).toEqual({ repo: "repo", revision: "r1", file: "apps/web/templates/a.yaml", line: 3 });
});

const TEST = configMap().replace("metadata: {", "metadata: { annotations: { helm.sh/hook: test },");

test("tests are left out of a chart, and kept in a kustomization and among definitions", () => {
  const outputs = [
    { file: "web/templates/a.yaml", text: configMap() },
    { file: "web/templates/t.yaml", text: TEST },
  ];
  expect(manifestsOfAnswer({ outputs }, options()).manifests).toHaveLength(1);
  expect(manifestsOfAnswer({ outputs }, options({ kind: "kustomize" })).manifests).toHaveLength(2);
  const crds = outputs.map((output) => ({ ...output, crd: true }));
  expect(manifestsOfAnswer({ outputs: crds }, options()).manifests).toHaveLength(2);
});

test("nothing at all is an error: a slip must not look like a deletion", () => {
  expect(manifestsOfAnswer({ outputs: [] }, options()).problems).toMatchObject([
    { code: "PL-PATH-EMPTY", message: "the chart gives no object", where: "apps/web" },
  ]);
});

test("too much text is refused before it is read", () => {
  const limits = { ...DEFAULT_LIMITS, totalBytes: 100 };
  const outputs = [{ file: "a", text: "{".repeat(101) }];
  expect(manifestsOfAnswer({ outputs }, options({ limits })).problems).toMatchObject([
    { code: "PL-RENDER-TOO-LARGE", message: "what is rendered has 101 characters; at most 100 are read" },
  ]);
});

test("too many objects are refused, in however many files", () => {
  const limits = { ...DEFAULT_LIMITS, documents: 3 };
  const outputs = ["a", "b", "c", "d"].map((name) => ({ file: name, text: configMap("", name) }));
  const { manifests, problems } = manifestsOfAnswer({ outputs }, options({ limits, kind: "kustomize" }));
  expect([manifests, problems.map(({ code }) => code)]).toEqual([[], ["PL-YAML-TOO-MANY"]]);
});
