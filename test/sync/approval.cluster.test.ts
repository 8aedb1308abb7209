import { expect, test } from "vitest";
import { APPLYSET_ID_LABEL, readInstructions } from "../../src/model/index.ts";
import { applySetId } from "../../src/plan/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { configMap, yaml } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const files = {
  "web/a.yaml": configMap("a", { colour: "blue" }),
  "web/s.yaml": yaml("v1", "Secret", "s", { stringData: { password: "hunter2" } }),
};
const approve = { approve: true, interval: "1h" };
const at = "default/web";

async function approvalOn(loop: Loop) {
  const ref = { group: "", version: "v1", kind: "ConfigMap", namespace: loop.namespace, name: "default.web" };
  return readInstructions((await loop.cluster.get(ref))?.metadata.annotations).instructions.approved;
}

describeCluster("an application whose plans are approved", () => {
  test("waits for exactly that plan, does it once, and waits anew for another, for healing too", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: approve }));
    const first = await loop.status("web", ({ awaitsApproval }) => awaitsApproval !== undefined);
    const hash = first.awaitsApproval ?? "";
    expect(first.waiting).toBe(`waits for approval of plan ${hash.slice(0, 12)}: 2 to create`);
    expect((await loop.sync.plan(at)).hash).toBe(hash);
    await loop.sync.sync(at);
    expect(loop.report.events({ application: at }).items.map(({ reason }) => reason)).toContain("ApprovalNeeded");

    // The plan moves between approval and execution: the Secret alone is another one.
    await loop.repository.commit({ "web/s.yaml": yaml("v1", "Secret", "s", { stringData: { password: "other" } }) });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await loop.status("web", (one) => one.awaitsApproval !== undefined && one.awaitsApproval !== hash);
    const stale = JSON.stringify({ plan: hash, by: "ada", at: "2026-11-21T12:00:00Z" });
    await loop.kubectl("create", "configmap", "default.web");
    await loop.kubectl("label", "configmap/default.web", `${APPLYSET_ID_LABEL}=${applySetId(at, loop.namespace)}`);
    await loop.kubectl("annotate", "configmap/default.web", `plumbline.dev/approved=${stale}`);
    await loop.sync.sync(at);
    const moved = await loop.status("web", ({ waiting }) => waiting?.includes("approved another") === true);
    expect(moved.waiting).toContain(`; ada approved another one, ${hash.slice(0, 12)}`);
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");
    expect(JSON.stringify(moved)).not.toMatch(/hunter2|aHVudGVyMg|"other"/);
    await expect(loop.sync.instructions.approve(at, hash, "ada")).rejects.toMatchObject({ code: "PL-APPROVE-MOVED" });
    const pass = await loop.sync.instructions.approve(at, moved.awaitsApproval ?? "", "ada");
    const done = await loop.sync.passEnded(at, pass, AbortSignal.timeout(15_000));
    expect(done.lastSync?.outcomes.map(({ outcome }) => outcome)).toContain("created");
    await loop.status("web", ({ sync, awaitsApproval }) => sync.status === "Synced" && awaitsApproval === undefined);
    await until("the approval to be used up", async () => (await approvalOn(loop)) === undefined);

    await loop.kubectl("patch", "configmap/a", "--type=merge", "-p", '{"data":{"colour":"red"}}');
    const drifted = await loop.status("web", ({ awaitsApproval }) => awaitsApproval !== undefined);
    expect(drifted.waiting).toMatch(/: 1 to update$/);
    await loop.sync.passEnded(at, (await loop.sync.sync(at)) ?? 0, AbortSignal.timeout(15_000));
    expect(await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.colour}")).toBe("red");
    const healing = drifted.awaitsApproval ?? "";
    await loop.sync.instructions.approve(at, healing, "ada");
    await loop.synced("web");
    expect(await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.colour}")).toBe("blue");
    await until("the approval to be used up", async () => (await approvalOn(loop)) === undefined);

    // The same drift again is the same plan, and the approval of the one before counts no more.
    await loop.kubectl("patch", "configmap/a", "--type=merge", "-p", '{"data":{"colour":"red"}}');
    const again = await loop.status("web", ({ awaitsApproval }) => awaitsApproval !== undefined);
    expect(again.awaitsApproval).toBe(healing);
  });

  test("comes to the same hash by a first look, and where no approval was asked for, or nothing may be written, none is taken", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { ...approve } }));
    const { awaitsApproval = "" } = await loop.status("web", (one) => one.awaitsApproval !== undefined);
    await loop.sync.setApplications([loop.application("web", { sync: { ...approve, observe: true } })]);
    await expect(loop.sync.instructions.approve(at, awaitsApproval, "ada")).rejects.toMatchObject({
      code: "PL-OBSERVE-ONLY",
    });
    loop.sync.setApplications([loop.application("web", { sync: { interval: "1h", auto: false } })]);
    await expect(loop.sync.instructions.approve(at, awaitsApproval, "ada")).rejects.toMatchObject({
      code: "PL-APPROVE-UNASKED",
    });
    loop.sync.setApplications([]);
    loop.sync.setApplications([loop.application("web", { sync: approve })]);
    const anew = await loop.status("web", (one) => one.awaitsApproval !== undefined);
    expect(anew.awaitsApproval).toBe(awaitsApproval);
  });
});

describeCluster("an application with windows", () => {
  test("writes nothing outside of them, follow and heal alike, says until when, and goes on by itself at the edge", async () => {
    // A Saturday; the window opens on Monday.
    let now = Date.parse("2026-11-21T12:00:00Z");
    await using loop = await Loop.open({ files, now: () => now });
    const windows = [
      { kind: "allow", schedule: "0 8 * * 1-5", duration: "8h", timeZone: "Europe/Berlin", manual: true },
    ];
    await loop.start(loop.application("web", { sync: { windows, interval: "24h" } }));
    const { waiting } = await loop.status("web", (one) => one.waiting !== undefined);
    expect(waiting).toBe('outside of allow window "0 8 * * 1-5" 8h Europe/Berlin: opens Mon 2026-11-23 08:00');
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");
    const pass = await loop.sync.sync(at);
    await loop.sync.passEnded(at, pass ?? 0, AbortSignal.timeout(15_000));
    await loop.synced("web");

    await loop.kubectl("patch", "configmap/a", "--type=merge", "-p", '{"data":{"colour":"red"}}');
    await loop.status("web", (one) => one.sync.status === "Drifted" && one.waiting === waiting);
    // Half a second before the edge: the pass that comes now asks for the next one there.
    now = Date.parse("2026-11-23T06:59:59.500Z");
    loop.sync.trigger(at, "interval");
    const nearly = await loop.status("web", ({ nextPassAt }) => nextPassAt === "2026-11-23T07:00:00.000Z");
    expect(nearly.sync.status).toBe("Drifted");
    now = Date.parse("2026-11-23T07:00:00Z");
    await loop.synced("web");
    expect(await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.colour}")).toBe("blue");
  });

  test("that cannot be read writes nothing, and says what is wrong", async () => {
    await using loop = await Loop.open({ files });
    const windows = [{ kind: "allow", schedule: "61 8 * * *", duration: "8h" }];
    await loop.start(loop.application("web", { sync: { windows } }));
    const { problems } = await loop.status("web", (one) => one.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-WINDOW-INVALID", where: "spec.sync.windows[0]" }]);
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");
  });
});
