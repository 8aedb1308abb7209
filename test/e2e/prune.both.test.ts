import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, service } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = {
  "web/config.yaml": configMap("settings", { colour: "blue" }),
  "web/deploy.yaml": deployment("web"),
  "web/service.yaml": service("web"),
  "web/more.yaml": configMap("more", {}),
};

async function names(world: World): Promise<string[]> {
  const text = await world.kubectl(
    "get",
    "configmap,deployment,service",
    "-o",
    "name",
    "-l",
    "applyset.kubernetes.io/part-of",
  );
  return text
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

const ALL = ["configmap/more", "configmap/settings", "deployment.apps/web", "service/web"];

describeTarget("what is removed in Git", () => {
  test("is removed in the cluster, later stages first, and the inventory narrows", async () => {
    await using world = await World.synced({ files: FILES });
    await world.commit({ "web/service.yaml": null, "web/deploy.yaml": null });
    const { lastSync } = await world.status(
      ({ lastSync }) => lastSync?.outcomes.some(({ outcome }) => outcome === "pruned") === true,
    );
    expect(lastSync?.outcomes.map(({ ref, outcome }) => [ref.kind, outcome])).toEqual([
      ["Service", "pruned"],
      ["Deployment", "pruned"],
    ]);
    expect(await names(world)).toEqual(["configmap/more", "configmap/settings"]);
    const parent = await world.object<{ metadata: { annotations: { [key: string]: string } } }>(
      "configmap",
      "default.web",
    );
    expect(parent?.metadata.annotations["applyset.kubernetes.io/contains-group-kinds"]).toBe("ConfigMap");
  });

  test("stays where the guard against large deletions holds it, and says so with numbers", async () => {
    await using world = await World.synced({ files: FILES });
    await world.commit({ "web/service.yaml": null, "web/deploy.yaml": null, "web/more.yaml": null });
    const { warnings, sync } = await world.status(({ sync }) => sync.message.includes("3 deletions held back"));
    expect(sync.status).toBe("Pending");
    expect(warnings.join()).toMatch(/3 of 4/);
    expect(await names(world)).toEqual(ALL);
  });

  const broken: readonly (readonly [
    string,
    { readonly [path: string]: string | null },
    ErrorCode,
    string | undefined,
  ])[] = [
    [
      "a broken file",
      { "web/deploy.yaml": "apiVersion: v1\nkind:\n\tConfigMap\n" },
      "PL-YAML-TAB",
      "web/deploy.yaml:3",
    ],
    [
      "a document without a kind",
      { "web/more.yaml": "# words\napiVersion: v1\nmetadata: {name: x}\n" },
      "PL-MANIFEST-INCOMPLETE",
      "web/more.yaml:2",
    ],
    [
      "an empty folder",
      {
        "web/config.yaml": null,
        "web/deploy.yaml": null,
        "web/service.yaml": null,
        "web/more.yaml": null,
        "web/README.md": "x",
      },
      "PL-PATH-EMPTY",
      undefined,
    ],
    [
      "a missing path",
      {
        "web/config.yaml": null,
        "web/deploy.yaml": null,
        "web/service.yaml": null,
        "web/more.yaml": null,
        "other.md": "x",
      },
      "PL-PATH-MISSING",
      undefined,
    ],
  ];
  test.each(broken)("%s applies nothing and prunes nothing", async (_, files, code, where) => {
    await using world = await World.synced({ files: FILES });
    await world.commit({
      ...files,
      "web/config2.yaml": files["web/config.yaml"] === null ? null : configMap("new", {}),
    });
    const { problems, sync } = await world.status(({ problems }) => problems.some((problem) => problem.code === code));
    expect(sync.status).toBe("Unknown");
    if (where !== undefined)
      expect(problems.map((problem) => problem.where)).toContainEqual(expect.stringContaining(where));
    expect(problems[0]?.next).toContain("nothing of the application was applied or deleted");
    expect(await names(world)).toEqual(ALL);
  });

  test("stays when the repository goes away: the last good revision stays in force, drift is still healed, and the status says since when", async () => {
    await using world = await World.synced({ files: FILES });
    const { source } = await world.status(() => true);
    await world.git.stop();
    const stale = await world.status((status) => status.source.stale !== undefined);
    expect(stale.source).toMatchObject({
      revision: source.revision,
      stale: { problem: { code: "PL-GIT-UNREACHABLE" } },
    });
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    await until(
      "healing",
      async () => (await world.object<{ spec: { replicas: number } }>("deployment", "web"))?.spec.replicas === 2,
    );
    expect(await names(world)).toEqual(ALL);
  });
});
