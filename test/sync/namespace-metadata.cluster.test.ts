import { expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const LABEL = "pod-security.kubernetes.io/enforce";
const pod = JSON.stringify({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "bare" },
  spec: { hostNetwork: true, containers: [{ name: "web", image: "nginx:1.27" }] },
});

async function labelsOf(loop: Loop, name: string): Promise<LiveObject["metadata"]["labels"]> {
  return JSON.parse(await loop.kubectl("get", "namespace", name, "-o", "json")).metadata.labels;
}

describeCluster("the labels of a destination that is no member", () => {
  test("are there before the first Pod, are put back, taken back, and kept for those who share the namespace", async () => {
    await using loop = await Loop.open({
      files: { "web/a.yaml": configMap("a", {}), "web/pod.yaml": pod, "other/b.yaml": configMap("b", {}) },
    });
    const name = `${loop.namespace}-made`;
    const at = (namespaceMetadata: object | undefined, folder = "web") =>
      loop.application(folder, {
        destination: { namespace: name, createNamespace: true, ...(namespaceMetadata && { namespaceMetadata }) },
        sync: { interval: "1h" },
      });
    const strict = at({ labels: { [LABEL]: "restricted", team: "a" }, annotations: { "example.com/owner": "a" } });
    await loop.start(strict);
    // The server's own admission refuses the Pod by the label: so it was there before it.
    const refused = await loop.status("web", ({ lastSync }) => lastSync !== undefined);
    expect(refused.resources.find(({ ref }) => ref.kind === "Pod")?.problem?.message).toContain("violates PodSecurity");
    expect(await labelsOf(loop, name)).toMatchObject({
      [LABEL]: "restricted",
      team: "a",
      "app.kubernetes.io/created-by": "plumbline",
    });
    await loop.commit({ "web/pod.yaml": null });
    await loop.synced("web");

    const from = loop.requests.length;
    await loop.sync.plan("default/web");
    expect(loop.requests.slice(from)).toEqual([]);

    await loop.kubectl("label", "namespace", name, `${LABEL}=privileged`, "mine=yes", "--overwrite");
    await until("the label to be put back", async () => (await labelsOf(loop, name))?.[LABEL] === "restricted");
    expect(await labelsOf(loop, name)).toMatchObject({ mine: "yes" });

    loop.sync.setApplications([strict, at({ labels: { [LABEL]: "baseline", tier: "b" } }, "other")]);
    const { warnings } = await loop.synced("other");
    expect(warnings.join()).toContain(`${LABEL} is wanted as baseline, and plumbline:default.web has it as restricted`);
    expect(await labelsOf(loop, name)).toMatchObject({ [LABEL]: "restricted", tier: "b" });

    loop.sync.setApplications([at(undefined), at({ labels: { tier: "b" } }, "other")]);
    await until(
      "what is not wanted any more to be gone",
      async () => (await labelsOf(loop, name))?.["team"] === undefined,
    );
    expect(await labelsOf(loop, name)).toMatchObject({ mine: "yes", tier: "b" });
    expect((await loop.synced("web")).resources.map(({ ref }) => ref.kind)).toEqual(["ConfigMap"]);
    await loop.kubectl("delete", "namespace", name, "--wait=false");
  });

  test.each(["prune", "orphan"] as const)("are taken back with the application, by the policy %s", async (deletion) => {
    await using loop = await Loop.open({ files: { "web/a.yaml": configMap("a", {}) } });
    const { namespace } = loop;
    const namespaceMetadata = { labels: { team: "a" }, annotations: { "example.com/owner": "a" } };
    const web = loop.application("web", { destination: { namespace, namespaceMetadata }, deletion });
    await loop.kubectl("label", "namespace", namespace, "mine=yes");
    loop.sync.setDeclarers([{ id: "file x", applications: [web] }]);
    await loop.sync.start();
    await loop.synced("web");
    expect(await labelsOf(loop, namespace)).toMatchObject({ team: "a", mine: "yes" });

    loop.sync.setDeclarers([{ id: "file x", applications: [] }]);
    const parent = () => loop.kubectl("get", "configmap/default.web", "--ignore-not-found");
    await until("the application to be gone", async () => (await parent()) === "");
    const left = JSON.parse(await loop.kubectl("get", "namespace", namespace, "-o", "json", "--show-managed-fields"));
    expect(left.metadata.labels.mine).toBe("yes");
    expect(left.metadata.labels.team).toBe(deletion === "prune" ? undefined : "a");
    expect(left.metadata.annotations?.["example.com/owner"]).toBe(deletion === "prune" ? undefined : "a");
    const writers = left.metadata.managedFields.map(({ manager }: { manager: string }) => manager);
    expect(writers).not.toContain("plumbline:default.web");
    expect(await loop.kubectl("get", "configmap/a", "--ignore-not-found", "-o", "name")).toBe(
      deletion === "prune" ? "" : "configmap/a\n",
    );
  });
});
