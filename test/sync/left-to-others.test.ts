import { describe, expect, test } from "vitest";
import type { Cluster } from "../../src/cluster/index.ts";
import {
  type IgnoreRule,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  refKey,
  refOf,
  SILENT,
} from "../../src/model/index.ts";
import { prepare } from "../../src/plan/index.ts";
import { findAutoscalers } from "../../src/sync/autoscalers.ts";
import { newEntry } from "../../src/sync/entry.ts";
import { SettingsRules } from "../../src/sync/settings-rules.ts";
import { application } from "./applications.ts";

function deployment(name: string, replicas: number): KubeObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace: "shop", name }, spec: { replicas } };
}

function there(object: KubeObject): LiveObject {
  return { ...object, metadata: { ...object.metadata, uid: "u", resourceVersion: "1" } };
}

function scaler(target: string): LiveObject {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: target };
  const metadata = { namespace: "shop", name: `${target}-scaler` };
  return there({ apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", metadata, spec: { scaleTargetRef } });
}

/** The part of a cluster that is asked, with the namespaces that it was asked for. */
class Asked implements Pick<Cluster, "preferred" | "list"> {
  readonly namespaces: (string | undefined)[] = [];
  readonly #listed: Iterable<LiveObject>;

  constructor(listed: Iterable<LiveObject>) {
    this.#listed = listed;
  }

  async preferred(kind: { group: string; kind: string }) {
    return { ...kind, version: "v2", plural: "x", namespaced: true, verbs: [], servedVersions: [] };
  }

  async *list(_resource: unknown, options: { readonly namespace?: string } = {}) {
    this.namespaces.push(options.namespace);
    yield* this.#listed;
  }
}

interface Case {
  readonly git: readonly KubeObject[];
  readonly live: readonly LiveObject[];
  readonly cluster: Asked;
}

function looking({ git, live, cluster }: Case) {
  const origin = { repo: "r", revision: "a", file: "web.yaml", line: 1 };
  const prepared = prepare(
    git.map((object) => ({ ref: refOf(object), object, origin })),
    { application: "default/web", inventoryNamespace: "system", namespaced: () => true },
  );
  return {
    ...{ prepared, cluster, members: [], known: new Map(), keepMs: 30_000, manual: false, now: () => 0 },
    live: new Map(live.map((object) => [refKey(refOf(object)), object])),
  };
}

describe("autoscalers of others", () => {
  test("are not asked for while every number is Git's, or an autoscaler of ours has set it", async () => {
    const cluster = new Asked([]);
    const [web, api] = [deployment("web", 2), deployment("api", 2)];
    const live = [there(web), there(deployment("api", 5)), scaler("api")];
    const { targets } = await findAutoscalers(looking({ git: [web, api], live, cluster }));
    expect([[...targets.values()], cluster.namespaces]).toEqual([["api-scaler"], []]);
  });

  test("are asked for once a namespace and while the answer is good", async () => {
    const cluster = new Asked([scaler("web")]);
    const git = [deployment("web", 2), deployment("api", 2)];
    const input = looking({ git, live: [there(deployment("web", 5)), there(deployment("api", 5))], cluster });
    const { targets } = await findAutoscalers(input);
    expect([...targets]).toEqual([["apps/Deployment:shop/web", "web-scaler"]]);
    await findAutoscalers({ ...input, now: () => 29_999 });
    expect(cluster.namespaces).toEqual(["shop"]);
    await findAutoscalers({ ...input, now: () => 30_000 });
    await findAutoscalers({ ...input, now: () => 30_000, manual: true });
    expect(cluster.namespaces).toHaveLength(3);
  });

  test("that may not be seen, or are too many, are a warning", async () => {
    const input = (listed: Iterable<LiveObject>) =>
      looking({ git: [deployment("web", 2)], live: [there(deployment("web", 5))], cluster: new Asked(listed) });
    const refused: Iterable<LiveObject> = {
      [Symbol.iterator]: () => {
        throw new PlumblineError("PL-KUBE-FORBIDDEN", { message: "cannot list horizontalpodautoscalers" });
      },
    };
    const { warnings, targets } = await findAutoscalers(input(refused));
    expect([warnings, targets.size]).toEqual([
      [expect.stringContaining("namespace shop cannot be seen: cannot list")],
      0,
    ]);
    let taken = 0;
    function* endless(): Generator<LiveObject> {
      for (;;) yield scaler(`other-${taken++}`);
    }
    expect((await findAutoscalers(input(endless()))).warnings).toEqual([expect.stringContaining("only 2000")]);
    expect(taken).toBeLessThan(2010);
  });

  test("of any shape end nothing", async () => {
    const shapes = [
      null,
      1,
      [],
      {},
      { scaleTargetRef: null },
      { scaleTargetRef: { apiVersion: 1, kind: "x", name: "y" } },
    ];
    const odd = shapes.map((spec) => ({ ...scaler("web"), spec }));
    const input = looking({
      git: [deployment("web", 2)],
      live: [there(deployment("web", 5))],
      cluster: new Asked(odd),
    });
    expect((await findAutoscalers(input)).targets.size).toBe(0);
  });
});

describe("a rule of the settings that names nothing", () => {
  const rules: IgnoreRule[] = [
    { path: "/spec/replicas", reason: "r" },
    { kind: "Service", path: "/spec", reason: "r" },
  ];
  const said: string[] = [];
  const log = { ...SILENT, warn: (_fields: object, text: string) => void said.push(text) };
  const all = new Map(["a", "b"].map((name) => [name, newEntry({ application: application(name), by: "" })]));

  test("is told once, when every application was looked at, and again after it named something", () => {
    const told = new SettingsRules(rules, log);
    const [first] = rules;
    const matched = new Set(first === undefined ? [] : [first]);
    told.ended("a", matched, all);
    told.ended("b", undefined, all);
    expect(said).toEqual([]);
    told.ended("b", new Set(), all);
    told.ended("b", new Set(), all);
    expect(said).toEqual(["ignore[1] of the settings (kind Service, path /spec) names no field in any application"]);
    told.ended("a", new Set(), all);
    expect(said.slice(1)).toEqual([
      "ignore[0] of the settings (path /spec/replicas) names no field in any application",
    ]);
    told.ended("a", matched, all);
    told.forget("a");
    told.ended("b", new Set(), new Map([...all].slice(1)));
    expect(said).toHaveLength(3);
  });
});
