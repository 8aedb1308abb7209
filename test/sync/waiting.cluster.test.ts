import { expect, test } from "vitest";
import { Gate } from "../apply/gate.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap, deployment, yaml } from "../e2e/manifests.ts";
import { Loop } from "./loop.ts";

const web = { "web/a.yaml": configMap("a", { colour: "blue" }) };
const waves = {
  "web/first.yaml": deployment("first"),
  "web/second.yaml": yaml("v1", "ConfigMap", "second", {}, { annotations: { "plumbline.dev/wave": "1" } }),
};

describeCluster("an application that depends on another", () => {
  test("waits for it with a sentence, writes nothing, and goes on as soon as it is well", async () => {
    await using loop = await Loop.open({ files: web });
    const other = await loop.git.createRepository("db", { "db/deploy.yaml": deployment("db") });
    await loop.start(
      loop.application("web", { dependsOn: ["db"] }),
      loop.application("db", { source: { repo: other.url } }),
    );
    const held = await loop.status("web", ({ waiting }) => waiting?.includes("Progressing") === true);
    expect(held.waiting).toMatch(/^waits for application default\/db: Progressing, .*Deployment/);
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");

    await other.commit({ "db/deploy.yaml": null, "db/b.yaml": configMap("b", {}), "db/c.yaml": configMap("c", {}) });
    expect(loop.sync.delivered({ urls: [other.url] })).toEqual(["default/db"]);
    const { waiting } = await loop.synced("web");
    expect(waiting).toBeUndefined();
    const [db, own] = ["default/db", "default/web"].map((name) =>
      loop.passes(name).findLast(({ outcomes }) => outcomes.some(({ outcome }) => outcome === "created")),
    );
    expect((own?.startedAt ?? "") >= (db?.finishedAt ?? "none")).toBe(true);
  });
});

describeCluster("an application and one that it depends on", () => {
  test("come by one commit: the dependent waits until the other is well at that commit, and is woken by it", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    const files = (size: string) => ({ "web/a.yaml": configMap("a", { size }), "db/b.yaml": configMap("b", { size }) });
    await using loop = await Loop.open({ files: files("1"), kubeconfig: gate.kubeconfig });
    await loop.start(loop.application("web", { dependsOn: ["db"] }), loop.application("db"));
    await loop.synced("web");
    const held = Promise.withResolvers<void>();
    gate.hold = ({ path }) => (path.endsWith("/b") ? held.promise : Promise.resolve());
    const revision = await loop.repository.commit(files("2"));
    loop.sync.delivered({ urls: [loop.repository.url] });
    const { waiting, waitingSince } = await loop.status("web", (status) => status.waiting !== undefined);
    expect(waiting).toMatch(
      new RegExp(
        `^waits for application default/db: (it was not looked at|its pass has not ended) since revision ${revision.slice(0, 12)} is known`,
      ),
    );
    expect(Date.parse(waitingSince ?? "")).toBeLessThanOrEqual(Date.now());
    held.resolve();
    await loop.status("web", ({ sync, source }) => sync.status === "Synced" && source.revision === revision);
    const written = gate.writes.map(({ path }) => path.slice(-2));
    expect(written.filter((end) => end === "/a" || end === "/b").slice(-2)).toEqual(["/b", "/a"]);
    const [db, own] = ["default/db", "default/web"].map((name) =>
      loop.passes(name).findLast((pass) => pass.outcomes.length > 0),
    );
    expect(Date.parse(own?.startedAt ?? "") - Date.parse(db?.finishedAt ?? "")).toBeLessThan(1000);
  });

  test("that is in the middle of its pass itself: the dependent says what that pass waits for", async () => {
    await using loop = await Loop.open({ files: { ...waves, "api/a.yaml": configMap("a", {}) } });
    await loop.start(loop.application("api", { dependsOn: ["web"] }), loop.application("web"));
    const { waiting } = await loop.status("api", (status) => status.waiting?.includes("wave 1") === true, 30);
    expect(waiting).toMatch(
      /^waits for application default\/web: its first pass has not ended yet \(wave 1 waits for Deployment .*first: /,
    );
  });

  test("depend on each other: the circle stands in both with a code, nothing is written, and it ends with its cause", async () => {
    await using loop = await Loop.open({ files: { ...web, "db/b.yaml": configMap("b", {}) } });
    const db = (dependsOn: readonly string[]) => loop.application("db", { dependsOn });
    const dependent = loop.application("web", { dependsOn: ["db"] });
    await loop.start(dependent, db(["web"]));
    for (const [one, other] of [
      ["web", "db"],
      ["db", "web"],
    ] as const) {
      const { problems, sync } = await loop.status(one, ({ lastPass }) => lastPass !== undefined);
      expect(problems[0]).toMatchObject({
        code: "PL-DEPENDENCY-CYCLE",
        message: expect.stringMatching(`default/${one} -> default/${other} -> default/${one}$`),
      });
      expect(sync.status).toBe("Unknown");
    }
    await expect(loop.sync.plan("default/web")).rejects.toMatchObject({ code: "PL-DEPENDENCY-CYCLE" });
    expect(await loop.kubectl("get", "configmap/a", "configmap/b", "--ignore-not-found")).toBe("");
    loop.sync.setApplications([dependent, db([])]);
    expect((await loop.synced("web")).problems).toEqual([]);
  });
});

