import { expect, test } from "vitest";
import type { DriftItem } from "../../src/report/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = { "web/deploy.yaml": deployment("web"), "web/config.yaml": configMap("settings", { colour: "blue" }) };
const LEFT = { selfHeal: false };

async function driftAt(world: World, path: string): Promise<DriftItem> {
  return await until(`drift at ${path}`, async () => (await world.drift()).find(({ change }) => change.path === path));
}

describeTarget("hand edits", () => {
  test("kubectl scale is drift of replicas, by kubectl, and is left alone where selfHeal is off", async () => {
    await using world = await World.synced({ files: FILES, sync: LEFT });
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    const { change, ref } = await driftAt(world, "/spec/replicas");
    expect(ref).toMatchObject({ kind: "Deployment", name: "web" });
    expect(change).toMatchObject({ desired: 2, live: 5, class: "drift", manager: "kubectl", subresource: "scale" });
    const status = await world.status(({ sync }) => sync.status === "Drifted");
    expect(status.sync.message).toContain("1 of 2");
    await world.status(({ lastPass }) => (lastPass?.id ?? 0) > (status.lastPass?.id ?? 0));
    expect(await world.object("deployment", "web")).toMatchObject({ spec: { replicas: 5 } });
  });

  test("kubectl set env on our variable is drift with its author and time", async () => {
    await using world = await World.synced({ files: FILES, sync: LEFT });
    await world.kubectl("set", "env", "deployment/web", "A=2");
    const { change } = await driftAt(world, "/spec/template/spec/containers[name=web]/env[name=A]/value");
    expect(change).toMatchObject({
      desired: "1",
      live: "2",
      class: "drift",
      manager: "kubectl-set",
      operation: "Update",
    });
    expect(Date.parse(change.time ?? "")).toBeGreaterThan(Date.now() - 60_000);
  });

  test("a label that kubectl takes off is drift, whether Git or Plumbline wanted it", async () => {
    await using world = await World.synced({ files: FILES, sync: LEFT });
    await world.kubectl("label", "configmap/settings", "applyset.kubernetes.io/part-of-");
    const { change } = await driftAt(world, "/metadata/labels/applyset.kubernetes.io~1part-of");
    expect(change).toMatchObject({ class: "drift" });
    expect(change.live).toBeUndefined();
  });

  test("kubectl delete is drift of the whole object, and it is made again where selfHeal is on", async () => {
    await using world = await World.synced({ files: FILES, sync: LEFT });
    await world.kubectl("delete", "configmap/settings");
    const { change, ref } = await driftAt(world, "");
    expect(ref).toMatchObject({ kind: "ConfigMap", name: "settings" });
    expect(change.class).toBe("drift");

    await using healing = await World.synced({ files: FILES });
    await healing.kubectl("delete", "configmap/settings");
    await until("the ConfigMap to be back", () => healing.object("configmap", "settings"));
  });

  test("a field that kubectl edit adds is reported as foreign and is no drift", async () => {
    await using world = await World.synced({ files: FILES });
    process.env["KUBE_EDITOR"] = "sed -i 's/^  replicas: 2/  minReadySeconds: 7\\n  replicas: 2/'";
    await world.kubectl("edit", "deployment/web");
    const { change } = await driftAt(world, "/spec/minReadySeconds");
    expect(change).toMatchObject({ class: "foreign", live: 7, manager: "kubectl-edit" });
    expect(change.desired).toBeUndefined();
    await world.status(({ sync }) => sync.status === "Synced");
    expect(await world.object("deployment", "web")).toMatchObject({ spec: { minReadySeconds: 7 } });
  });

  test("drift is healed to exactly what was there, less metadata, where selfHeal is on", async () => {
    await using world = await World.synced({ files: FILES });
    const before = await world.object<{ spec: object }>("deployment", "web");
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    await until("two replicas again", async () => {
      const now = await world.object<{ spec: { replicas: number } }>("deployment", "web");
      return now?.spec.replicas === 2;
    });
    expect((await world.object<{ spec: object }>("deployment", "web"))?.spec).toEqual(before?.spec);
    await world.status(({ sync }) => sync.status === "Synced");
    expect(await world.drift()).toEqual([]);
  });
});
