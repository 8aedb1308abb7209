import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const MINUTE = 60_000;
const web = { "web/a.yaml": configMap("a", { colour: "blue", shape: "round" }) };

/** A loop whose clock stands until it is moved. */
async function clockedLoop() {
  const clock = { ms: Date.parse("2026-01-01T00:00:00Z") };
  const loop = await Loop.open({ files: web, now: () => clock.ms });
  await loop.start(loop.application("web"));
  await loop.synced("web");
  const set = (key: string, value: string) =>
    loop.kubectl("patch", "configmap/a", "--type=merge", "-p", JSON.stringify({ data: { [key]: value } }));
  const value = (key: string) => loop.kubectl("get", "configmap/a", "-o", `jsonpath={.data.${key}}`);
  const heals = () =>
    loop.passes("default/web").filter(({ outcomes }) => outcomes.some(({ outcome }) => outcome === "configured"))
      .length;
  return { loop, clock, set, value, heals };
}

describeCluster("somebody who undoes the healing", () => {
  test("has three times undone at once; the fourth waits for its time with a sentence, and for nothing else", async () => {
    const { loop, clock, set, value, heals } = await clockedLoop();
    await using _ = loop;
    for (let n = 1; n <= 3; n++) {
      await set("colour", "red");
      await until(`heal ${n}`, () => heals() === n);
    }
    await set("colour", "red");
    const waiting = await loop.status("web", (status) => status.waiting !== undefined, 60);
    expect(waiting.waiting).toMatch(
      /^waits 1 s before healing data\.colour of ConfigMap \S+\/a again: kubectl-patch has changed it 4 times within 5 minutes; /,
    );
    expect(waiting.drift).toMatchObject([{ count: 4, fight: { times: 4, rule: { manager: "kubectl-patch" } } }]);

    await set("shape", "square");
    await until("the other field to be healed", async () => (await value("shape")) === "round", 60);
    expect(await value("colour")).toBe("red");

    clock.ms += 1000;
    loop.sync.trigger("default/web", "interval");
    await until("the fought field to be healed", async () => (await value("colour")) === "blue", 60);
    expect((await loop.synced("web")).waiting).toBeUndefined();
  });

  test("is forgotten after five quiet minutes, and told so once", async () => {
    const { loop, clock, set, heals } = await clockedLoop();
    await using _ = loop;
    const told: string[] = [];
    loop.report.onEvent(({ reason, message }) => {
      // How often it is waited for depends on when the passes come.
      if (message.includes("data.colour") && reason !== "Waiting") told.push(reason);
    });
    for (let n = 1; n <= 6; n++) {
      await set("colour", "red");
      clock.ms += 30_000;
      await until(`heal ${n}`, () => {
        loop.sync.trigger("default/web", "interval");
        return heals() === n;
      });
    }
    const quiet = await loop.status("web", ({ sync, drift }) => sync.status === "Synced" && drift.length === 1);
    expect(quiet.drift).toMatchObject([{ count: 6, end: { how: "healed" }, fight: { times: 6 } }]);

    clock.ms += 5 * MINUTE;
    loop.sync.trigger("default/web", "interval");
    await loop.status("web", ({ drift }) => drift.length === 0);
    expect(told).toEqual(["DriftFound", "Healed", "DriftFound", "Fight", "Healed"]);
    expect(loop.report.drift({ state: "ended" }).items).toMatchObject([{ count: 6, state: "ended" }]);

    await set("colour", "red");
    await until("the next to be healed at once", () => heals() === 7);
    expect(loop.report.drift({ state: "ended" }).items).toMatchObject([{ count: 1 }, { count: 6 }]);
  });
});
