import { expect, test } from "vitest";
import { APPLIED_SET_ANNOTATION } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const files = { "web/a.yaml": configMap("a", { colour: "blue" }) };
const PARENT = { group: "", version: "v1", kind: "ConfigMap", name: "default.web" };

describeCluster("what a pass may write", () => {
  test("with auto off is drift alone: a new revision waits in the plan, and the parent keeps what it says", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    const parent = () => loop.cluster.get({ ...PARENT, namespace: loop.namespace });
    const before = await parent();
    loop.sync.setApplications([loop.application("web", { sync: { auto: false } })]);
    await loop.repository.commit({ "web/b.yaml": configMap("b", {}) });
    loop.sync.delivered({ urls: [loop.repository.url] });
    const { plan } = await loop.status("web", ({ sync }) => sync.status === "Pending");
    expect(plan?.steps.map(({ ref, action }) => [ref.name, action])).toEqual([
      ["a", "none"],
      ["b", "create"],
    ]);
    await loop.kubectl("patch", "configmap/a", "--type=merge", "-p", '{"data":{"colour":"red"}}');
    await until(
      "healing",
      async () => (await loop.kubectl("get", "configmap/a", "-o", "jsonpath={.data.colour}")) === "blue",
    );
    expect(await loop.kubectl("get", "configmap/b", "--ignore-not-found")).toBe("");
    expect((await parent())?.metadata.annotations).toEqual(before?.metadata.annotations);
  });

  test("is the inventory too, when somebody deletes it", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    await loop.kubectl("delete", "configmap/default.web");
    await until("the inventory to be back", async () => {
      const parent = await loop.cluster.get({ ...PARENT, namespace: loop.namespace });
      return parent?.metadata.annotations?.[APPLIED_SET_ANNOTATION] !== undefined;
    });
  });

  test("is nothing when only the plan was asked for", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { observe: true } }));
    const { steps } = await loop.sync.plan("default/web");
    expect(steps.map(({ ref, action }) => [ref.name, action])).toEqual([["a", "create"]]);
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found")).toBe("");
    await expect(loop.sync.plan("default/none")).rejects.toMatchObject({ code: "PL-API-NOT-FOUND" });
  });

  test("is nothing while the newest revision is broken, of which the plan says so", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    await loop.repository.commit({ "web/a.yaml": "apiVersion: v1\nkind:\n\tConfigMap\n" });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await loop.status("web", ({ problems }) => problems[0]?.code === "PL-YAML-TAB");
    await expect(loop.sync.plan("default/web")).rejects.toMatchObject({ code: "PL-YAML-TAB" });
    expect(await loop.kubectl("get", "configmap/a", "-o", "name")).toContain("a");
  });
});