describeCluster("the deadline of a pass", () => {
  test("ends it with what it waited for, and what was done is told", async () => {
    await using loop = await Loop.open({ files: waves });
    await loop.start(loop.application("web", { sync: { timeout: "5s" } }));
    const { lastPass } = await loop.status("web", ({ lastPass }) => lastPass !== undefined, 60);
    expect(lastPass?.problem).toMatchObject({
      code: "PL-APPLY-TIMEOUT",
      message: expect.stringMatching(
        /^the pass took longer than 5 s, while applying the plan: wave 1 waits for Deployment .*first/,
      ),
    });
    expect(lastPass?.outcomes.map(({ ref, outcome }) => [ref.name, outcome])).toEqual([
      ["first", "created"],
      ["second", "skipped"],
    ]);
  });

  test("while Git is silent names that", async () => {
    await using loop = await Loop.open({ files: web });
    loop.git.pause();
    await loop.start(loop.application("web", { sync: { timeout: "1s" } }));
    const { problems } = await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    expect(problems[0]).toMatchObject({
      code: "PL-APPLY-TIMEOUT",
      message: "the pass took longer than 1 s, while asking Git for the revision",
    });
  });
});

describeCluster("what waits for long", () => {
  test("is told with the warnings that Kubernetes has about it, while the pass goes on", async () => {
    await using loop = await Loop.open({ files: waves, longWaitMs: 300 });
    await loop.start(loop.application("web"));
    await loop.status("web", ({ waiting }) => waiting !== undefined);
    const uid = await loop.kubectl("get", "deployment/first", "-o", "jsonpath={.metadata.uid}");
    const about = { apiVersion: "apps/v1", kind: "Deployment", namespace: loop.namespace, name: "first", uid };
    const event = { type: "Warning", reason: "FailedCreate", message: "no quota", count: 3, involvedObject: about };
    await loop.kubectl("create", "-f", loop.file(yaml("v1", "Event", "said", event, { namespace: loop.namespace })));
    const { resources, lastPass } = await loop.status(
      "web",
      (status) => (status.resources[0]?.evidence?.events.length ?? 0) > 0,
    );
    expect(lastPass).toBeUndefined();
    expect(resources.find(({ ref }) => ref.name === "first")).toMatchObject({
      waiting: expect.stringMatching(/^waits to be healthy: /),
      evidence: {
        events: [{ reason: "FailedCreate", message: "no quota", count: 3, ref: { name: "first" } }],
        logs: [],
      },
    });
  });
});

describeCluster("stopping", () => {
  test("ends a pass that waits at once, as cancelled", async () => {
    await using loop = await Loop.open({ files: waves });
    await loop.start(loop.application("web"));
    await loop.status("web", ({ waiting }) => waiting !== undefined);
    await loop.sync.stop();
    const status = loop.report.get("default/web");
    expect(status?.lastPass?.problem?.code).toBe("PL-PASS-CANCELLED");
    expect(status?.nextPassAt).toBeUndefined();
  });
});

describeCluster("what fails for the moment", () => {
  test("is tried again ever more slowly, and after a success at the interval", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    await using loop = await Loop.open({ files: web, kubeconfig: gate.kubeconfig, random: () => 0, jitter: 0 });
    gate.refuse = ({ path }) => (path.endsWith("/a") ? { status: 409, reason: "Conflict" } : undefined);
    const waits: number[] = [];
    loop.report.onChange((_, status) => {
      if (status?.nextPassAt !== undefined && status.lastPass?.id === waits.length + 1)
        waits.push(Date.parse(status.nextPassAt) - Date.parse(status.lastPass.finishedAt));
    });
    await loop.start(loop.application("web"));
    await loop.status("web", ({ lastPass }) => lastPass?.id === 2);
    gate.refuse = () => undefined;
    await loop.synced("web");
    expect(loop.passes("default/web")[1]?.problem?.code).toBe("PL-KUBE-CONFLICT");
    expect(waits.slice(0, 2).map((ms) => Math.round(ms / 50) * 50)).toEqual([500, 1000]);
    expect(Math.round((waits.at(-1) ?? 0) / 1000)).toBe(60);
  });
});
