import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { STAGE_NAMES } from "../../src/model/index.ts";
import { VOLUMES } from "../controlplane/index.ts";
import { describeTarget, ownCluster, type TestCluster } from "../target/index.ts";
import { readText, type Seen } from "./plumbline.ts";
import { expectQuiet, expectQuietRestart } from "./quiet.ts";
import { World } from "./world.ts";

interface Example {
  readonly folder: string;
  readonly namespace: string;
  /** How many objects at least. */
  readonly objects: number;
  readonly source?: { readonly [field: string]: unknown };
}

const EXAMPLES: readonly Example[] = [
  { folder: "shop", namespace: "shop", objects: 12 },
  { folder: "blog", namespace: "blog", objects: 12 },
];

/** They need the renderer, which the suite's setup builds. */
const RENDERED: readonly Example[] = [
  { folder: "feedback", namespace: "feedback", objects: 7, source: { helm: { valueFiles: ["values-demo.yaml"] } } },
  { folder: "newsletter", namespace: "newsletter", objects: 5, source: { path: "web/overlays/production" } },
];

function filesOf(example: string): { [path: string]: string } {
  const dir = join("manifests/examples", example);
  const names = readdirSync(join(import.meta.dirname, "../..", dir), { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(yaml|json|tpl|txt)$/.test(name),
  );
  return Object.fromEntries(names.map((name) => [`web/${name}`, readText(dir, name)]));
}

/** Comes up healthy, and is Synced without a write, or a dry run after the first pass, through passes and a restart. Gives the stages that it used. */
async function keep(
  { folder, namespace, objects, source = {} }: Example,
  cluster: TestCluster,
): Promise<ReadonlySet<string>> {
  const destination = { namespace, createNamespace: true };
  await using world = await World.make({ files: filesOf(folder), cluster, source, spec: { destination } });
  await world.plumbline.start();
  const isWell = ({ sync, health }: Seen): boolean => sync.status === "Synced" && health.status === "Healthy";
  const synced = await world.status(isWell, 90);
  expect(synced.resources.length).toBeGreaterThanOrEqual(objects);

  await expectQuiet(world);
  const again = await expectQuietRestart(world);
  expect(again.lastSync).toBeUndefined();
  const drift = again.resources.flatMap(({ ref, changes }) =>
    changes.filter((change) => change.class !== "foreign").map(({ path }) => `${ref.kind} ${path}`),
  );
  expect(drift).toEqual([]);
  return new Set(synced.resources.map(({ stage }) => stage));
}

describeTarget(
  "the examples",
  () => {
    // Of their own, since requests are counted; for one after the other, each in its namespace.
    let cluster: TestCluster & AsyncDisposable;
    beforeAll(async () => {
      cluster = await ownCluster({ controllers: true });
      await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: VOLUMES }));
    });
    afterAll(() => cluster?.[Symbol.asyncDispose]());

    test("come up healthy, stay Synced through passes and a restart, and use every stage between them", async () => {
      const stages = new Set<string>();
      for (const example of EXAMPLES) for (const stage of await keep(example, cluster)) stages.add(stage);
      expect([...stages].sort()).toEqual([...STAGE_NAMES].sort());
    });

    test.each(RENDERED)("of a chart and a kustomization do so, too: $folder", async (example) => {
      await keep(example, cluster);
    });
  },
  { controllers: true },
);
