import { expect, test } from "vitest";
import type { DriftItem, Page, ReportEvent } from "../../src/report/index.ts";
import { requestsBetween, sumRequests } from "../controlplane/index.ts";
import { describeTarget, ownCluster } from "../target/index.ts";
import { configMap, deployment } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FIGHTER = "foo-operator";
const FILES = {
  "web/deploy.yaml": deployment("web"),
  "web/config.yaml": configMap("settings", { colour: "blue" }),
};
const LONG = 120;

/** Sets the replicas of web anew whenever they are Git's, until it is stopped: what a controller does that thinks the field its own. */
class Fighter implements AsyncDisposable {
  readonly #world: World;
  readonly #done: Promise<void>;
  #stopped = false;
  edits = 0;

  constructor(world: World) {
    this.#world = world;
    this.#done = this.#fight();
  }

  async #fight(): Promise<void> {
    while (!this.#stopped) {
      await until("Git's replicas, or the end", async () => this.#stopped || (await replicas(this.#world)) === 2, LONG);
      if (this.#stopped) return;
      this.edits++;
      await patch(this.#world, "deployment/web", { spec: { replicas: 5 + (this.edits % 3) } }, FIGHTER);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }
}

async function patch(world: World, what: string, body: object, manager: string): Promise<void> {
  await world.kubectl("patch", what, "--type=merge", `--field-manager=${manager}`, "-p", JSON.stringify(body));
}

async function replicas(world: World): Promise<number | undefined> {
  return (await world.object<{ spec: { replicas: number } }>("deployment", "web"))?.spec.replicas;
}

async function colour(world: World): Promise<string | undefined> {
  return (await world.object<{ data: { colour: string } }>("configmap", "settings"))?.data.colour;
}

async function image(world: World): Promise<string | undefined> {
  const found = await world.object<{ spec: { template: { spec: { containers: [{ image: string }] } } } }>(
    "deployment",
    "web",
  );
  return found?.spec.template.spec.containers[0].image;
}

async function episode(world: World, state = "open"): Promise<DriftItem | undefined> {
  const query = `application=${encodeURIComponent(world.application)}&state=${state}`;
  const { items } = await world.plumbline.get<Page<DriftItem>>(`/api/v1/drift?${query}`);
  return items.find(({ change }) => change.path === "/spec/replicas");
}

async function reasons(world: World): Promise<readonly string[]> {
  const page = await world.plumbline.get<Page<ReportEvent>>(
    `/api/v1/applications/${world.application}/events?limit=1000`,
  );
  return page.items
    .filter(({ message }) => message.startsWith("spec.replicas") || message.startsWith(FIGHTER))
    .map(({ reason }) => reason);
}

describeTarget("a fight over one field", () => {
  test("is one episode with its count and author, costs few writes, and keeps nothing else from being healed", async () => {
    await using cluster = await ownCluster();
    await using world = await World.synced({ files: FILES, cluster, sync: { interval: "5s" } });
    const before = await cluster.requestCounts();
    await using fighter = new Fighter(world);

    const waiting = await world.status(
      (status) => /foo-operator has changed it [5-9] times/.test(status.waiting ?? ""),
      LONG,
    );
    expect(waiting.waiting).toMatch(/^waits \d+ s before healing spec\.replicas of Deployment \S+\/web again: /);
    expect(waiting.waiting).toContain(
      "ignore: [{ kind: Deployment, name: web, path: /spec/replicas, manager: foo-operator,",
    );
    expect(waiting.sync.status).toBe("Drifted");
    expect(waiting.resources.find(({ ref }) => ref.name === "web")?.waiting).toBe(waiting.waiting);
    const fought = await until("the episode", async () => await episode(world));
    expect(fought).toMatchObject({ change: { manager: FIGHTER, class: "drift", desired: 2 }, state: "open" });
    expect(fought.fight?.message).toContain(FIGHTER);
    expect(fought.count).toBeGreaterThanOrEqual(5);
    expect(Date.parse(fought.lastSeen)).toBeGreaterThan(Date.parse(fought.firstSeen));

    await patch(world, "configmap/settings", { data: { colour: "red" } }, "ann");
    await until("the sibling to be healed", async () => (await colour(world)) === "blue", LONG);
    await world.kubectl("set", "image", "deployment/web", "web=nginx:9");
    await until("another field of the object to be healed", async () => (await image(world)) === "nginx:1.27", LONG);

    // Each of our writes to the object is one that it came back from, or the one for its image; the fighter's are PATCH.
    const { edits } = fighter;
    const spent = requestsBetween(before, await cluster.requestCounts());
    expect(sumRequests(spent, { verb: "APPLY", resource: "deployments" })).toBeLessThanOrEqual(edits + 4);
    const told = await reasons(world);
    for (const reason of ["Fight", "Healed"]) expect(told.filter((one) => one === reason)).toHaveLength(1);
    expect(told.filter((one) => one === "DriftFound").length).toBeLessThanOrEqual(2);
  });

  test("does not keep a commit waiting, nor a person, and is over when the other stops", async () => {
    await using world = await World.synced({ files: FILES });
    {
      await using fighter = new Fighter(world);
      await world.status((status) => /has changed it [6-9] times/.test(status.waiting ?? ""), LONG);
      await world.commit({ "web/deploy.yaml": deployment("web", { image: "nginx:2" }) });
      await until("the commit to be applied", async () => (await image(world)) === "nginx:2", LONG);
      const { edits } = fighter;
      await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true&timeout=60s`);
      await until("the fighter to answer the sync", () => fighter.edits > edits, LONG);
    }
    await until("Git's replicas", async () => (await replicas(world)) === 2, 180);
    const done = await world.status(({ sync, waiting }) => sync.status === "Synced" && waiting === undefined, 180);
    expect(done.problems).toEqual([]);
    const ended = await until("the ended episode", async () => await episode(world, "ended"));
    expect(ended).toMatchObject({ state: "ended", end: { how: "healed" } });
    await until("no episode to be open", async () => (await episode(world)) === undefined);
  }, 300_000);
});
