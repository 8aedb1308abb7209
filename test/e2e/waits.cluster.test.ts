import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { testCluster } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const labels = { app: "db" };
/** Its Pod waits until the test lets it go. */
const gated = {
  selector: { matchLabels: labels },
  template: {
    metadata: { labels },
    spec: { schedulingGates: [{ name: "example.com/held" }], containers: [{ name: "c", image: "nginx" }] },
  },
};

const annotated = (name: string, annotations: object) => yaml("v1", "ConfigMap", name, { data: {} }, { annotations });

describeCluster(
  "an application with waves and dependencies",
  () => {
    test("is made in their order, by health, while what waits for nothing goes on; and undone in the reverse", async () => {
      const dependsOn = { "config.kubernetes.io/depends-on": "apps/namespaces/$NAMESPACE/Deployment/db" };
      const files = {
        "web/db.yaml": yaml("apps/v1", "Deployment", "db", { spec: gated }),
        "web/dependent.yaml": annotated("dependent", dependsOn),
        "web/later.yaml": annotated("later", { "argocd.argoproj.io/sync-wave": "1" }),
        "web/free.yaml": yaml("v1", "Service", "free", { spec: { ports: [{ port: 80 }] } }),
        "web/missing.yaml": annotated("missing", {
          "config.kubernetes.io/depends-on": "/namespaces/$NAMESPACE/Secret/nowhere",
        }),
      };
      const cluster = await testCluster({ controllers: true });
      await using world = await World.make({ files, cluster, sync: { pruneLimit: 100 } });
      await world.plumbline.start();
      await until("what waits for nothing", () => world.object("service", "free"), 60);
      const { problems } = await world.status((seen) => seen.waiting?.includes("Deployment") === true, 60);
      expect(problems).toMatchObject([{ code: "PL-ORDER-MISSING" }]);
      expect(await world.object("configmap", "dependent")).toBeUndefined();
      expect(await world.object("configmap", "later")).toBeUndefined();

      await world.commit({ "web/missing.yaml": null });
      const pod = (await world.kubectl("get", "pods", "-o", "name")).trim();
      const release = '[{"op":"remove","path":"/spec/schedulingGates"}]';
      await world.kubectl("patch", pod, "--type=json", "-p", release);
      await world.status(({ sync, health }) => sync.status === "Synced" && health.status === "Healthy", 60);
      expect(await world.object("configmap", "dependent")).toBeDefined();
      expect(await world.object("configmap", "later")).toBeDefined();

      await world.commit({ "web/db.yaml": null, "web/dependent.yaml": null, "web/later.yaml": null });
      await until("the deletions", async () => (await world.object("deployment", "db")) === undefined, 60);
      const deletions = await cluster.auditEvents({ verbs: ["delete"], namespace: world.namespace });
      const own = ["deployments/db", "configmaps/dependent", "configmaps/later"];
      const order = deletions
        .toSorted((a, b) => a.requestReceivedTimestamp.localeCompare(b.requestReceivedTimestamp))
        .map(({ objectRef }) => `${objectRef?.resource}/${objectRef?.name}`)
        .filter((one) => own.includes(one));
      expect([...new Set(order)]).toEqual(own.toReversed());
    });

    test("ends a wave at its deadline, naming what was not healthy, and skips what waits for that alone", async () => {
      const files = {
        "web/db.yaml": yaml("apps/v1", "Deployment", "db", { spec: gated }),
        "web/later.yaml": annotated("later", { "plumbline.dev/wave": "1" }),
        "web/beside.yaml": configMap("beside", {}),
      };
      const cluster = await testCluster({ controllers: true });
      await using world = await World.make({ files, cluster, sync: { waveTimeout: "1s" } });
      await world.plumbline.start();
      const { lastPass } = await world.status((seen) => seen.lastPass?.problem !== undefined, 60);
      expect(lastPass?.problem).toMatchObject({
        code: "PL-WAVE-TIMEOUT",
        message: expect.stringMatching(/Deployment \S+\/db was not healthy within 1s: 0\/1 replicas available/),
      });
      expect(lastPass?.outcomes.map(({ ref, outcome, problem }) => [ref.name, outcome, problem?.code])).toContainEqual([
        "later",
        "skipped",
        "PL-WAVE-TIMEOUT",
      ]);
      expect(await world.object("configmap", "beside")).toBeDefined();
    });
  },
  { controllers: true },
);
