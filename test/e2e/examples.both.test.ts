import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { STAGE_NAMES } from "../../src/model/index.ts";
import { VOLUMES } from "../controlplane/index.ts";
import { describeTarget, ownCluster } from "../target/index.ts";
import { readText } from "./plumbline.ts";
import { World } from "./world.ts";

const EXAMPLES = ["shop", "blog"];

function filesOf(example: string): { [path: string]: string } {
  const dir = join("manifests/examples", example);
  const names = readdirSync(join(import.meta.dirname, "../..", dir), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".yaml"),
  );
  return Object.fromEntries(names.map((name) => [`web/${name}`, readText(dir, name)]));
}

describeTarget(
  "the examples",
  () => {
    test("come up healthy, stay Synced through passes and a restart, and use every stage between them", async () => {
      const stages = new Set<string>();
      for (const example of EXAMPLES) {
        await using cluster = await ownCluster({ controllers: true });
        await cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: VOLUMES }));
        await using world = await World.make({
          files: filesOf(example),
          cluster,
          spec: { destination: { namespace: example, createNamespace: true } },
        });
        await world.plumbline.start();
        const synced = await world.status(
          ({ sync, health }) => sync.status === "Synced" && health.status === "Healthy",
          90,
        );
        expect(synced.resources.length).toBeGreaterThanOrEqual(12);
        for (const { stage } of synced.resources) stages.add(stage);

        await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= (synced.lastPass?.id ?? 0) + 3);
        await world.plumbline.kill("SIGTERM");
        await world.plumbline.start();
        const again = await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= 3);
        expect(again.sync).toMatchObject({ status: "Synced" });
        expect(again.lastSync).toBeUndefined();
        expect(
          again.resources.flatMap(({ ref, changes }) =>
            changes.filter((change) => change.class !== "foreign").map(({ path }) => `${ref.kind} ${path}`),
          ),
        ).toEqual([]);
      }
      expect([...stages].sort()).toEqual([...STAGE_NAMES].sort());
    });
  },
  { controllers: true },
);
