import { expect, test } from "vitest";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = { "web/config.yaml": configMap("settings", { colour: "blue" }), "web/deploy.yaml": deployment("web") };

async function drifts(world: World, colour: string): Promise<void> {
  await world.kubectl("patch", "configmap/settings", "--type=merge", "-p", JSON.stringify({ data: { colour } }));
  await until(`drift to ${colour}`, async () => (await world.drift()).some(({ change }) => change.live === colour), 20);
}

/** What a hand does while Plumbline sees nothing: from outside Plumbline's own way to the server. */
async function withWorld(use: (world: World, controlPlane: ControlPlane) => Promise<void>): Promise<void> {
  await using controlPlane = await startControlPlane();
  await using world = await World.synced({ files: FILES, sync: { selfHeal: false }, cluster: controlPlane });
  await use(world, controlPlane);
}

describeCluster("the watch", () => {
  test("survives an API server that is killed and comes back, and sees what is edited after", async () => {
    await withWorld(async (world, controlPlane) => {
      await controlPlane.killApiserver();
      await until("a word about the broken watch", async () =>
        JSON.stringify(await (await fetch(`${world.plumbline.address}/readyz`)).json()).includes("PL-KUBE-UNREACHABLE"),
      );
      await controlPlane.startApiserver();
      await drifts(world, "red");
    });
  });

  test("finds drift that happened while etcd was compacted and the API server restarted", async () => {
    await withWorld(async (world, controlPlane) => {
      process.kill(world.plumbline.pid ?? 0, "SIGSTOP");
      await world.kubectl(
        "patch",
        "configmap/settings",
        "--type=merge",
        "-p",
        JSON.stringify({ data: { colour: "red" } }),
      );
      await world.kubectl("delete", "deployment/web");
      for (let i = 0; i < 20; i++) await world.kubectl("create", "configmap", `noise-${i}`);
      await controlPlane.compactEtcd();
      await controlPlane.killApiserver();
      await controlPlane.startApiserver();
      process.kill(world.plumbline.pid ?? 0, "SIGCONT");
      await until("both edits", async () => {
        const drift = await world.drift();
        return (
          drift.some(({ change }) => change.live === "red") &&
          drift.some(({ ref, change }) => ref.kind === "Deployment" && change.path === "")
        );
      });
      expect((await world.status(() => true)).sync.status).toBe("Drifted");
    });
  });
});
