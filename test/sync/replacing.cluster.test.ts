import { expect, test } from "vitest";
import type { LiveObject } from "../../src/model/index.ts";
import { Gate } from "../apply/gate.ts";
import { describeCluster, sharedControlPlane, sharedControlPlaneWithControllers } from "../controlplane/index.ts";
import { configMap, yaml } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const allowed = { annotations: { "plumbline.dev/replace": "allowed" } };
const template = (labels: object) => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "web", image: "nginx:1.27" }] },
});

const deployment = (name: string, matchLabels: object, labels: object) =>
  yaml(
    "apps/v1",
    "Deployment",
    name,
    { spec: { replicas: 2, selector: { matchLabels }, template: template(labels) } },
    allowed,
  );

const statefulSet = (serviceName: string) =>
  yaml(
    "apps/v1",
    "StatefulSet",
    "db",
    { spec: { replicas: 1, serviceName, selector: { matchLabels: { app: "db" } }, template: template({ app: "db" }) } },
    allowed,
  );

const service = (spec: object) =>
  yaml("v1", "Service", "web", { spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec } }, allowed);

const job = (text: string) => {
  const { spec, ...rest } = template({ app: "job" });
  const [container] = spec.containers;
  const run = { ...spec, restartPolicy: "Never", containers: [{ ...container, env: [{ name: "A", value: text }] }] };
  return yaml("batch/v1", "Job", "task", { spec: { template: { ...rest, spec: run } } }, allowed);
};

const sealed = (text: string, metadata: object = allowed) =>
  yaml("v1", "ConfigMap", "sealed", { immutable: true, data: { text } }, metadata);

async function podsOf(loop: Loop, app: string): Promise<string[]> {
  const text = await loop.kubectl("get", "pods", "-l", `app=${app}`, "-o", "jsonpath={.items[*].metadata.uid}");
  return text.split(" ").filter(Boolean).sort();
}

async function get(loop: Loop, kind: string, name: string): Promise<LiveObject> {
  return JSON.parse(await loop.kubectl("get", kind, name, "-o", "json")) as LiveObject;
}

const isWell = (status: { sync: { status: string }; health: { status: string } }) =>
  status.sync.status === "Synced" && status.health.status === "Healthy";

describeCluster(
  "what is replaced",
  () => {
    test("keeps its Pods where the new one selects them, and the plan says beforehand what is lost where not", async () => {
      const plane = await sharedControlPlaneWithControllers();
      const wide = { app: "web", old: "yes" };
      const files = {
        "web/web.yaml": deployment("web", wide, wide),
        "web/db.yaml": statefulSet("first"),
        "web/job.yaml": job("1"),
      };
      await using loop = await Loop.open({ files, plane });
      await loop.start(loop.application("web", { sync: { auto: false } }));
      await loop.sync.sync("default/web");
      await loop.status("web", isWell, 60);
      const before = { web: await podsOf(loop, "web"), db: await podsOf(loop, "db"), job: await podsOf(loop, "job") };
      const old = { web: await get(loop, "deployment", "web"), db: await get(loop, "statefulset", "db") };

      await loop.commit({
        "web/web.yaml": deployment("web", { app: "web" }, wide),
        "web/db.yaml": statefulSet("second"),
        "web/job.yaml": job("2"),
      });
      const { plan } = await loop.status("web", ({ sync }) => sync.status === "Pending");
      expect(plan?.steps.map(({ action, replacement }) => [action, replacement?.propagation])).toEqual([
        ["replace", "Orphan"],
        ["replace", "Foreground"],
        ["replace", "Orphan"],
      ]);
      await loop.sync.sync("default/web");
      const { lastSync } = await loop.status(
        "web",
        (status) => isWell(status) && status.lastSync?.outcomes.length === 3,
        60,
      );
      expect(lastSync?.outcomes.map(({ outcome }) => outcome)).toEqual(["replaced", "replaced", "replaced"]);
      expect((await get(loop, "deployment", "web")).metadata.uid).not.toBe(old.web.metadata.uid);
      expect((await get(loop, "statefulset", "db")).metadata.uid).not.toBe(old.db.metadata.uid);
      expect(await podsOf(loop, "web")).toEqual(before.web);
      expect(await podsOf(loop, "db")).toEqual(before.db);
      expect(await podsOf(loop, "job")).not.toEqual(before.job);
      expect(await podsOf(loop, "job")).toHaveLength(1);
    }, 120_000);
  },
  { controllers: true },
);

