import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { ReplicaWorld, type TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

/** Of the metrics of a replica, the one of this name and label; 0 where there is none. */
async function metric({ plumbline }: TestReplica, series: string): Promise<number> {
  const text = await (await fetch(`${plumbline.address}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** The one that asks the repository for all, when all of these say the same of it. */
async function asker(replicas: readonly TestReplica[]): Promise<TestReplica | undefined> {
  const own = await Promise.all(replicas.map((one) => metric(one, 'plumbline_repositories{asked_by="this"}')));
  const others = await Promise.all(replicas.map((one) => metric(one, 'plumbline_repositories{asked_by="another"}')));
  const isAgreed = own.every((count, i) => count + (others[i] ?? 0) === 1);
  return isAgreed && own.filter((count) => count === 1).length === 1 ? replicas[own.indexOf(1)] : undefined;
}

/** What a replica asked the Git server itself, packs apart. */
async function questions(replica: TestReplica): Promise<number> {
  return await metric(replica, 'plumbline_git_requests_total{operation="ls-refs",result="ok"}');
}

async function divided(world: ReplicaWorld, replicas: readonly TestReplica[]): Promise<TestReplica> {
  await until("a whole division", async () => {
    const own = await Promise.all(replicas.map((one) => world.own(one)));
    return own.flat().length === world.names.length;
  });
  const one = await until("one that asks for all", () => asker(replicas));
  await quiet(world);
  return one;
}

/** Of each application: why its repository does not answer. */
async function problems({ names }: ReplicaWorld, asked: TestReplica | undefined): Promise<readonly unknown[]> {
  type Detail = { readonly source: { readonly stale?: { readonly problem: { readonly code: string } } } };
  const ask = (name: string) => asked?.plumbline.get<Detail>(`/api/v1/applications/team/${name}`);
  return (await Promise.all(names.map(ask))).map((one) => one?.source.stale?.problem.code);
}

const QUIET_MS = 1500;

/** Whoever wanted to ask because the division has changed has done it. */
async function quiet({ parts: { git } }: ReplicaWorld): Promise<void> {
  let seen = { count: -1, at: 0 };
  await until("a second without a question to the server", () => {
    const count = git.requests.count("ls-refs");
    if (count !== seen.count) seen = { count, at: performance.now() };
    return performance.now() - seen.at > QUIET_MS;
  });
}

/** How often these were disturbed, as a machine does that is busy with other things: one was not heard of for seconds, or did not answer. */
function disturbances(replicas: readonly TestReplica[]): number {
  const said = replicas.map(({ plumbline }) => plumbline.output).join("");
  return said.match(/divided anew|stops writing|asks them itself/g)?.length ?? 0;
}

/** What a step gives that was not disturbed. */
async function undisturbed<T>(replicas: readonly TestReplica[], step: (nth: number) => Promise<T>): Promise<T> {
  for (let nth = 0; ; nth++) {
    const before = disturbances(replicas);
    const given = await step(nth);
    if (disturbances(replicas) === before || nth === 3) return given;
  }
}

describeCluster("a repository that three replicas share", () => {
  test("is asked by one of them for all: at each interval, for a webhook and for a sync at any; one that is killed is replaced, and nothing is missed", {
    timeout: 240_000,
  }, async () => {
    await using world = await ReplicaWorld.make(9);
    const { git, repository } = world.parts;
    const asked = (): number => git.requests.count("ls-refs");
    const three = [await world.start(), await world.start(), await world.start()];
    await until("everything written", () => world.isAll("first"), 60);
    const first = await divided(world, three);
    const others = three.filter((one) => one !== first);

    const forWebhook = await undisturbed(three, async (nth) => {
      const before = asked();
      await world.commit(`webhook ${nth}`);
      expect((await others[0]?.hook({ repo: repository.url }))?.status).toBe(202);
      await until("the webhook's commit everywhere", () => world.isAll(`webhook ${nth}`), 30);
      return asked() - before;
    });
    expect(forWebhook).toBe(1);

    const name = world.names[0] ?? "";
    const forSync = await undisturbed(three, async (nth) => {
      const before = asked();
      const revision = await world.commit(`sync ${nth}`);
      const synced = await others[1]?.plumbline.post(`/api/v1/applications/team/${name}/sync?wait=true`);
      expect(synced).toMatchObject({ status: 200, body: { name, source: { revision } } });
      await until("the sync's commit everywhere", () => world.isAll(`sync ${nth}`), 30);
      return asked() - before;
    });
    expect(forSync).toBe(1);

    await first.plumbline.kill("SIGKILL");
    const killedAt = performance.now();
    await world.commit("after the kill");
    await until("the commit, which nobody told of, everywhere", () => world.isAll("after the kill"), 30);
    const seconds = (performance.now() - killedAt) / 1000;
    console.log(`the commit that was made after the kill is written ${seconds.toFixed(1)} s after it`);
    expect(seconds).toBeLessThan(15);
    expect(others).toContain(await until("another one that asks for all", () => asker(others)));

    const again = [...others, await world.start()];
    await divided(world, again);
    world.setInterval("2s");
    await world.commit("found by polling");
    await until("the commit, found by polling, everywhere", () => world.isAll("found by polling"), 30);
    const span = await undisturbed(again, async () => {
      const polling = await until("one that asks for all", () => asker(again));
      const [own, from, begun] = [await questions(polling), asked(), performance.now()];
      await until("four more polls", () => asked() >= from + 4);
      const ms = performance.now() - begun;
      return { ms, own: (await questions(polling)) - own };
    });
    // Between four polls of one are three intervals, each a tenth shorter at most. Three that poll need one and a bit.
    expect(span.ms).toBeGreaterThan(3 * 1800);
    expect(span.own).toBeGreaterThanOrEqual(3);

    git.fault = { kind: "status", status: 503 };
    const isStale = async () => (await problems(world, again[0])).every((code) => code === "PL-GIT-UNREACHABLE");
    await until("the reason at every application", isStale);
    git.fault = undefined;
    await until("no reason at any", async () => (await problems(world, again[0])).every((code) => code === undefined));
  });
});
