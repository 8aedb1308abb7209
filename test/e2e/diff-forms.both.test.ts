import type { Operation } from "fast-json-patch";
import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

interface Item {
  readonly ref: { readonly kind: string; readonly name: string };
  readonly patch?: readonly Operation[];
  readonly before?: { readonly spec: object };
  readonly after?: { readonly spec: object };
}

type Env = readonly (readonly [name: string, value: string])[];

function web(replicas: number, env: Env, ports: readonly number[]): string {
  const labels = { app: "web" };
  const container = {
    name: "web",
    image: "nginx:1.27",
    env: env.map(([name, value]) => ({ name, value })),
    ports: ports.map((containerPort) => ({ containerPort })),
  };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  return yaml("apps/v1", "Deployment", "web", { spec: { replicas, selector: { matchLabels: labels }, template } });
}

const OLD = {
  "web/web.yaml": web(
    2,
    [
      ["A", "1"],
      ["B", "1"],
      ["C", "1"],
    ],
    [80, 443],
  ),
  "web/old.yaml": configMap("old", { a: "1" }),
};
/** Another order, a new variable in between, one that goes, and another order of ports, whose protocol the server fills in. */
const NEW = {
  "web/web.yaml": web(
    3,
    [
      ["C", "1"],
      ["NEW", "1"],
      ["A", "2"],
    ],
    [443, 8080, 80],
  ),
  "web/old.yaml": null,
};
const LEFT = { auto: false, selfHeal: false };

async function differences(world: World, show: "patch" | "objects"): Promise<readonly Item[]> {
  const path = `/api/v1/applications/default/web/diff?show=${show}`;
  return (await world.plumbline.get<{ readonly items: readonly Item[] }>(path)).items;
}

async function sync(world: World): Promise<void> {
  const { status } = await world.plumbline.post("/api/v1/applications/default/web/sync?wait=true");
  expect(status).toBe(200);
}

/** Applied once; what comes then is reported and left. */
async function left(files: typeof OLD): Promise<World> {
  const world = await World.make({ files, sync: LEFT });
  await world.plumbline.start();
  await sync(world);
  return world;
}

/** The cluster moves, then Git does. */
async function move(world: World): Promise<void> {
  await world.kubectl("set", "env", "deployment/web", "B=9", "HAND=1");
  await world.kubectl("scale", "deployment/web", "--replicas=5");
  const revision = await world.commit(NEW);
  await world.status(({ source, sync }) => source.revision === revision && sync.status === "Diverged");
}

const specOf = async (world: World) => (await world.object<{ spec: object }>("deployment", "web"))?.spec;

describeTarget("the forms of a diff", () => {
  test("a printed patch, applied by hand, gives what a sync gives, and both sides say so before", async () => {
    await using byHand = await left(OLD);
    await move(byHand);
    const after = (await differences(byHand, "objects")).find(({ ref }) => ref.name === "web")?.after;
    const patch = (await differences(byHand, "patch")).find(({ ref }) => ref.name === "web")?.patch;
    await byHand.kubectl("patch", "deployment/web", "--type=json", "-p", JSON.stringify(patch));
    const patched = await specOf(byHand);
    // The server adds its defaults to what is new.
    expect(patched).toMatchObject(after?.spec ?? {});

    await using bySync = await left(OLD);
    await move(bySync);
    await sync(bySync);
    expect(await specOf(bySync)).toEqual(patched);
  });

  test("an object that is to go has one side, and is counted until it is gone", async () => {
    await using world = await left(OLD);
    const revision = await world.commit({ "web/old.yaml": null });
    await world.status(({ source, sync }) => source.revision === revision && sync.status === "Pending");
    const [old] = await differences(world, "objects");
    expect(old).toMatchObject({ ref: { kind: "ConfigMap", name: "old" }, before: { data: { a: "1" } } });
    expect(old).not.toHaveProperty("after");
    expect(await differences(world, "patch")).toMatchObject([{ patch: [{ op: "remove", path: "" }] }]);
    await sync(world);
    await until("no difference", async () => (await differences(world, "patch")).length === 0);
  });
});
