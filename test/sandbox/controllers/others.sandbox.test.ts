import { expect, onTestFinished, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { until } from "../../e2e/until.ts";
import { deployment, Played, statusOf } from "./played.ts";

async function start(): Promise<Played> {
  const played = await Played.start();
  onTestFinished(() => played[Symbol.asyncDispose]());
  return played;
}

function inShop(
  apiVersion: string,
  kind: string,
  spec: JsonObject,
  annotations?: { readonly [name: string]: string },
): KubeObject {
  return { apiVersion, kind, metadata: { name: "web", namespace: "shop", ...(annotations && { annotations }) }, spec };
}

const balancer = (annotations?: { readonly [name: string]: string }) =>
  inShop("v1", "Service", { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }] }, annotations);

test("a Service of type LoadBalancer gets an address of TEST-NET-1, and none while it is told to fail", async () => {
  const played = await start();
  await played.apply(balancer({ "sandbox.plumbline.dev/fail": "no addresses left" }));
  await played.health(balancer(), "Progressing");
  await played.apply(balancer());
  expect((await played.health(balancer(), "Healthy")).message).toMatch(/^reachable at 192\.0\.2\.\d+$/);
});

test("the Pods of a Service stand in its EndpointSlice, which carries the Service's own labels", async () => {
  const played = await start();
  await played.apply(inShop("v1", "Service", { selector: { app: "web" }, ports: [{ port: 80 }] }));
  await played.apply(deployment({ spec: { replicas: 2 } }));
  const slice = await until("two ready addresses", async () => {
    const [found] = await played.list("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices");
    const ready = (JSON.stringify(found?.["endpoints"] ?? []).match(/"ready":true/g) ?? []).length;
    return ready === 2 && found;
  });
  expect(slice.metadata.labels?.["kubernetes.io/service-name"]).toBe("web");
  expect(slice.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Service", controller: true });
});

test("a claim of an unknown class waits, and one that waits for its first consumer is bound with the Pod", async () => {
  const played = await start();
  const late = {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "late" },
    provisioner: "p",
    volumeBindingMode: "WaitForFirstConsumer",
  };
  await played.apply(late);
  const claim = (storageClassName: string) =>
    inShop("v1", "PersistentVolumeClaim", {
      storageClassName,
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
    });
  await played.apply(claim("late"));
  expect((await played.health(claim("late"), "Progressing")).message).toContain("Pending");
  const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "web" } }];
  const template = {
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "main", image: "nginx:1" }], volumes },
  };
  await played.apply(deployment({ spec: { template } }));
  await played.health(claim("late"), "Healthy");
  await played.health(deployment(), "Healthy");
});

test("an autoscaler raises its target to the least that it asks for, through the scale, and its budget counts the Pods", async () => {
  const played = await start();
  await played.apply(deployment({ spec: { replicas: 1 } }));
  const autoscaler = inShop("autoscaling/v2", "HorizontalPodAutoscaler", {
    minReplicas: 3,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
  });
  await played.apply(autoscaler);
  await played.health(autoscaler, "Healthy");
  const scaled = await until("three replicas", async () => {
    const live = await played.get(deployment());
    return statusOf(live)["availableReplicas"] === 3 && live;
  });
  expect(scaled.metadata.managedFields?.some(({ subresource }) => subresource === "scale")).toBe(true);
  const budget = inShop("policy/v1", "PodDisruptionBudget", {
    maxUnavailable: 1,
    selector: { matchLabels: { app: "web" } },
  });
  await played.apply(budget);
  await played.health(budget, "Healthy");
  await until("one Pod to spare", async () => statusOf(await played.get(budget))["disruptionsAllowed"] === 1);
});

test("a namespace has an account and certificates, and goes with all that is in it", async () => {
  const played = await start();
  await until("the account", async () => (await played.list("/api/v1/namespaces/shop/serviceaccounts")).length === 1);
  await until("the certificates", async () => (await played.list("/api/v1/namespaces/shop/configmaps")).length === 1);
  await played.apply(deployment());
  await played.health(deployment(), "Healthy");
  await played.remove("/api/v1/namespaces/shop");
  await until(
    "the namespace to be gone",
    async () => (await fetch(`${played.url}/api/v1/namespaces/shop`)).status === 404,
  );
});
