import { expect, test } from "vitest";
import type { EventsPage } from "../../src/api/index.ts";
import { runPlumb } from "../cli/run-plumb.ts";
import { describeTarget, testCluster } from "../target/index.ts";
import { yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const labels = { app: "db" };
const FAIL = { "sandbox.plumbline.dev/fail": "no disk" };
const template = (annotations: object) => ({
  selector: { matchLabels: labels },
  template: { metadata: { labels, annotations }, spec: { containers: [{ name: "db", image: "db:1" }] } },
});
const deploymentDb = (annotations: object) => yaml("apps/v1", "Deployment", "db", { spec: template(annotations) });
/** Its Pod has the same name whenever it is made. */
const statefulDb = yaml("apps/v1", "StatefulSet", "db", { spec: { serviceName: "db", ...template(FAIL) } });
const later = yaml("v1", "ConfigMap", "later", {}, { annotations: { "plumbline.dev/wave": "1" } });

const held = yaml("v1", "ConfigMap", "held", {}, { finalizers: ["example.com/hold"] });

/** A world in which workloads roll out, or are told to fail. */
async function world(db: string, sync: { readonly timeout: string }): Promise<World> {
  const files = { "web/db.yaml": db, "web/later.yaml": later, "web/held.yaml": held };
  const made = await World.make({
    files,
    sync,
    cluster: await testCluster({ controllers: true }),
  });
  await made.plumbline.start();
  return made;
}

/** A deletion that waits for a finalizer keeps no later commit waiting either. */
async function whileADeletionWaits(stuck: World): Promise<void> {
  await stuck.commit({ "web/held.yaml": null });
  await stuck.status(({ waiting }) => waiting?.includes("finalizer example.com/hold") === true);
  const revision = await stuck.commit({ "web/new.yaml": yaml("v1", "ConfigMap", "new", {}) });
  await until("what the next commit adds", async () => (await stuck.object("configmap", "new")) !== undefined);
  await stuck.kubectl("patch", "configmap/held", "--type=merge", "-p", '{"metadata":{"finalizers":null}}');
  await stuck.status(({ sync, source }) => sync.status === "Synced" && source.revision === revision);
}

const waitingOf = (seen: { resources: readonly { ref: { name: string }; waiting?: string }[] }, name: string) =>
  seen.resources.find(({ ref }) => ref.name === name)?.waiting;

describeTarget(
  "an application whose wave never gets healthy",
  () => {
    test("says what waits for what and for how long, and a commit that mends it is applied at once", async () => {
      await using stuck = await world(deploymentDb(FAIL), { timeout: "10m" });
      const seen = await stuck.status((status) => / \d s$/.test(waitingOf(status, "later") ?? ""));
      expect(waitingOf(seen, "later")).toMatch(/^wave 1 waits for Deployment e2e-\S+\/db: .*, \d s$/);
      expect(waitingOf(seen, "db")).toMatch(/^waits to be healthy: .*, \d s$/);
      expect(seen.waiting).toMatch(/^wave 1 waits for Deployment \S+\/db: /);
      expect(Date.parse(seen.waitingSince ?? "")).toBeLessThan(Date.now());
      const { stdout } = await runPlumb(["get", "resources", "web", "--server", stuck.plumbline.address]);
      expect(stdout).toMatch(/ConfigMap +\S+ +later .* wave 1 waits for Deployment/);

      const begun = performance.now();
      const revision = await stuck.commit({ "web/db.yaml": deploymentDb({}) });
      await until("the later wave", async () => (await stuck.object("configmap", "later")) !== undefined);
      const seconds = (performance.now() - begun) / 1000;
      console.log(
        `from the commit that mends a wave to the wave behind it: ${seconds.toFixed(1)} s, with a deadline of 600 s`,
      );
      expect(seconds).toBeLessThan(30);
      const { problems } = await stuck.status(
        ({ sync, source }) => sync.status === "Synced" && source.revision === revision,
      );
      expect(problems).toEqual([]);
      await whileADeletionWaits(stuck);
      const { items } = await stuck.plumbline.get<EventsPage>("/api/v1/applications/default/web/events");
      expect(items.findLast(({ reason }) => reason === "Superseded")).toMatchObject({
        type: "Normal",
        code: "PL-PASS-SUPERSEDED",
        message: expect.stringMatching(
          new RegExp(
            `^the pass of revision [0-9a-f]{12} ended while .*, since revision ${revision.slice(0, 12)} is known`,
          ),
        ),
      });
      expect(items.findLast(({ reason }) => reason === "Waiting")?.message).toMatch(
        /waits for Deployment|waits to be healthy/,
      );
      expect(items.flatMap(({ reason, code, message }) => (reason === "Failed" ? [`${code} ${message}`] : []))).toEqual(
        [],
      );
      expect(await (await fetch(`${stuck.plumbline.address}/metrics`)).text()).toMatch(
        /passes_total\{[^}]*result="superseded"\} [1-9]/,
      );
    });

    test("at its deadline names what it waited for with Kubernetes' own words, and where its log is", async () => {
      await using stuck = await world(statefulDb, { timeout: "4s" });
      const { lastPass, resources } = await stuck.status((status) => status.lastPass !== undefined);
      const command = `kubectl -n ${stuck.namespace} logs db-0 -c db --previous --tail 20`;
      expect(lastPass?.problem).toMatchObject({
        code: "PL-APPLY-TIMEOUT",
        message: expect.stringMatching(
          /wave 1 waits for StatefulSet .*; Kubernetes says: BackOff of Pod \S+\/db-0: Back-off/,
        ),
        next: expect.stringContaining(command),
      });
      const evidence = resources.find(({ ref }) => ref.name === "db")?.evidence;
      expect(evidence?.logs).toEqual([
        { namespace: stuck.namespace, pod: "db-0", container: "db", previous: true, command },
      ]);
      expect(evidence?.events[0]).toMatchObject({ reason: "BackOff", ref: { kind: "Pod", name: "db-0" } });
      const printed = await runPlumb(["get", "resources", "web", "--server", stuck.plumbline.address]);
      expect(printed.stderr).toContain(`its last log lines: ${command}`);
    });
  },
  { controllers: true },
);
