import { expect, test } from "vitest";
import { PlumblineError } from "../../src/model/index.ts";
import { createEngine, createRenderer, type Renderer, type RenderInput } from "../../src/render/index.ts";
import type { Snapshot } from "../../src/source/index.ts";
import { configMap } from "./decoding.ts";
import { snapshotOf } from "./snapshots.ts";

/** Plain manifests need no engine: this one cannot be had. */
const engine = createEngine({ load: missing, version: missing });

function missing(): Promise<never> {
  return Promise.reject(new PlumblineError("PL-ENGINE-MISSING", { message: "it is not built" }));
}

function rendererOf({ cacheBytes }: { cacheBytes?: number } = {}): Renderer {
  return createRenderer({ engine, ...(cacheBytes === undefined ? {} : { cacheBytes }) });
}

function of(snapshot: Snapshot): RenderInput {
  return { snapshot, release: { name: "web", namespace: "shop", revision: 1, isUpgrade: false } };
}

const files = { "apps/web/a.yaml": configMap() };

test("the same files are rendered once, whichever commit they come with", async () => {
  const renderer = rendererOf();
  const first = snapshotOf(files);
  const second = snapshotOf(files, { revision: "r2" });
  const before = await renderer.render(of(first));
  const after = await renderer.render(of(second));
  expect([first.reads(), second.reads()]).toEqual([1, 0]);
  expect(after.key).toBe(before.key);
  expect(after.manifests[0]?.object).toBe(before.manifests[0]?.object);
  expect([before, after].map(({ manifests }) => manifests[0]?.origin.revision)).toEqual(["r1", "r2"]);
});

test("other files, or another path, are another render", async () => {
  const renderer = rendererOf();
  await renderer.render(of(snapshotOf(files)));
  const changed = snapshotOf(files, { key: "k2" });
  const moved = snapshotOf(files, { path: "apps" });
  await renderer.render(of(changed));
  await renderer.render(of(moved));
  expect([changed.reads(), moved.reads()]).toEqual([1, 1]);
});

test("calls at once share one render", async () => {
  const renderer = rendererOf();
  const snapshot = snapshotOf(files);
  const results = await Promise.all([1, 2, 3].map(() => renderer.render(of(snapshot))));
  expect(snapshot.reads()).toBe(1);
  expect(new Set(results).size).toBe(1);
});

test("a caller that gives up leaves the others their render", async () => {
  const renderer = rendererOf();
  const snapshot = snapshotOf(files);
  const controller = new AbortController();
  const given = renderer.render(of(snapshot), controller.signal);
  const kept = renderer.render(of(snapshot));
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  expect((await kept).manifests).toHaveLength(1);
  await expect(renderer.render(of(snapshot), controller.signal)).rejects.toThrow("enough");
});

test("a render that failed is tried again", async () => {
  const renderer = rendererOf();
  const away = new PlumblineError("PL-GIT-UNREACHABLE", { message: "no answer" });
  await expect(renderer.render(of(snapshotOf({ "apps/web/a.yaml": away })))).rejects.toBe(away);
  expect((await renderer.render(of(snapshotOf(files)))).problems).toEqual([]);
});

test("memory is bounded: what was asked for longest ago goes first", async () => {
  const renderer = rendererOf({ cacheBytes: 900 });
  const snapshots = ["k1", "k2", "k3"].map((key) =>
    snapshotOf({ "apps/web/a.yaml": configMap(`  a: ${"x".repeat(150)}`) }, { key }),
  );
  const [one, two, three] = snapshots;
  for (const snapshot of [one, two, one, three, one]) if (snapshot !== undefined) await renderer.render(of(snapshot));
  expect(snapshots.map((snapshot) => snapshot.reads())).toEqual([1, 1, 1]);
  if (two !== undefined) await renderer.render(of(two));
  expect(two?.reads()).toBe(2);
});

test("what is larger than the cache is not kept", async () => {
  const renderer = rendererOf({ cacheBytes: 0 });
  const snapshot = snapshotOf(files);
  await renderer.render(of(snapshot));
  await renderer.render(of(snapshot));
  expect(snapshot.reads()).toBe(2);
});
