import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const files = { "web/a.yaml": configMap("a", { colour: "blue" }), "db/b.yaml": configMap("b", { size: "1" }) };
const bigger = { "db/b.yaml": configMap("b", { size: "2" }) };

describeCluster("a commit to a repository of many applications", () => {
  test("is a pass for those whose folder it touches; the others name the new revision at once, and do nothing", async () => {
    await using loop = await Loop.open({ files });
    const long = { interval: "1h" };
    await loop.start(loop.application("web", { sync: long }), loop.application("db", { sync: long }));
    await loop.synced("web");
    await loop.synced("db");
    const told: string[] = [];
    loop.report.onEvent(({ application, reason }) => told.push(`${application} ${reason}`));
    const [web, requests] = [loop.passes("default/web").length, loop.requests.length];

    const revision = await loop.repository.commit(bigger, { message: "A larger database" });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await loop.status("db", ({ sync, source }) => sync.status === "Synced" && source.revision === revision);
    const { source, sync } = await loop.status("web", (status) => status.source.revision === revision);
    expect(source).toMatchObject({ subject: "A larger database" });
    expect(sync.status).toBe("Synced");
    expect(loop.passes("default/web")).toHaveLength(web);
    expect(told.filter((one) => one.startsWith("default/web"))).toEqual([]);
    expect(told).toContain("default/db Revision");
    const written = loop.requests.slice(requests).filter(({ verb }) => verb === "apply" || verb === "patch");
    expect(written.every(({ kind }) => kind === "ConfigMap")).toBe(true);
  });

  test("is a pass for those that are rendered from more than their folder", async () => {
    const base = (colour: string) => ({ "base/a.yaml": configMap("a", { colour }) });
    const kustomization = (resource: string) => `resources: [${resource}]\n`;
    await using loop = await Loop.open({
      files: {
        ...base("blue"),
        "base/kustomization.yaml": kustomization("a.yaml"),
        "web/kustomization.yaml": kustomization("../base"),
      },
    });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.synced("web");
    await loop.repository.commit(base("red"));
    loop.sync.delivered({ urls: [loop.repository.url] });
    await until(
      "the other colour",
      async () => (await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.colour}")) === "red",
    );
  });

  test("is looked at by a pass where the application had trouble, though its folder is the same", async () => {
    await using loop = await Loop.open({ files: { ...files, "web/c.yaml": "kind: Broken" } });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.status("web", ({ problems }) => problems.length > 0);
    const before = loop.passes("default/web").length;
    const revision = await loop.repository.commit(bigger);
    loop.sync.delivered({ urls: [loop.repository.url] });
    await until("a pass of its own", () => loop.passes("default/web").length > before);
    await loop.status("web", ({ source }) => source.revision === revision);
  });
});
