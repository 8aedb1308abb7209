import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import type { Engine } from "../../src/render/index.ts";
import { describeEngine, newEngine } from "../engine/index.ts";
import { tarGzip } from "../source/charts/chart-archive.ts";
import { chart, type Files, rendering, renderingOf, repositoryOf, settings } from "./rendering.ts";

let shared: Engine | undefined;
const engineOf = (): Engine => {
  shared ??= newEngine({ deadlineMs: 5000 });
  return shared;
};
afterAll(() => shared?.close());

const WEB = chart({ "a.yaml": settings('{ a: "{{ .Values.a }}" }') }, "a: one\n");
const PARENT = "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: sub, version: 1.0.0 }]\n";
const SUB = { "sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n" };

async function code(files: Files, options: Partial<Parameters<typeof rendering>[1]> = {}): Promise<string> {
  const { problems } = await rendering(files, { engine: engineOf(), ...options });
  for (const { message, where } of problems) expect(`${where} ${message}`).not.toMatch(/\/@|plumb-render-/);
  return problems[0]?.code ?? "no problem";
}

describeEngine("a file of values", () => {
  test.each([
    ["../../outside.yaml", "PL-RENDER-OUTSIDE"],
    ["/../outside.yaml", "PL-RENDER-OUTSIDE"],
    ["/etc/passwd", "PL-HELM-VALUES"],
    ["$nowhere/values.yaml", "PL-RENDER-OUTSIDE"],
    ["missing.yaml", "PL-HELM-VALUES"],
  ])("%s is refused", async (file, expected) => {
    expect(await code(WEB, { source: { helm: { valueFiles: [file] } } })).toBe(expected);
  });

  test("of ten megabytes is refused", async () => {
    const files = { ...WEB, "web/big.yaml": `a: ${"x".repeat(10 * 2 ** 20)}\n` };
    expect(await code(files, { source: { helm: { valueFiles: ["big.yaml"] } } })).toBe("PL-RENDER-TOO-LARGE");
  });

  test("of aliases that multiply is refused", async () => {
    const laughs = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'l0: &l0 ["ha"]'
        : `l${level}: &l${level} [${Array(10)
            .fill(`*l${level - 1}`)
            .join(", ")}]`,
    );
    const files = { ...WEB, "web/laughs.yaml": `${laughs.join("\n")}\n` };
    expect(await code(files, { source: { helm: { valueFiles: ["laughs.yaml"] } } })).toBe("PL-HELM-VALUES");
  });

  test("that a link leads out of the repository to is refused", async () => {
    const root = repositoryOf(WEB);
    symlinkSync("/etc/hostname", join(root, "web/link.yaml"));
    const source = { helm: { valueFiles: ["link.yaml"] } };
    const { problems } = await renderingOf(root, { engine: engineOf(), source });
    expect(problems[0]?.code).toBe("PL-LINK-ESCAPES");
  });
});

describeEngine("an archive in charts/", () => {
  const packed = (name: string, archive: Uint8Array): Files => ({
    "web/Chart.yaml": PARENT,
    [`web/charts/${name}`]: archive,
  });

  test.each([
    ["an entry above itself", { ...SUB, "sub/../../evil.yaml": "a: 1" }],
    ["an absolute entry", { ...SUB, "/etc/evil": "a: 1" }],
    ["an entry that climbs in backslashes", { ...SUB, "sub\\..\\..\\evil.yaml": "a: 1" }],
    ["a file beyond five megabytes", { ...SUB, "sub/big.txt": "x".repeat(6 * 2 ** 20) }],
    [
      "more than 24 megabytes",
      Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`sub/f${i}.txt`, "x".repeat(2 * 2 ** 20)])),
    ],
    ["more than ten thousand entries", Object.fromEntries(Array.from({ length: 10_002 }, (_, i) => [`sub/f${i}`, ""]))],
    ["a tower of folders", { ...SUB, [`sub/${"d/".repeat(40)}f`]: "" }],
  ])("with %s is refused", async (_what, entries) => {
    expect(await code(packed("sub-1.0.0.tgz", tarGzip(entries)))).toBe("PL-HELM-ARCHIVE");
  });

  test("that is a bomb of zeros is refused", async () => {
    expect(await code(packed("sub-1.0.0.tgz", gzipSync(Buffer.alloc(64 * 2 ** 20))))).toMatch(
      /^PL-HELM-(ARCHIVE|CHART)$/,
    );
  });

  test("with archives in archives is refused", async () => {
    let archive = tarGzip(SUB);
    for (let level = 0; level < 12; level++) archive = tarGzip({ ...SUB, [`sub/charts/s${level}.tgz`]: archive });
    expect(await code(packed("sub-1.0.0.tgz", archive))).toBe("PL-HELM-ARCHIVE");
  });

  test("that is none is refused", async () => {
    expect(await code(packed("sub-1.0.0.tgz", Buffer.from("no archive")))).toBe("PL-HELM-ARCHIVE");
  });
});

