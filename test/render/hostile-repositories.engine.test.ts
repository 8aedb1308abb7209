import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { PlumblineError } from "../../src/model/index.ts";
import { createRenderer, type RenderInput, type RenderResult } from "../../src/render/index.ts";
import type { Snapshot } from "../../src/source/index.ts";
import { describeEngine, testEngine } from "../engine/index.ts";
import type { Changes } from "../git-server/index.ts";
import { tarGzip } from "../source/charts/chart-archive.ts";
import { bench, look } from "../source/workbench.ts";
import { settings } from "./rendering.ts";

const CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n";
const BASE = { "base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": settings("{ a: one }") };

function inputOf(snapshot: Snapshot, source: RenderInput["source"] = {}): RenderInput {
  return { snapshot, source, release: { name: "web", namespace: "shop", revision: 1, isUpgrade: false } };
}

/** What a repository gives at web, with what was thrown among the problems. */
async function rendered(files: Changes, source: RenderInput["source"] = {}, path = "web"): Promise<RenderResult> {
  const { repo, store } = await bench(files);
  return await createRenderer({ engine: testEngine() }).render(inputOf(await look(store, { repo, path }), source));
}

async function codes(files: Changes, source: RenderInput["source"] = {}, path = "web"): Promise<string[]> {
  const { problems } = await rendered(files, source, path);
  for (const { message, where } of problems) expect(`${where} ${message}`).not.toMatch(/\/@|\/tmp\//);
  return problems.map(({ code }) => code);
}

describeEngine("a repository's links", () => {
  const out = { link: "../../../etc/passwd" };

  test.each([
    ["a file of values", { "web/Chart.yaml": CHART, "web/v.yaml": out }, { helm: { valueFiles: ["v.yaml"] } }],
    ["a template", { "web/Chart.yaml": CHART, "web/templates/a.yaml": out }, {}],
    ["an absolute template", { "web/Chart.yaml": CHART, "web/templates/a.yaml": { link: "/etc/passwd" } }, {}],
    ["a generator", { "web/kustomization.yaml": "configMapGenerator: [{ name: a, files: [f] }]\n", "web/f": out }, {}],
    ["a base", { "web/kustomization.yaml": "resources: [b]\n", "web/b": { link: "../../../etc" } }, {}],
    [
      "a patch",
      { ...BASE, "web/kustomization.yaml": "resources: [../base]\npatches: [{ path: f }]\n", "web/f": out },
      {},
    ],
  ] satisfies [string, Changes, RenderInput["source"]][])(
    "lead nowhere outside of it through %s",
    async (_what, files, source) => {
      expect(await codes(files, source)).toEqual(["PL-LINK-ESCAPES"]);
    },
  );

  test("are refused where they double the files level by level", async () => {
    const files: Changes = { "web/Chart.yaml": CHART, "l30/f": "" };
    for (let level = 0; level < 30; level++) {
      for (const name of ["a", "b"]) Object.assign(files, { [`l${level}/${name}`]: { link: `../l${level + 1}` } });
    }
    Object.assign(files, { "web/files": { link: "../l0" } });
    expect((await codes(files)).join()).toMatch(/^PL-(LINK-LOOP|RENDER-TOO-LARGE)$/);
  });

  test("that are followed are looked at again: what is new behind them is rendered", async () => {
    const more = { "web/Chart.yaml": 'dependencies: [{ name: sub, version: 1.0.0, repository: "file://../sub" }]\n' };
    const { repo, store } = await bench({
      "web/Chart.yaml": CHART + more["web/Chart.yaml"],
      "sub/Chart.yaml": CHART.replace("web", "sub"),
      "sub/templates": { link: "../shared" },
      "shared/a.yaml": settings("{}", "one"),
    });
    const renderer = createRenderer({ engine: testEngine() });
    const names = async (): Promise<string[]> => {
      const { manifests } = await renderer.render(inputOf(await look(store, { repo, path: "web" })));
      return manifests.map(({ object }) => object.metadata.name);
    };
    expect(await names()).toEqual(["one"]);
    await repo.commit({ "shared/b.yaml": settings("{}", "two") });
    expect(await names()).toEqual(["one", "two"]);
  });
});

describeEngine("an archive that is the application", () => {
  const of = (archive: Buffer): Changes => ({ "web.tgz": archive });

  test("is rendered as its folder would be", async () => {
    const archive = tarGzip({ "web/Chart.yaml": CHART, "web/templates/a.yaml": settings("{}") });
    expect((await rendered(of(archive), {}, "web.tgz")).manifests).toHaveLength(1);
  });

  test.each([
    ["climbs", { "web/Chart.yaml": CHART, "web/../../evil": "" }],
    ["names a drive", { "web/Chart.yaml": CHART, "C:/evil": "" }],
    ["names a drive with backslashes", { "web/Chart.yaml": CHART, "c:\\evil": "" }],
    ["has many archives that are small each", bombs(30)],
  ])("is refused when it %s", async (_what, entries) => {
    expect(await codes(of(tarGzip(entries)), {}, "web.tgz")).toEqual(["PL-HELM-ARCHIVE"]);
  });

  test("of a gigabyte of zeros is refused", async () => {
    const zeros = gzipSync(Buffer.alloc(2 ** 28));
    const bytes = Buffer.concat([zeros, zeros, zeros, zeros]);
    expect((await codes(of(bytes), {}, "web.tgz")).join()).toMatch(/^PL-HELM-(ARCHIVE|CHART)$/);
  });

  test("below an unpacked subchart is looked into as well", async () => {
    const files = { "web/Chart.yaml": CHART, "web/charts/sub/Chart.yaml": CHART.replace("web", "sub") };
    const evil = tarGzip({ "evil/Chart.yaml": CHART, "/etc/evil": "" });
    expect(await codes({ ...files, "web/charts/sub/charts/evil.tgz": evil })).toEqual(["PL-HELM-ARCHIVE"]);
  });

  test("that is no chart's lies beside in peace", async () => {
    const files = { "web/Chart.yaml": CHART, "web/templates/a.yaml": settings("{}") };
    expect(await codes({ ...files, "web/files/charts/x.tgz": "no archive" })).toEqual([]);
  });
});

/** Archives of a megabyte of nothing in one. */
function bombs(count: number): { [path: string]: string | Uint8Array } {
  const sub = tarGzip({ "sub/Chart.yaml": CHART, "sub/zeros": Buffer.alloc(2 ** 20) });
  const charts = Array.from({ length: count }, (_, index) => [`web/charts/s${index}.tgz`, sub]);
  return { "web/Chart.yaml": CHART, ...Object.fromEntries(charts) };
}

describeEngine("a repository that goes away", () => {
  test("while a file is looked for makes no other render", async () => {
    const { repo, store } = await bench({ ...BASE, "web/kustomization.yaml": "resources: [../base]\n" });
    const snapshot = await look(store, { repo, path: "web" });
    const away = new PlumblineError("PL-GIT-UNREACHABLE", { message: "no answer" });
    const entry: Snapshot["entry"] = async (path) => {
      if (path === "base/kustomization.yml") throw away;
      return await snapshot.entry(path);
    };
    const renderer = createRenderer({ engine: testEngine() });
    await expect(renderer.render(inputOf({ ...snapshot, entry }))).rejects.toMatchObject({ code: away.code });
    expect((await renderer.render(inputOf(snapshot))).problems).toEqual([]);
  });
});

describeEngine("what may not be fetched", () => {
  test("is fetched as soon as it may be, after a restart that allows it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plumb-renders-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const url = "https://files.example/a.yaml";
    const { repo, store } = await bench({ "web/kustomization.yaml": `resources: ["${url}"]\n` });
    const input = inputOf(await look(store, { repo, path: "web" }));
    const renderer = (resources = {}) => createRenderer({ engine: testEngine(), disk: { folder }, resources });
    const [problem] = (await renderer().render(input)).problems;
    expect([problem?.code, problem?.next]).toEqual(["PL-RENDER-REMOTE", expect.stringContaining("--remote-sources")]);
    const get = async () => Buffer.from(settings("{ a: far }"));
    expect((await renderer({ get }).render(input)).manifests).toHaveLength(1);
  });
});
