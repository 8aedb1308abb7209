import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { ReplicaWorld, type TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

/** The application whose object is written, where it is one of those that Git has. */
function objectIn(url: string): string | undefined {
  return /\/configmaps\/(app-\d+)-\d+(?:\?|$)/.exec(url)?.[1];
}

function names(listed: readonly { readonly name: string }[]): string[] {
  return listed.map(({ name }) => name).toSorted();
}

describeCluster("replicas", () => {
  test("two share the applications, and whichever is asked answers for all of them, syncs any, and takes the webhook of any", async () => {
    await using world = await ReplicaWorld.make(12);
    const [one, two] = [await world.start(), await world.start()];
    await until("everything written", () => world.isAll("first"), 60);
    const divided = await until("a whole division", async () => {
      const [a, b] = await Promise.all([world.own(one), world.own(two)]);
      return a.length > 0 && b.length > 0 && a.length + b.length === 12 && { a, b };
    });
    expect(names([...divided.a, ...divided.b])).toEqual(world.names.toSorted());
    for (const asked of [one, two]) {
      const all = await until("all of them Synced", async () => {
        const listed = await world.listed(asked);
        return listed.length === 12 && listed.every(({ sync }) => sync.status === "Synced") && listed;
      });
      expect(names(all)).toEqual(world.names.toSorted());
      for (const { name } of all)
        expect(await asked.plumbline.get(`/api/v1/applications/team/${name}`)).toMatchObject({
          sync: { status: "Synced" },
        });
    }
    const elsewhere = divided.b[0]?.name ?? "";
    const synced = await one.plumbline.post(`/api/v1/applications/team/${elsewhere}/sync?wait=true`);
    expect(synced).toMatchObject({ status: 200, body: { name: elsewhere, lastPass: { trigger: "manual" } } });
    const repo = world.parts.repository.url;
    await world.commit("second");
    expect((await one.hook({ repo })).status).toBe(202);
    await until("the webhook's commit everywhere", () => world.isAll("second"), 20);
  });

  test("one that is killed in the middle of a sync is replaced, and its work is done within 15 seconds; one that joins under load takes its share, and no application is written by two in turns", async () => {
    await using world = await ReplicaWorld.make(8, { objects: 3 });
    const [one, two] = [await world.start(), await world.start()];
    await until("everything written", () => world.isAll("first"), 60);
    const divided = await until("a whole division", async () => {
      const [a, b] = await Promise.all([world.own(one), world.own(two)]);
      return a.length > 0 && b.length > 0 && a.length + b.length === 8 && { a };
    });
    const mine = names(divided.a);
    const killed = Promise.withResolvers<number>();
    let writes = 0;
    one.gate.onWrite = ({ phase, url }) => {
      if (phase === "after" && objectIn(url) !== undefined && ++writes === 2) {
        process.kill(one.plumbline.pid ?? 0, "SIGKILL");
        killed.resolve(performance.now());
      }
    };
    const repo = world.parts.repository.url;
    await world.commit("second");
    await Promise.all([one.hook({ repo }).catch(() => undefined), two.hook({ repo })]);
    const at = await killed.promise;
    expect(await world.isAll("second")).toBe(false);
    const [orphaned = ""] = mine;
    await world.commitWithout(orphaned, "second");
    await two.hook({ repo });
    const beforeDeath = await world.listed(two);
    expect(names(beforeDeath)).toEqual(world.names.toSorted());
    // Every object that Git wants and no other: what was left over is pruned, and nothing else of what was gained.
    await until("the dead one's work, done by the other", () => world.isAll("second"), 30);
    const seconds = (performance.now() - at) / 1000;
    console.log(`everything written ${seconds.toFixed(1)} s after the kill`);
    expect(seconds).toBeLessThan(15);
    await until("all of them Synced", async () => {
      const all = await world.own(two);
      return all.length === 8 && all.every(({ sync }) => sync.status === "Synced");
    });
    // The interval is an hour: only a watch that knows what was gained can tell.
    for (const name of mine) await world.edit(`${name}-0`, "by hand");
    await until("drift on what was gained, healed", () => world.isAll("second"), 30);

    const written: { readonly by: string; readonly application: string }[] = [];
    const note = (by: string) => (write: { readonly url: string }) => {
      const application = objectIn(write.url);
      if (application !== undefined) written.push({ by, application });
    };
    two.gate.onWrite = note("two");
    const joining = world.start();
    const loads: string[] = [];
    let three: TestReplica | undefined;
    for (let i = 0; three === undefined || (await world.own(three)).length === 0; i++) {
      loads.push(`load ${i}`);
      await world.commit(`load ${i}`);
      await two.hook({ repo });
      const joined = world.replicas[2];
      if (joined !== undefined) joined.gate.onWrite = note("three");
      three = await Promise.race([joining, wait(300).then(() => three)]);
    }
    await world.commit("last");
    await Promise.all([two.hook({ repo }), three.hook({ repo })]);
    await until("the last commit everywhere", () => world.isAll("last"), 30);
    expect((await world.own(three)).length + (await world.own(two)).length).toBe(8);
    for (const name of world.names) await world.edit(`${name}-0`, "by hand");
    await until("drift on all, healed by whose it is", () => world.isAll("last"), 30);
    for (const name of world.names) {
      const turns = written.filter(({ application }) => application === name).map(({ by }) => by);
      const changes = turns.filter((by, i) => i > 0 && by !== turns[i - 1]);
      expect({ name, changes: changes.length <= 1 }).toEqual({ name, changes: true });
    }
    expect(new Set(written.map(({ by }) => by))).toEqual(new Set(["two", "three"]));
  });
});