describeCluster("an object that cannot be changed", () => {
  test("is replaced and its siblings with it; a Service keeps its address and its port", async () => {
    const files = {
      "web/sealed.yaml": sealed("1"),
      "web/service.yaml": service({}),
      "web/open.yaml": configMap("open", { a: "1" }),
    };
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    const before = await get(loop, "service", "web");
    await loop.commit({
      "web/sealed.yaml": sealed("2"),
      "web/service.yaml": service({ loadBalancerClass: "example.com/own" }),
      "web/open.yaml": configMap("open", { a: "2" }),
    });
    const { lastSync } = await loop.status(
      "web",
      (status) =>
        status.lastSync?.outcomes.some(({ outcome }) => outcome === "replaced") === true &&
        status.sync.status === "Synced",
    );
    expect(lastSync?.outcomes.map(({ ref, outcome }) => [ref.name, outcome])).toEqual([
      ["open", "configured"],
      ["sealed", "replaced"],
      ["web", "replaced"],
    ]);
    const after = await get(loop, "service", "web");
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    const addresses = ({ spec }: LiveObject) => {
      const { clusterIP, ports } = spec as unknown as { clusterIP: string; ports: { nodePort: number }[] };
      return [clusterIP, ports[0]?.nodePort];
    };
    expect(addresses(after)).toEqual(addresses(before));
    expect(addresses(after)).toEqual([expect.stringMatching(/^\d/), expect.any(Number)]);
    expect((await get(loop, "configmap", "sealed"))["data"]).toEqual({ text: "2" });
  });

  test("is told with its field where nobody allowed it, its siblings go on, and nothing of it is sent", async () => {
    const open = { annotations: {} };
    await using gate = await Gate.open(sharedControlPlane());
    const files = { "web/sealed.yaml": sealed("1", open), "web/open.yaml": configMap("open", { a: "1" }) };
    await using loop = await Loop.open({ files, kubeconfig: gate.kubeconfig });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    const sent = gate.count("/configmaps/sealed");
    await loop.commit({ "web/sealed.yaml": sealed("2", open), "web/open.yaml": configMap("open", { a: "2" }) });
    const { resources } = await loop.status("web", ({ problems }) =>
      problems.some(({ code }) => code === "PL-KUBE-IMMUTABLE"),
    );
    await until(
      "the sibling",
      async () => (await get(loop, "configmap", "open"))["data"] !== undefined && gate.count("/configmaps/open") > 1,
    );
    expect(resources.find(({ ref }) => ref.name === "sealed")).toMatchObject({
      sync: "Pending",
      problem: { code: "PL-KUBE-IMMUTABLE", message: expect.stringContaining("data.text of ConfigMap") },
    });
    expect((await get(loop, "configmap", "open"))["data"]).toEqual({ a: "2" });
    expect(gate.count("/configmaps/sealed")).toBe(sent);
  });

  test("that a crash leaves deleted and not made anew is made by the next pass", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    await using loop = await Loop.open({ files: { "web/sealed.yaml": sealed("1") }, kubeconfig: gate.kubeconfig });
    await loop.start(loop.application("web", { sync: { interval: "1s" } }));
    await loop.synced("web");
    let deleted = 0;
    gate.hold = async ({ method, path }) => {
      if (path.endsWith("/sealed") && method === "DELETE") deleted++;
    };
    // As if the process had ended there: what would make it anew never arrives.
    gate.refuse = ({ method, path }) =>
      path.endsWith("/sealed") && method === "PATCH" && deleted > 0 ? { status: 403, reason: "Forbidden" } : undefined;
    await loop.commit({ "web/sealed.yaml": sealed("2") });
    const { resources } = await loop.status(
      "web",
      ({ lastSync }) => lastSync?.outcomes.some(({ outcome }) => outcome === "failed") === true,
    );
    expect(JSON.stringify(resources)).toContain("was deleted to be replaced");
    expect(await loop.kubectl("get", "configmap", "sealed", "--ignore-not-found")).toBe("");
    gate.refuse = () => undefined;
    await loop.synced("web");
    expect((await get(loop, "configmap", "sealed"))["data"]).toEqual({ text: "2" });
    await until("no second deletion", () => deleted === 1);
  });
});
