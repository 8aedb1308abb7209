import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

interface Deployment {
  readonly metadata: { readonly labels?: { readonly [name: string]: string }; readonly finalizers?: readonly string[] };
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly env: readonly unknown[] }[] } };
  };
}

const FILES = { "web/deploy.yaml": deployment("web") };

/** What nobody asked Git for: a variable before and after ours, a label, a field. */
async function meddle(world: World): Promise<void> {
  const patch = {
    metadata: { labels: { team: "b" }, finalizers: ["example.com/keep"] },
    spec: {
      minReadySeconds: 1,
      template: {
        spec: {
          containers: [
            {
              name: "web",
              env: [
                { name: "X", value: "9" },
                { name: "Y", value: "9" },
              ],
            },
          ],
        },
      },
    },
  };
  await world.kubectl("patch", "deployment/web", "--patch", JSON.stringify(patch));
}

describeTarget("fields that others add", () => {
  test("make an object Drifted where they count, and nothing is written because of them", async () => {
    await using world = await World.synced({ files: FILES, spec: { foreign: "count" } });
    await meddle(world);
    const { lastPass, sync } = await world.status((status) => status.sync.status === "Drifted");
    expect(sync.message).toContain("1 of 1");
    await world.status((status) => (status.lastPass?.id ?? 0) > (lastPass?.id ?? 0) + 1);
    expect(await world.object("deployment", "web")).toMatchObject({ spec: { minReadySeconds: 1 } });
    const classes = (await world.drift()).map(({ change }) => `${change.path} ${change.class} ${change.manager}`);
    expect(classes).toContain("/spec/minReadySeconds foreign kubectl-patch");
    await world.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
  });

  test("are taken out where they are pruned, but for what a controller holds on to the object by", async () => {
    await using world = await World.synced({ files: FILES, spec: { foreign: "prune" } });
    const before = await world.object<Deployment>("deployment", "web");
    await meddle(world);
    const after = await until("the additions to be gone", async () => {
      const object = await world.object<Deployment>("deployment", "web");
      return object?.spec.minReadySeconds === 1 ? undefined : object;
    });
    expect(after.spec).toEqual(before?.spec);
    expect(after.metadata.labels).toEqual(before?.metadata.labels);
    expect(after.metadata.finalizers).toEqual(["example.com/keep"]);
    await world.status(({ sync }) => sync.status === "Synced");
    await world.kubectl("patch", "deployment/web", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
  });
});
