import { expect, test } from "vitest";
import type { ApplicationAnswer, EventsPage, HistoryPage, ReplicasAnswer } from "../../src/api/index.ts";
import { ApiClient } from "../../src/cli/client/api-client.ts";
import { followEvents } from "../../src/cli/client/event-stream.ts";
import type { LiveObject } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "./manifests.ts";
import { ReplicaWorld, type TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

const APPLICATIONS = 12;
const path = (name: string, part = ""): string => `/api/v1/applications/team/${name}${part}`;

async function isWhole(world: ReplicaWorld, revision: string): Promise<boolean> {
  const [first] = world.replicas;
  const listed = first === undefined ? [] : await world.listed(first);
  return (
    listed.length === APPLICATIONS &&
    listed.every(({ sync, source }) => sync.status === "Synced" && source.revision === revision)
  );
}

/** Each with what it has, once everything is divided. */
async function divided(world: ReplicaWorld, replicas: readonly TestReplica[]): Promise<string[][]> {
  return await until("a whole division", async () => {
    const all = await Promise.all(replicas.map((one) => world.own(one)));
    const isAll = all.every((own) => own.length > 0) && all.flat().length === APPLICATIONS;
    return isAll && all.map((own) => own.map(({ name }) => name));
  });
}

/** Two neighbours of the chain that are not the same replica's: the second of them depends on the first. */
function split(own: readonly string[]): [string, string] {
  for (let i = 1; i < APPLICATIONS; i++) {
    const [before, after] = [`app-${i - 1}`, `app-${i}`];
    if (own.includes(before) !== own.includes(after)) return [before, after];
  }
  throw new Error("one of them has all");
}

/** Resolves with the next sync that a reader of the stream is told of, wherever it is done. */
async function nextSync({ plumbline }: TestReplica, name: string): Promise<string> {
  const client = new ApiClient({ server: plumbline.address, token: undefined, say: () => {} });
  const { items } = await client.get<EventsPage>(path(name, "/events?limit=1"));
  for await (const { reason, message } of followEvents(client, path(name, "/events"), items[0]?.id ?? 0))
    if (reason === "Applied") return message;
  return "the stream has ended";
}

const JSON_BODY = { "content-type": "application/json" };

async function said({ plumbline }: TestReplica, address: string): Promise<{ status: number; body: unknown }> {
  return await plumbline.post(address, JSON.stringify({ reason: "to try it" }), JSON_BODY);
}

describeCluster("replicas, whichever is asked", () => {
  test("applications of two depend on each other, give each other objects, and keep their history; one that is stopped is answered for", async () => {
    await using world = await ReplicaWorld.make(APPLICATIONS, { dependsOn: (i) => (i === 0 ? [] : [`app-${i - 1}`]) });
    const { repository, cluster, namespace } = world.parts;
    const one = await world.start();
    const first = await repository.head();
    await until("the first commit everywhere", async () => await isWhole(world, first), 60);
    const second = await world.commit("second");
    await one.hook({ repo: repository.url });
    await until("the second commit everywhere", async () => await isWhole(world, second), 60);

    const two = await world.start();
    const [, theirs = []] = await divided(world, [one, two]);
    const [moved = ""] = theirs;
    const { items: history } = await two.plumbline.get<HistoryPage>(path(moved, "/history"));
    expect(history.map(({ revision }) => revision)).toEqual(expect.arrayContaining([first, second]));
    const back = await said(one, path(moved, "/rollback"));
    expect(back).toMatchObject({ status: 202, body: { pin: { revision: first } } });
    await until("the object as it was", async () => (await world.colours()).get(`${moved}-0`) === "first");
    expect(await two.plumbline.post(path(moved, "/unpin"))).toMatchObject({ status: 202 });
    await until("the second commit again", async () => await isWhole(world, second), 30);

    const [before, after] = split(theirs);
    const broken = {
      [`${before}/0.yaml`]: "kind: [",
      [`${after}/0.yaml`]: configMap(`${after}-0`, { colour: "third" }),
    };
    await repository.commit(broken);
    await two.hook({ repo: repository.url });
    for (const asked of [one, two])
      await until("who depends on what is broken says so", async () => {
        const { waiting = "", sync } = await asked.plumbline.get<ApplicationAnswer>(path(after));
        return sync.status === "Pending" && waiting.includes(`team/${before}`);
      });
    expect((await world.colours()).get(`${after}-0`)).toBe("second");

    const uidOf = async (name: string): Promise<string> => {
      const { stdout } = await cluster.kubectl(["--namespace", namespace, "get", "configmap", name, "-o", "json"]);
      return (JSON.parse(stdout) as LiveObject).metadata.uid;
    };
    const uid = await uidOf(`${before}-0`);
    // The object goes to the other replica's application, and the first keeps another one.
    const third = await repository.commit({
      [`${before}/0.yaml`]: configMap(`${before}-kept`, { colour: "third" }),
      [`${after}/moved.yaml`]: configMap(`${before}-0`, { colour: "third" }),
    });
    await one.hook({ repo: repository.url });
    await until("both as Git has them", async () => await isWhole(world, third), 30);
    expect(await uidOf(`${before}-0`)).toBe(uid);

    const away = theirs.at(-1) ?? "";
    await one.plumbline.get(path(away, "/resources"));
    const told = nextSync(one, away);
    process.kill(two.plumbline.pid ?? 0, "SIGSTOP");
    // All at once: what is only looked up has its answer before the others know that it is gone.
    const [list, suspended, ...looks] = await Promise.all([
      world.listed(one),
      said(one, path(away, "/suspend")),
      ...["", "/resources"].map((part) => one.plumbline.get(path(away, part))),
    ]);
    expect(list).toHaveLength(APPLICATIONS);
    expect(list.filter(({ asOf }) => asOf !== undefined).map(({ name }) => name)).toEqual(theirs);
    for (const look of looks) expect(look).toHaveProperty("asOf");
    expect(suspended).toMatchObject({ status: 503, body: { code: "PL-REPLICA-AWAY" } });
    await until("all of its work at the other", async () => (await world.own(one)).length === APPLICATIONS, 30);
    // The object goes back to where it was.
    await repository.commit({ [`${after}/moved.yaml`]: null });
    await world.commit("fourth");
    await one.hook({ repo: repository.url });
    expect(await told).toContain("configured");

    process.kill(two.plumbline.pid ?? 0, "SIGCONT");
    await until("both ready, and a share for each", async () => {
      const { items } = await two.plumbline.get<ReplicasAnswer>("/api/v1/replicas");
      return (
        items.length === 2 && items.every(({ state, applications = 0 }) => state === "Working" && applications > 0)
      );
    });
    const metrics = await (await fetch(`${two.plumbline.address}/metrics`)).text();
    expect(metrics).toMatch(/^plumbline_replica_tenures_lost_total [1-9]/m);
    expect(metrics).toContain("plumbline_replicas 2");
  });
});
