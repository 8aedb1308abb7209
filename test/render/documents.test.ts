import { expect, test } from "vitest";
import { configMap, dataOf, decodeText, findings } from "./decoding.ts";

const named = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
const placesOf = (text: string, file?: string): string[] =>
  decodeText(text, file === undefined ? {} : { file }).manifests.map(
    ({ ref, origin }) => `${ref.kind} ${ref.name}:${origin.line}`,
  );

test("every document knows the line of its first key", () => {
  const text = `# licence\n\n---\n# the first\n${named("a")}--- # the second\n\n${named("b")}---\n${named("c")}`;
  expect(placesOf(text)).toEqual(["ConfigMap a:5", "ConfigMap b:10", "ConfigMap c:14"]);
});

test("a manifest carries its origin, its ref and the object as written", () => {
  const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec: { replicas: 3 }\n`;
  expect(decodeText(text)).toEqual({
    manifests: [
      {
        ref: { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web" },
        object: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "web", namespace: "shop" },
          spec: { replicas: 3 },
        },
        origin: { repo: "repo", revision: "r1", file: "web.yaml", line: 1 },
      },
    ],
    problems: [],
    warnings: [],
  });
});

test("documents that are empty, comments only or null say nothing", () => {
  expect(placesOf(`---\n---\n# c\n---\nnull\n---\n${named("a")}---\n`)).toEqual(["ConfigMap a:7"]);
  expect(decodeText("# nothing\n")).toEqual({ manifests: [], problems: [], warnings: [] });
});

test("a document goes on behind its end mark, where kubectl would drop what follows", () => {
  expect(placesOf(`${named("a")}...\n${named("b")}`)).toEqual(["ConfigMap a:1", "ConfigMap b:5"]);
});

test("dashes inside of a block scalar separate nothing unless they begin the line", () => {
  expect(dataOf(configMap("  a: |\n    x\n    ---\n    y"))).toEqual({ a: "x\n---\ny\n" });
  expect(placesOf(`${named("a")}data:\n  a: |\n    x\n---\n${named("b")}`)).toEqual(["ConfigMap a:1", "ConfigMap b:8"]);
});

test("one broken document hides no problem and no manifest of the others", () => {
  const text = `${named("a")}---\na: b: c\n---\n${named("b")}---\nkind: Pod\n`;
  const decoded = decodeText(text);
  expect(decoded.manifests.map(({ ref }) => ref.name)).toEqual(["a", "b"]);
  expect(findings(decoded)).toEqual(["PL-YAML-SYNTAX web.yaml:5", "PL-MANIFEST-INCOMPLETE web.yaml:11"]);
});

test("a byte order mark and line ends of Windows change nothing", () => {
  const text = `\ufeff${configMap("  a: |\n    x\n    y")}---\n${named("b")}`.replaceAll("\n", "\r\n");
  const { manifests, problems } = decodeText(text);
  expect(problems).toEqual([]);
  expect(manifests.map(({ object, origin }) => [object["data"], origin.line])).toEqual([
    [{ a: "x\ny\n" }, 1],
    [undefined, 9],
  ]);
});

test("List kinds are taken apart, and items know their own lines", () => {
  const item = (name: string): string => `- apiVersion: v1\n  kind: ConfigMap\n  metadata: { name: ${name} }\n`;
  expect(placesOf(`apiVersion: v1\nkind: List\nitems:\n${item("a")}# c\n${item("b")}`)).toEqual([
    "ConfigMap a:4",
    "ConfigMap b:8",
  ]);
});

test("items of a typed list have its kind and version where they have none of their own", () => {
  const text = "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: { name: a }\n";
  expect(decodeText(text).manifests[0]?.ref).toEqual({ group: "apps", version: "v1", kind: "Deployment", name: "a" });
});

test("lists in lists are taken apart too, up to a bound", () => {
  const nested = (levels: number): string => {
    const inner = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';
    return '{"apiVersion":"v1","kind":"List","items":['.repeat(levels) + inner + "]}".repeat(levels);
  };
  expect(placesOf(nested(3))).toEqual(["ConfigMap a:1"]);
  expect(findings(decodeText(nested(12)))).toEqual(["PL-MANIFEST-INVALID web.yaml:1"]);
});

test("an empty List is nothing, and a List without items is an error", () => {
  expect(decodeText("apiVersion: v1\nkind: List\nitems: []\n").problems).toEqual([]);
  expect(findings(decodeText("apiVersion: v1\nkind: List\nitmes: []\n"))).toEqual(["PL-MANIFEST-INVALID web.yaml:1"]);
});

test("merge keys are read as kubectl reads them: what comes later wins", () => {
  expect(dataOf(configMap("  <<: {a: 1}\n  a: 2"))).toEqual({ a: 2 });
  expect(dataOf(configMap("  <<: [{a: 1}, {a: 3, b: 4}]"))).toEqual({ a: 1, b: 4 });
  const after = decodeText(configMap("  a: 2\n  <<: {a: 1}"));
  expect(after.manifests[0]?.object["data"]).toEqual({ a: 1 });
  expect(after.warnings).toEqual([expect.stringContaining('web.yaml:6: "<<" comes after "a"')]);
});

test("anchors and aliases give their values", () => {
  expect(dataOf(configMap("  a: &x { b: [1, 2] }\n  c: *x\n  d: { <<: *x, e: 3 }"))).toEqual({
    a: { b: [1, 2] },
    c: { b: [1, 2] },
    d: { b: [1, 2], e: 3 },
  });
});

test("empty labels, annotations and namespace are none", () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  namespace: ""\n  labels:\n  annotations:\n';
  const [manifest] = decodeText(text).manifests;
  expect(manifest?.object.metadata).toEqual({ name: "a" });
  expect(manifest?.ref).toEqual({ group: "", version: "v1", kind: "Pod", name: "a" });
});
