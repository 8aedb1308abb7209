import { expect, onTestFinished, test } from "vitest";
import { until } from "../../e2e/until.ts";
import { daemonSet, deployment, job, Played, statefulSet, statusOf } from "./played.ts";

const FAIL = { "sandbox.plumbline.dev/fail": "the shelf is empty" };

async function start(): Promise<Played> {
  const played = await Played.start();
  onTestFinished(() => played[Symbol.asyncDispose]());
  return played;
}

const PODS = "/api/v1/namespaces/shop/pods";

test("a Deployment is healthy when all of its Pods are ready, and says on the way how far it is", async () => {
  const played = await start();
  await played.apply(deployment({ spec: { replicas: 3 } }));
  await played.health(deployment(), "Progressing");
  const { message } = await played.health(deployment(), "Healthy");
  expect(message).toBe("3/3 replicas available");
  expect(await played.list(PODS)).toHaveLength(3);
});

test("a new template is rolled out by a new ReplicaSet, and the old one stays for rolling back", async () => {
  const played = await start();
  await played.apply(deployment({ spec: { replicas: 2 } }));
  await played.health(deployment(), "Healthy");
  await played.apply(deployment({ image: "nginx:2", spec: { replicas: 2 } }));
  await until("the new image alone", async () => {
    const images = (await played.list(PODS)).map((pod) => JSON.stringify(pod["spec"]).match(/nginx:\d/)?.[0]);
    return images.length === 2 && images.every((image) => image === "nginx:2");
  });
  await played.health(deployment(), "Healthy");
  const sets = await played.list("/apis/apps/v1/namespaces/shop/replicasets");
  expect(sets.map((set) => set.metadata.annotations?.["deployment.kubernetes.io/revision"]).sort()).toEqual(["1", "2"]);
});

test("at rest nothing is written", async () => {
  const played = await start();
  await played.apply(deployment({ spec: { replicas: 2 } }));
  await played.apply(statefulSet({ name: "db" }));
  await played.health(deployment(), "Healthy");
  await played.health(statefulSet({ name: "db" }), "Healthy");
  let last = "";
  const still = await until("the same revision twice, 300 ms apart", async () => {
    const before = last;
    last = await played.revision();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return before === last && last;
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await played.revision()).toBe(still);
});

test("a Deployment that is told to fail passes its deadline, with the words on its Pods, and is healed by taking them back", async () => {
  const played = await start();
  await played.apply(deployment({ annotations: FAIL }));
  const { message } = await played.health(deployment(), "Degraded");
  expect(message).toContain("deadline");
  expect(JSON.stringify(await played.list(PODS))).toContain(FAIL["sandbox.plumbline.dev/fail"]);
  await played.apply(deployment());
  await played.health(deployment(), "Healthy");
}, 30_000);

test("a StatefulSet makes its Pods one after the other, each with its claim, and replaces them from the last to the first", async () => {
  const played = await start();
  const claim = {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
  const spec = { replicas: 2, serviceName: "db", volumeClaimTemplates: [claim] };
  await played.apply(statefulSet({ name: "db", spec }));
  await played.health(statefulSet({ name: "db" }), "Healthy");
  expect((await played.list(PODS)).map(({ metadata }) => metadata.name)).toEqual(["db-0", "db-1"]);
  const claims = await played.list("/api/v1/namespaces/shop/persistentvolumeclaims");
  expect(claims.map((one) => [one.metadata.name, statusOf(one)["phase"]])).toEqual([
    ["data-db-0", "Bound"],
    ["data-db-1", "Bound"],
  ]);
  await played.apply(statefulSet({ name: "db", image: "nginx:2", spec }));
  await until("both revisions to be one", async () => {
    const { currentRevision, updateRevision, updatedReplicas } = statusOf(
      await played.get(statefulSet({ name: "db" })),
    );
    return updatedReplicas === 2 && currentRevision === updateRevision;
  });
  await played.health(statefulSet({ name: "db" }), "Healthy");
});

test("a DaemonSet runs once on the sandbox's Node", async () => {
  const played = await start();
  await played.apply(daemonSet());
  await played.health(daemonSet(), "Healthy");
  const pods = await played.list(PODS);
  expect(pods.map((pod) => (pod["spec"] as { nodeName: string }).nodeName)).toEqual(["sandbox"]);
});

test("a Job runs to its end, and one that is told to fail ends Degraded", async () => {
  const played = await start();
  await played.apply(job());
  await played.health(job(), "Healthy");
  const failing = { ...job(FAIL), metadata: { ...job(FAIL).metadata, name: "never" } };
  await played.apply(failing);
  expect((await played.health(failing, "Degraded")).message).toContain("backoff limit");
});

test("what a deleted workload made goes with it", async () => {
  const played = await start();
  await played.apply(deployment({ spec: { replicas: 2 } }));
  await played.health(deployment(), "Healthy");
  await played.remove("/apis/apps/v1/namespaces/shop/deployments/web");
  await until("no Pods and no ReplicaSets", async () => {
    const left = await Promise.all([played.list(PODS), played.list("/apis/apps/v1/namespaces/shop/replicasets")]);
    return left.flat().length === 0;
  });
});
