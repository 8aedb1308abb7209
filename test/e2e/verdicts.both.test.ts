import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { World } from "./world.ts";

describeTarget("Git ahead, the cluster moved, or both", () => {
  test("a new commit with sync.auto false is Pending, and a person's sync applies it", async () => {
    await using world = await World.make({
      files: { "web/a.yaml": configMap("a", { colour: "blue" }) },
      sync: { auto: false },
    });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    expect(await world.object("configmap", "a")).toBeUndefined();

    const { status } = await world.plumbline.post(
      `/api/v1/applications/${world.application}/sync?wait=true&timeout=20s`,
    );
    expect(status).toBe(200);
    expect(await world.object("configmap", "a")).toMatchObject({ data: { colour: "blue" } });

    await world.commit({ "web/a.yaml": configMap("a", { colour: "red" }) });
    const pending = await world.status(({ sync }) => sync.status === "Pending");
    expect(pending.resources[0]?.changes).toMatchObject([
      { path: "/data/colour", desired: "red", live: "blue", class: "pending" },
    ]);
    expect(await world.object("configmap", "a")).toMatchObject({ data: { colour: "blue" } });
  });

  test("an edit and a commit at once are Diverged, and each field says which it is", async () => {
    const files = { "web/deploy.yaml": deployment("web") };
    await using world = await World.make({ files, sync: { auto: false, selfHeal: false } });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true&timeout=20s`);
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    await world.commit({ "web/deploy.yaml": deployment("web", { image: "nginx:1.28" }) });
    const { resources } = await world.status(({ sync }) => sync.status === "Diverged");
    const classes = resources.flatMap(({ changes }) => changes.map((change) => [change.path, change.class]));
    expect(classes).toContainEqual(["/spec/replicas", "drift"]);
    expect(classes).toContainEqual(["/spec/template/spec/containers[name=web]/image", "pending"]);
  });

  test("observe mode reports the same and writes nothing", async () => {
    await using world = await World.make({
      files: { "web/a.yaml": configMap("a", { colour: "blue" }) },
      sync: { observe: true },
    });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Pending");
    await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true&timeout=20s`);
    expect(await world.object("configmap", "a")).toBeUndefined();
  });
});
