import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, service } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = { "web/config.yaml": configMap("settings", { colour: "blue" }) };

function push(world: World, secret = world.plumbline.webhookSecret) {
  const body = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: world.repository.url } });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return world.plumbline.post("/hooks/github", body, {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-hub-signature-256": signature,
  });
}

describeTarget("a commit", () => {
  test("is applied by polling, within an interval, with its author and subject in the status", async () => {
    await using world = await World.synced({ files: FILES });
    const revision = await world.repository.commit(
      { "web/config.yaml": configMap("settings", { colour: "red" }) },
      { message: "Paint it red" },
    );
    const { source } = await world.status(
      (status) => status.source.revision === revision && status.sync.status === "Synced",
    );
    expect(source.subject).toBe("Paint it red");
    expect(source.author).toContain("@");
    expect(await world.object("configmap", "settings")).toMatchObject({ data: { colour: "red" } });
  });

  test("is applied at once when a signed webhook tells of it, however long the interval", async () => {
    await using world = await World.synced({ files: FILES, sync: { interval: "1h" } });
    await world.commit({ "web/config.yaml": configMap("settings", { colour: "red" }) });
    expect(await push(world)).toMatchObject({ status: 202 });
    await until("the new value", async () => {
      const object = await world.object<{ data: { colour: string } }>("configmap", "settings");
      return object?.data.colour === "red";
    });
  });

  test("with a wrongly signed webhook changes nothing", async () => {
    await using world = await World.synced({ files: FILES, sync: { interval: "1h" } });
    await world.commit({ "web/config.yaml": configMap("settings", { colour: "red" }) });
    expect(await push(world, "not the secret")).toMatchObject({ status: 401, body: { code: "PL-WEBHOOK-SIGNATURE" } });
    expect((await world.status(() => true)).lastPass?.trigger).not.toBe("webhook");
  });

  test("that changes one field of one object writes that object alone", async () => {
    await using world = await World.synced({
      files: { ...FILES, "web/deploy.yaml": deployment("web"), "web/service.yaml": service("web") },
    });
    const revision = await world.commit({ "web/deploy.yaml": deployment("web", { image: "nginx:1.28" }) });
    const { lastSync } = await world.status(
      (status) => status.source.revision === revision && status.sync.status === "Synced",
    );
    expect(lastSync?.outcomes.map(({ ref, outcome }) => [ref.name, outcome])).toEqual([["web", "configured"]]);
  });

  test("in another folder of the repository writes nothing", async () => {
    await using world = await World.synced({ files: FILES });
    const before = await world.object<{ metadata: { resourceVersion: string } }>("configmap", "settings");
    const revision = await world.commit({ "other/README.md": "words" });
    const { lastPass } = await world.status(
      (status) => status.source.revision === revision && status.lastPass?.revision === revision,
    );
    expect(lastPass?.outcomes).toEqual([]);
    expect(await world.object("configmap", "settings")).toMatchObject({
      metadata: { resourceVersion: before?.metadata.resourceVersion },
    });
  });

  test("is read by the same name whether it is a branch, a tag, a range of versions or an id", async () => {
    await using world = await World.make({ files: FILES });
    await world.repository.tag("v1.2.0");
    const first = await world.repository.commit({ "web/config.yaml": configMap("settings", { colour: "red" }) });
    for (const [ref, colour] of [
      ["v1.2.0", "blue"],
      ["^1.0.0", "blue"],
      [first, "red"],
      ["main", "red"],
    ] as const) {
      world.plumbline.setApplications(world.applicationDocument({ ref }));
      await world.plumbline.start();
      await world.status(({ sync, source }) => sync.status === "Synced" && source.ref === ref);
      expect(await world.object("configmap", "settings")).toMatchObject({ data: { colour } });
      await world.plumbline.kill("SIGTERM");
    }
  });
});
