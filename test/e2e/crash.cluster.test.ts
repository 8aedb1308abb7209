import { expect, test } from "vitest";
import { APPLYSET_GROUP_KINDS, type KubeObject, PART_OF_LABEL } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap, deployment, service } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";
import { startWriteGate, type WriteGate } from "./write-gate.ts";

const COMMON = { "web/settings.yaml": configMap("settings", { colour: "blue" }), "web/deploy.yaml": deployment("web") };
/** From the one to the other something is created, something changed and something pruned, in kinds that the other lacks. */
const EVEN = { ...COMMON, "web/service.yaml": service("web"), "web/more.yaml": null };
const ODD = {
  "web/settings.yaml": configMap("settings", { colour: "red" }),
  "web/deploy.yaml": deployment("web", { image: "nginx:1.28" }),
  "web/service.yaml": null,
  "web/more.yaml": configMap("more", {}),
};
const NAMES = {
  even: ["ConfigMap/settings", "Deployment/web", "Service/web"],
  odd: ["ConfigMap/more", "ConfigMap/settings", "Deployment/web"],
};

async function members(world: World): Promise<KubeObject[]> {
  const text = await world.kubectl("get", "configmap,deployment,service,secret", "-o", "json", "-l", PART_OF_LABEL);
  return (JSON.parse(text) as { items: KubeObject[] }).items;
}

async function expectInsideInventory(world: World): Promise<void> {
  const parent = await world.object<KubeObject>("configmap", "default.web");
  const kinds = parent?.metadata.annotations?.[APPLYSET_GROUP_KINDS]?.split(",") ?? [];
  for (const { kind } of await members(world))
    expect(kinds).toContain(kind === "Deployment" ? "Deployment.apps" : kind);
}

/** Lets the process run into its nth write of the next sync and kills it there; undefined when the sync has no nth write. */
async function killedAt(
  world: World,
  gate: WriteGate,
  nth: { readonly write: number; readonly phase: "before" | "after" },
): Promise<boolean> {
  let writes = 0;
  let killed = false;
  gate.onWrite = ({ phase }) => {
    if (phase !== nth.phase || ++writes !== nth.write) return;
    killed = true;
    if (world.plumbline.pid !== undefined) process.kill(world.plumbline.pid, "SIGKILL");
  };
  return await until("a kill, or a sync without it", async () => {
    if (killed) return "killed" as const;
    const status = await world.plumbline
      .get<{ sync: { status: string }; source: { revision: string } }>("/api/v1/applications/default/web")
      .catch(() => undefined);
    return (
      status?.sync.status === "Synced" &&
      status.source.revision === (await world.repository.head()) &&
      ("whole" as const)
    );
  }).then((end) => end === "killed");
}

describeCluster("a process that is killed", () => {
  test.each(["before", "after"] as const)(
    "%s any write of a sync leaves nothing outside the inventory, and the next process converges",
    async (phase) => {
      const cluster = sharedControlPlane();
      const gate = await startWriteGate(cluster);
      await using world = await World.make({
        files: { ...COMMON, "web/service.yaml": service("web") },
        through: { url: gate.url, token: cluster.token },
      });
      await world.plumbline.start();
      await world.status(({ sync }) => sync.status === "Synced");
      let killedOnce = 0;
      for (let write = 1, more = true; more; write++) {
        const odd = write % 2 === 1;
        await world.commit(odd ? ODD : EVEN);
        more = await killedAt(world, gate, { write, phase });
        gate.onWrite = () => {};
        if (!more) break;
        killedOnce++;
        await world.plumbline.kill();
        await expectInsideInventory(world);
        await world.plumbline.start();
        await world.status(({ sync }) => sync.status === "Synced");
        await until("convergence", async () => {
          const names = (await members(world)).map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
          return JSON.stringify(names) === JSON.stringify(odd ? NAMES.odd : NAMES.even);
        });
        await expectInsideInventory(world);
      }
      expect(killedOnce).toBeGreaterThanOrEqual(5);
      await gate.stop();
    },
  );
});