describeEngine("a schema of values", () => {
  test.each(["http://127.0.0.1:1/schema.json", "file:///etc/passwd"])("that refers to %s is refused", async (url) => {
    const schema = JSON.stringify({ properties: { a: { $ref: url } } });
    expect(await code({ ...WEB, "web/values.schema.json": schema })).toMatch(/^PL-(RENDER-REMOTE|HELM-CHART)$/);
  });
});

describeEngine("a kustomization", () => {
  const base = { "base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": settings("{}") };
  const web = (text: string, more: Files = {}): Files => ({ ...base, "web/kustomization.yaml": text, ...more });

  test.each([
    ["whose base is itself", web("resources: [.]\n")],
    [
      "whose base leads back to it",
      web("resources: [../other]\n", { "other/kustomization.yaml": "resources: [../web]\n" }),
    ],
    [
      "whose component leads back to it",
      web("components: [../other]\n", { "other/kustomization.yaml": "kind: Component\ncomponents: [../web]\n" }),
    ],
    [
      "with a container function",
      web("resources: [../base]\ntransformers: [f.yaml]\n", {
        "web/f.yaml":
          "apiVersion: x/v1\nkind: F\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      container: { image: evil }\n",
      }),
    ],
    [
      "with a function that is a program",
      web("resources: [../base]\ntransformers: [f.yaml]\n", {
        "web/f.yaml":
          "apiVersion: x/v1\nkind: F\nmetadata:\n  name: f\n  annotations:\n    config.kubernetes.io/function: |\n      exec: { path: /bin/sh }\n",
      }),
    ],
    [
      "with a plugin of nobody",
      web("resources: [../base]\ngenerators: [g.yaml]\n", {
        "web/g.yaml": "apiVersion: evil/v1\nkind: Generator\nmetadata: { name: g }\n",
      }),
    ],
  ])("%s is refused", async (_what, files) => {
    expect(await code(files)).toMatch(/^PL-KUSTOMIZE-(BUILD|PLUGIN)$/);
  });

  test.each([
    ["a generator", "configMapGenerator: [{ name: a, files: [../../../../../../etc/passwd] }]\n"],
    ["an absolute path of a generator", "configMapGenerator: [{ name: a, files: [/etc/passwd] }]\n"],
    ["a patch", "resources: [../base]\npatches: [{ path: ../../../../../../etc/passwd }]\n"],
    ["openapi", "resources: [../base]\nopenapi: { path: ../../../../../../etc/passwd }\n"],
    ["a base", "resources: [../../../../../../etc]\n"],
    ["chartHome", "helmGlobals: { chartHome: ../../../../../../etc }\nhelmCharts: [{ name: web, releaseName: a }]\n"],
  ])("that would read outside the repository through %s is refused", async (_what, text) => {
    expect(await code(web(text))).toMatch(/^PL-(RENDER-OUTSIDE|KUSTOMIZE-BUILD)$/);
  });

  test("that a link leads out of the repository from is refused", async () => {
    const root = repositoryOf(web("configMapGenerator: [{ name: a, files: [link] }]\n"));
    symlinkSync("/etc/hostname", join(root, "web/link"));
    const { problems, manifests } = await renderingOf(root, { engine: engineOf() });
    expect([problems[0]?.code, manifests]).toEqual(["PL-LINK-ESCAPES", []]);
  });

  test("whose definitions refer to each other in a circle ends with a code", async () => {
    const type = (other: string) => ({ properties: { spec: { $ref: other }, kind: {}, apiVersion: {}, metadata: {} } });
    const crds = JSON.stringify({
      A: { Schema: type("B"), Dependencies: ["B"] },
      B: { Schema: type("A"), Dependencies: ["A"] },
    });
    const files = web("resources: [../base]\ncrds: [types.json]\n", { "web/types.json": crds });
    expect(await code(files)).toMatch(/^PL-(RENDER-(MEMORY|TIMEOUT|DEPTH|FAULT)|KUSTOMIZE-BUILD)$/);
    expect(await code(web("resources: [../base]\n"))).toBe("no problem");
  }, 30_000);
});
