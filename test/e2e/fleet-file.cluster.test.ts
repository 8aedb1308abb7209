import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const folder = (name: string, deletion: string) => ({ [`${deletion}/${name}/x.yaml`]: configMap(`own-${name}`, {}) });
const MANY = ["a", "b", "c", "d", "e"];

/** A declaration of many of the folders below `deletion`, and a plain application, in one file. */
function documents(world: World): string {
  const plain = JSON.parse(world.applicationDocument({})) as { metadata: object; spec: { source: object } };
  const many = (deletion: string) => ({
    ...{ ...plain, metadata: { name: `all-${deletion}`, namespace: "default" } },
    spec: {
      ...{ ...plain.spec, each: { name: "{{ path.name }}" }, deletion },
      source: { ...plain.spec.source, path: `${deletion}/*` },
    },
  });
  return [plain, many("prune"), many("orphan")].map((one) => JSON.stringify(one)).join("\n---\n");
}

async function started(): Promise<World> {
  const files = {
    "web/w.yaml": configMap("web", {}),
    ...Object.assign({}, ...MANY.map((name) => folder(name, "prune"))),
    ...{ ...folder("left", "orphan"), ...folder("stays", "orphan") },
  };
  const world = await World.make({ files });
  world.plumbline.setApplications(documents(world));
  await world.plumbline.start();
  for (const name of [...MANY, "left", "stays"])
    await world.plumbline.status(`default/${name}`, ({ sync }) => sync.status === "Synced");
  return world;
}

const ended = (world: World, name: string) =>
  until(`the end of ${name}`, async () => (await world.object("configmap", `default.${name}`)) === undefined);

async function restartWithoutGit(world: World): Promise<void> {
  await world.plumbline.kill();
  world.git.fault = { kind: "status", status: 500 };
  await world.plumbline.start();
  await until("that it is not sure", async () => {
    const { items } = await world.plumbline.get<{ items: { unsure?: string; problems: object[] }[] }>("/api/v1/fleets");
    return items.length === 2 && items.every(({ unsure, problems }) => unsure !== undefined && problems.length > 0);
  });
}

describeCluster("what a declaration of many in a file does not make any more", () => {
  test("ends as its policy says; more than half at once, and a restart without Git, end nobody", async () => {
    await using world = await started();
    const uid = async (name: string) =>
      (await world.object<{ metadata: { uid: string } }>("configmap", `own-${name}`))?.metadata.uid;
    await world.commit({ "prune/e/x.yaml": null, "orphan/left/x.yaml": null });
    await ended(world, "e");
    await ended(world, "left");
    expect(await uid("e")).toBeUndefined();
    expect(await uid("left")).toBeDefined();

    const before = await Promise.all(MANY.map(uid));
    await restartWithoutGit(world);
    await world.plumbline.kill();
    rmSync(join(world.plumbline.dir, "data"), { recursive: true });
    await restartWithoutGit(world);
    const { sync: away } = await world.plumbline.status("default/a", ({ sync }) => sync.message.includes("--prune"));
    expect(away.message).toMatch(/declared by file .* default\/all-prune, and that may not be all now: /);
    expect(await Promise.all(MANY.map(uid))).toEqual(before);
    world.git.fault = undefined;
    await world.plumbline.status("default/a", ({ sync }) => sync.status === "Synced");

    await world.commit({ "prune/b/x.yaml": null, "prune/c/x.yaml": null, "prune/d/x.yaml": null });
    for (const name of ["b", "c", "d"]) {
      const { sync } = await world.plumbline.status(`default/${name}`, (one) => one.sync.message.includes("at once"));
      expect(sync.message).toContain("3 of 4 applications would end at once, more than half");
      expect(sync.message).toContain(`plumb delete default/${name} --prune`);
    }
    expect(await Promise.all(MANY.map(uid))).toEqual(before);
  });
});
