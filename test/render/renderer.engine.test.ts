import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createRenderer, type Engine, type RenderInput } from "../../src/render/index.ts";
import type { SourceStore } from "../../src/source/index.ts";
import { describeEngine, testEngine } from "../engine/index.ts";
import type { Changes, GitRepository } from "../git-server/index.ts";
import { gitServer, sourceStore } from "../source/workbench.ts";
import { chart, settings } from "./rendering.ts";

/** The test's engine, which counts. */
function counted(): Engine & { renders: number } {
  const engine = {
    renders: 0,
    version: () => testEngine().version(),
    close: async () => undefined,
    render: (...job: Parameters<Engine["render"]>) => {
      engine.renders++;
      return testEngine().render(...job);
    },
  };
  return engine;
}

interface Place {
  readonly store: SourceStore;
  readonly repository: GitRepository;
}

async function place(files: Changes): Promise<Place> {
  const server = await gitServer();
  return { repository: await server.createRepository("apps", files), store: await sourceStore() };
}

async function inputOf(
  { store, repository }: Place,
  path: string,
  more: Partial<RenderInput> = {},
): Promise<RenderInput> {
  await store.poll(repository.url);
  const resolution = await store.resolve({ repo: repository.url, ref: "main" });
  const snapshot = await store.snapshot({ repo: repository.url, path }, resolution);
  return { snapshot, release: { name: "web", namespace: "shop", revision: 1, isUpgrade: false }, ...more };
}

const OVERLAY = {
  "base/kustomization.yaml": "resources: [a.yaml]\n",
  "base/a.yaml": settings('{ a: "1" }'),
  "web/kustomization.yaml": "resources: [../base]\nnamePrefix: web-\n",
};

describeEngine("a renderer", () => {
  test("renders a kustomization anew when its base outside the path has moved, and not when something else has", async () => {
    const engine = counted();
    const renderer = createRenderer({ engine });
    const where = await place(OVERLAY);
    const first = await renderer.render(await inputOf(where, "web"));
    await where.repository.commit({ "README.md": "Hello" });
    const same = await renderer.render(await inputOf(where, "web"));
    expect([engine.renders, same.key]).toEqual([1, first.key]);
    expect(same.manifests[0]?.origin.revision).not.toBe(first.manifests[0]?.origin.revision);
    await where.repository.commit({ "base/a.yaml": settings('{ a: "2" }') });
    const moved = await renderer.render(await inputOf(where, "web"));
    expect([engine.renders, moved.manifests[0]?.object["data"]]).toEqual([2, { a: "2" }]);
    expect(moved.key).not.toBe(first.key);
  });

  test("renders a kustomization anew when a file appears where it had looked for one", async () => {
    const renderer = createRenderer({ engine: counted() });
    const where = await place(OVERLAY);
    expect((await renderer.render(await inputOf(where, "web"))).problems).toEqual([]);
    await where.repository.commit({ "base/kustomization.yml": "resources: [a.yaml]\n" });
    expect((await renderer.render(await inputOf(where, "web"))).problems).toMatchObject([
      { code: "PL-KUSTOMIZE-BUILD" },
    ]);
  });

  test("renders charts anew when the cluster serves something else, and kustomizations not", async () => {
    const engine = counted();
    const renderer = createRenderer({ engine });
    const template = settings('{ a: "{{ .Capabilities.APIVersions.Has "x/v1" }}" }');
    const where = await place({
      ...OVERLAY,
      ...Object.fromEntries(
        Object.entries(chart({ "a.yaml": template })).map(([path, text]) => [`charts/${path}`, String(text)]),
      ),
    });
    const serving = (...apiVersions: string[]): Partial<RenderInput> => ({
      cluster: { capabilities: async () => ({ kubeVersion: "v1.33.0", apiVersions }) },
    });
    for (const more of [serving("v1"), serving("v1"), serving("v1", "x/v1")]) {
      await renderer.render(await inputOf(where, "web", more));
      await renderer.render(await inputOf(where, "charts/web", more));
    }
    expect(engine.renders).toBe(3);
  });

  test("renders once for all who ask at once, and once more for another release", async () => {
    const engine = counted();
    const renderer = createRenderer({ engine });
    const where = await place(chart({ "a.yaml": settings('{ a: "{{ .Release.Name }}" }') }) as Changes);
    const input = await inputOf(where, "web");
    await Promise.all([1, 2, 3, 4].map(() => renderer.render(input)));
    expect(engine.renders).toBe(1);
    await renderer.render({ ...input, release: { ...input.release, name: "other" } });
    expect(engine.renders).toBe(2);
  });

  test("renders nothing after a restart, but for what had looked live objects up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plumb-renders-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const lookup = settings('{ a: "{{ lookup "v1" "ConfigMap" "shop" "b" | len }}" }');
    const where = await place({
      ...OVERLAY,
      ...(chart({ "a.yaml": lookup }) as Changes),
      "web/Chart.yaml": null,
      ...Object.fromEntries([
        ["live/Chart.yaml", "apiVersion: v2\nname: live\nversion: 1.0.0\n"],
        ["live/templates/a.yaml", lookup],
      ]),
    });
    const renders = async (): Promise<number> => {
      const engine = counted();
      const renderer = createRenderer({ engine, disk: { folder } });
      for (const path of ["web", "live"]) await renderer.render(await inputOf(where, path));
      return engine.renders;
    };
    expect([await renders(), await renders()]).toEqual([2, 1]);
  });

  test("renders one of a thousand charts after a commit that touches one", async () => {
    const many = Array.from({ length: 1000 }, (_, index) => index);
    const files = many.flatMap((index) => [
      [`a${index}/Chart.yaml`, "apiVersion: v2\nname: web\nversion: 1.0.0\n"],
      [`a${index}/templates/a.yaml`, settings(`{ a: "${index}" }`)],
    ]);
    const engine = counted();
    const renderer = createRenderer({ engine });
    const where = await place(Object.fromEntries(files));
    const all = async (): Promise<number> => {
      const before = engine.renders;
      const { store } = where;
      const { snapshot, ...rest } = await inputOf(where, ".");
      const { repo, revision } = snapshot;
      const of = async (path: string) =>
        await store.snapshot({ repo, path }, await store.resolve({ repo, ref: revision }));
      await Promise.all(many.map(async (index) => renderer.render({ ...rest, snapshot: await of(`a${index}`) })));
      return engine.renders - before;
    };
    expect(await all()).toBe(1000);
    await where.repository.commit({ "a7/templates/a.yaml": settings('{ a: "seven" }') });
    expect(await all()).toBe(1);
  });
});
