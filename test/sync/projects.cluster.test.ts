import { expect, test } from "vitest";
import { applySetId } from "../../src/plan/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { project } from "../plan/project/projects.ts";
import { Loop } from "./loop.ts";

const configMap = (name: string, namespace?: string) =>
  JSON.stringify({
    ...{ apiVersion: "v1", kind: "ConfigMap", data: { a: "b" } },
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });
const role = JSON.stringify({
  ...{
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "plumb-tenant-test" },
    rules: [],
  },
});
const secret = JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "key" }, stringData: { a: "b" } });

describeCluster("what a Project says holds", () => {
  test("from the manifest that breaks a rule to the Project that goes away, nothing is written against it", async () => {
    await using loop = await Loop.open({
      files: { "web/a.yaml": configMap("a"), "web/role.yaml": role, "web/key.yaml": secret },
    });
    const rules = (more: object = {}) => {
      const spec = { repositories: [loop.repository.url], destinations: [{ namespaces: [loop.namespace] }], ...more };
      return project("shop", spec);
    };
    const names = async () =>
      (await loop.kubectl("get", "configmaps,secrets", "-o", "name", "-l", label(loop))).split("\n").filter(Boolean);
    loop.sync.setProjects({ projects: [rules()] });
    await loop.start(loop.application("web", { project: "shop", sync: { interval: "1h" } }));

    // The whole set is held for one object of it, which is named with its rule and its line.
    const held = await loop.status("web", ({ problems }) => problems.length > 0);
    expect(held.sync.status).toBe("Unknown");
    expect(held.problems).toMatchObject([
      { code: "PL-PROJECT-KIND", where: "web/role.yaml:1 ClusterRole plumb-tenant-test" },
    ]);
    expect(held.problems[0]?.message).toContain("Project shop, rule clusterKinds.allow: ClusterRole.rbac");
    expect(held.resources.map(({ ref, problem }) => [ref.kind, problem?.code])).toContainEqual([
      "ClusterRole",
      "PL-PROJECT-KIND",
    ]);
    expect(await names()).toEqual([]);
    await expect(loop.sync.plan("default/web")).rejects.toMatchObject({ code: "PL-PROJECT-KIND" });
    // A preview is judged as a pass is.
    await loop.repository.commit({ "web/b.yaml": configMap("b", "kube-system") });
    const preview = loop.sync.preview("default/web", { ref: "main", lookups: true });
    await expect(preview).rejects.toMatchObject({
      code: "PL-PROJECT-DESTINATION",
      where: "web/b.yaml:1 ConfigMap kube-system/b",
    });

    // Git without it, and everything is as ever.
    await loop.commit({ "web/role.yaml": null, "web/b.yaml": null });
    await loop.synced("web");
    expect(await names()).toEqual(["configmap/a", "secret/key"]);

    // A Project that changes is felt at once, also by what is there.
    loop.sync.setProjects({ projects: [rules({ kinds: { deny: ["Secret"] } })] });
    await loop.status("web", ({ problems }) => problems[0]?.message.includes("kinds.deny: Secret is denied") === true);
    // What may not be had may not be deleted either; what is beside it goes on.
    await loop.commit({ "web/key.yaml": null, "web/c.yaml": configMap("c") });
    const kept = await loop.status("web", ({ plan, problems }) => problems.length === 0 && plan?.withheld.length === 1);
    expect(kept.plan?.withheld).toMatchObject([{ guard: "project", ref: { kind: "Secret" } }]);
    expect(kept.plan?.withheld[0]?.reason).toContain("Project shop, rule kinds.deny: Secret is denied");
    await until("the new one", async () => (await names()).includes("configmap/c"));
    expect(await names()).toEqual(["configmap/a", "configmap/c", "secret/key"]);

    // One that goes away deletes nothing, and says why nothing is done.
    loop.sync.setProjects({ projects: [] });
    const gone = await loop.status("web", ({ problems }) => problems[0]?.code === "PL-PROJECT-MISSING");
    expect(gone.sync).toEqual({ status: "Unknown", message: "there is no Project shop" });
    expect(await names()).toEqual(["configmap/a", "configmap/c", "secret/key"]);

    // A repository that is not allowed is not asked.
    loop.sync.setProjects({ projects: [project("shop", { destinations: [{ namespaces: [loop.namespace] }] })] });
    await loop.status("web", ({ problems }) => problems[0]?.code === "PL-PROJECT-REPOSITORY");
    const asked = loop.polls.length;
    await loop.sync.sync("default/web");
    await until("a pass that a person asked for", () => loop.triggers("web").at(-1) === "manual");
    expect(loop.polls.length).toBe(asked);
  });

  test("an application that is deleted keeps what its Project does not let it delete, until it may", async () => {
    await using loop = await Loop.open({ files: { "web/a.yaml": configMap("a"), "web/key.yaml": secret } });
    const rules = (more: object = {}) =>
      project("shop", { repositories: ["*"], destinations: [{ namespaces: [loop.namespace] }], ...more });
    loop.sync.setProjects({ projects: [rules()] });
    const web = loop.application("web", { project: "shop", deletion: "prune" });
    const keep = loop.application("keep", { project: "shop", source: { path: "web" }, suspend: true });
    loop.sync.setDeclarers([{ id: "file apps", applications: [web, keep] }]);
    await loop.sync.start();
    await loop.synced("web");
    const parent = JSON.parse(await loop.kubectl("get", "configmap", "default.web", "-o", "json"));
    expect(parent.metadata.annotations["plumbline.dev/project"]).toBe("shop");

    loop.sync.setProjects({ projects: [rules({ kinds: { deny: ["Secret"] } })] });
    loop.sync.setDeclarers([{ id: "file apps", applications: [keep] }]);
    const waiting = await loop.status("web", ({ waiting: why }) => why?.includes("rule kinds.deny") === true, 30);
    expect(waiting.waiting).toContain("Secret");
    expect(await loop.kubectl("get", "secret", "key", "-o", "name")).toBe("secret/key\n");
    loop.sync.setProjects({ projects: [rules()] });
    await until("its end", async () => (await loop.kubectl("get", "secret", "key", "--ignore-not-found")) === "", 30);
  });
});

function label(loop: Loop): string {
  return `applyset.kubernetes.io/part-of=${applySetId("default/web", loop.namespace)}`;
}
