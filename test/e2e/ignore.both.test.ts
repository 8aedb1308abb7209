import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { deployment } from "./manifests.ts";
import { World } from "./world.ts";

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

const spec = { ignore: [{ kind: "Deployment", path: "/spec/replicas", reason: "the autoscaler has it" }] };

describeTarget("an ignored field", () => {
  test("is left to whoever changed it, through commits, and is never reset while it is still ours", async () => {
    await using world = await World.synced({ files: { "web/deploy.yaml": deployment("web", { replicas: 3 }) }, spec });

    const before = await world.commit({ "web/deploy.yaml": deployment("web", { replicas: 3, image: "nginx:1.28" }) });
    await world.status(({ sync, source }) => sync.status === "Synced" && source.revision === before);
    expect((await world.object<Deployment>("deployment", "web"))?.spec.replicas).toBe(3);

    await world.kubectl("scale", "deployment/web", "--replicas=7");
    const after = await world.commit({ "web/deploy.yaml": deployment("web", { replicas: 4, image: "nginx:1.29" }) });
    await world.status(({ sync, source }) => sync.status === "Synced" && source.revision === after);
    const object = await world.object<Deployment>("deployment", "web");
    expect([object?.spec.replicas, object?.spec.template.spec.containers[0]?.image]).toEqual([7, "nginx:1.29"]);
    expect(await world.drift()).toEqual([]);
  });
});
