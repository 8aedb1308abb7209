import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = { "web/a.yaml": configMap("a", {}), "api/b.yaml": configMap("b", {}), "db/c.yaml": deployment("db") };

/** Another application of the same repository: its path is its name. */
function another(world: World, name: string, spec: object = {}): string {
  const document = JSON.parse(world.applicationDocument({ path: name })) as {
    metadata: { name: string };
    spec: object;
  };
  return JSON.stringify({ ...document, metadata: { ...document.metadata, name }, spec: { ...document.spec, ...spec } });
}

async function start(world: World, documents: readonly string[]): Promise<void> {
  world.plumbline.setApplications(documents.join("\n---\n"));
  await world.plumbline.start();
}

describeTarget("several applications", () => {
  test("of one repository are one poll an interval together", async () => {
    await using world = await World.make({ files: FILES });
    await start(world, [another(world, "web"), another(world, "api"), another(world, "db")]);
    await world.plumbline.status("default/db", ({ sync }) => sync.status === "Synced");
    const before = { polls: world.git.requests.count("ls-refs"), at: Date.now() };
    const first = (await world.plumbline.status("default/web", () => true)).lastPass?.id ?? 0;
    await world.plumbline.status("default/web", ({ lastPass }) => (lastPass?.id ?? 0) >= first + 4);
    const seconds = (Date.now() - before.at) / 1000;
    expect(world.git.requests.count("ls-refs") - before.polls).toBeLessThanOrEqual(Math.ceil(seconds / 0.9) + 1);
  });

  test("wait for those they depend on, say for which and why, and go on when these are ready", async () => {
    await using world = await World.make({ files: FILES });
    await start(world, [another(world, "api", { dependsOn: [{ name: "db" }] }), another(world, "db")]);
    const waiting = await world.plumbline.status(
      "default/api",
      (status) => status.waiting?.includes("Progressing") === true,
    );
    expect(waiting.waiting).toMatch(/^waits for application default\/db: Progressing, Deployment .*\/db: /);
    expect(await world.object("configmap", "b")).toBeUndefined();

    const ready = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
    await world.kubectl(
      "patch",
      "deployment/db",
      "--subresource=status",
      "--type=merge",
      "-p",
      JSON.stringify({ status: ready }),
    );
    const done = await world.plumbline.status("default/api", ({ sync }) => sync.status === "Synced");
    expect(done.waiting).toBeUndefined();
    expect(await world.object("configmap", "b")).toBeDefined();
  });

  test("come and go with the file that lists them; what they applied stays", async () => {
    await using world = await World.make({ files: FILES });
    await start(world, [another(world, "web")]);
    await world.plumbline.status("default/web", ({ sync }) => sync.status === "Synced");
    world.plumbline.setApplications(another(world, "api"));
    await world.plumbline.status("default/api", ({ sync }) => sync.status === "Synced");
    await until(
      "the other to be forgotten",
      async () => (await fetch(`${world.plumbline.address}/api/v1/applications/default/web`)).status === 404,
    );
    expect(await world.object("configmap", "a")).toBeDefined();

    world.plumbline.setApplications("kind: Application\n\tspec: broken");
    await until("a word about the broken file", () => world.plumbline.output.includes("PL-YAML-TAB"));
    expect((await world.plumbline.status("default/api", () => true)).sync.status).toBe("Synced");
  });

  test("that are suspended are left alone until they are not", async () => {
    await using world = await World.make({ files: FILES });
    await start(world, [another(world, "web", { suspend: true })]);
    const { sync } = await world.plumbline.status("default/web", () => true);
    expect(sync.message).toContain("suspended");
    world.plumbline.setApplications(another(world, "web"));
    await world.plumbline.status("default/web", (status) => status.sync.status === "Synced");
  });
});
