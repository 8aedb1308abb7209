import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap, deployment, yaml } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const files = { "web/a.yaml": configMap("a", { colour: "blue" }), "db/b.yaml": configMap("b", { size: "1" }) };
const never = new AbortController().signal;

describeCluster("triggers", () => {
  test("that come while a pass runs cause exactly one more, under the name of the strongest", async () => {
    await using loop = await Loop.open({ files });
    loop.git.pause();
    await loop.start(loop.application("web", { sync: { observe: true } }));
    await until("the first pass to ask Git", () => loop.git.requests.all.length > 0);
    for (const kind of ["retry", "webhook", "drift", "interval"] as const) loop.sync.trigger("default/web", kind);
    loop.git.resume();
    await loop.sync.passEnded("default/web", 2, never);
    // A person's pass would come after any other that waits.
    const id = await loop.sync.sync("default/web");
    await loop.sync.passEnded("default/web", id ?? 0, never);
    expect(loop.triggers("web")).toEqual(["start", "webhook", "manual"]);
  });

  test("for an application that nobody knows, or before the start, do nothing", async () => {
    await using loop = await Loop.open({ files });
    loop.sync.setApplications([loop.application("web", { sync: { observe: true } })]);
    loop.sync.trigger("default/web", "drift");
    loop.sync.trigger("default/none", "drift");
    expect(await loop.sync.sync("default/none")).toBeUndefined();
    await loop.sync.start();
    await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    expect(loop.triggers("web")).toEqual(["start"]);
  });

  test("by a person before the loop has started is not lost", async () => {
    await using loop = await Loop.open({ files });
    const web = loop.application("web", { sync: { auto: false } });
    loop.sync.setApplications([web]);
    await loop.sync.sync("default/web");
    await loop.start(web);
    await loop.synced("web");
  });

  test("a sync that is asked for during the start writes, and its number is that of the pass which did", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { auto: false } }));
    const id = await loop.sync.sync("default/web");
    const status = await loop.sync.passEnded("default/web", id ?? 0, never);
    expect(status.sync.status).toBe("Synced");
    expect(status.lastPass?.trigger).toBe("manual");
  });
});

describeCluster("a suspended application", () => {
  test("is left alone, says so, keeps nobody waiting, and goes on when it may again", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { suspend: true }));
    await until("readiness", () => loop.sync.readiness().ready);
    const id = await loop.sync.sync("default/web");
    const status = await loop.sync.passEnded("default/web", id ?? 0, never);
    expect(status).toMatchObject({ sync: { status: "Unknown" }, waiting: "suspended by spec.suspend" });
    expect(status.nextPassAt).toBeUndefined();
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");

    loop.sync.setApplications([loop.application("web")]);
    expect((await loop.synced("web")).waiting).toBeUndefined();

    loop.sync.setApplications([loop.application("web", { suspend: true })]);
    const resting = await loop.status("web", ({ waiting }) => waiting !== undefined);
    expect(resting).toMatchObject({ sync: { status: "Synced" }, waiting: "suspended by spec.suspend" });
    expect(resting.resources).toHaveLength(1);
  });
});

describeCluster("the set of applications", () => {
  test("when one changes, it passes again, and when only its labels do, it does not", async () => {
    await using loop = await Loop.open({ files });
    const web = loop.application("web");
    await loop.start(web);
    await loop.synced("web");
    loop.sync.setApplications([{ ...web, metadata: { ...web.metadata, labels: { team: "a" } } }]);
    loop.sync.setApplications([loop.application("web", { source: { path: "db" } })]);
    const { resources } = await loop.status(
      "web",
      ({ source, sync }) => source.path === "db" && sync.status === "Synced",
    );
    expect(resources.map(({ ref }) => ref.name)).toEqual(["b"]);
    expect(loop.triggers("web").filter((kind) => kind === "config")).toHaveLength(1);
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");
  });

  test("when one leaves it, its objects stay and nothing is reported of it any more", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    loop.sync.setApplications([]);
    expect(loop.report.get("default/web")).toBeUndefined();
    expect(loop.sync.application("default/web")).toBeUndefined();
    await loop.sync.stop();
    expect(await loop.kubectl("get", "configmap/a", "-o", "name")).toContain("a");
  });

  test("when one leaves it in the middle of its pass, that pass does not bring it back", async () => {
    const waves = {
      "web/first.yaml": deployment("first"),
      "web/second.yaml": yaml("v1", "ConfigMap", "second", {}, { annotations: { "plumbline.dev/wave": "1" } }),
    };
    await using loop = await Loop.open({ files: waves });
    await loop.start(loop.application("web", { sync: { timeout: "1s" } }));
    await loop.status("web", ({ waiting }) => waiting !== undefined);
    const reported: string[] = [];
    loop.sync.setApplications([]);
    loop.report.onChange((name) => reported.push(name));
    await loop.sync.stop();
    expect(loop.report.get("default/web")).toBeUndefined();
    expect(reported).toEqual([]);
  });
});
