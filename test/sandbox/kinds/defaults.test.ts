import { expect, test } from "vitest";
import { isJsonObject, type JsonObject, type KubeObject, parseApiVersion } from "../../../src/model/index.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { prepareBuiltIn } from "../../../src/sandbox/kubernetes/kinds/index.ts";

const catalogue = createCatalogue();

function prepared(apiVersion: string, kind: string, body: JsonObject): KubeObject {
  const object = { apiVersion, kind, metadata: { name: "web", namespace: "shop", uid: "u" }, ...body };
  const resource = catalogue.byKind({ ...parseApiVersion(apiVersion), kind });
  if (resource === undefined) throw new Error(`no ${kind}`);
  const taken = () => ({ addresses: new Set(["10.0.0.10"]), ports: new Set([30000]) });
  return prepareBuiltIn({ object, before: undefined, schema: resource.schema(), taken });
}

const specOf = ({ spec }: KubeObject): JsonObject => (isJsonObject(spec) ? spec : {});

const TEMPLATE = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } };

test("a Deployment that says least gets the whole template and strategy of the server", () => {
  const spec = { selector: { matchLabels: { app: "web" } }, template: TEMPLATE };
  expect(specOf(prepared("apps/v1", "Deployment", { spec }))).toEqual({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        dnsPolicy: "ClusterFirst",
        securityContext: {},
        schedulerName: "default-scheduler",
        containers: [
          {
            name: "web",
            image: "nginx",
            imagePullPolicy: "Always",
            resources: {},
            terminationMessagePath: "/dev/termination-log",
            terminationMessagePolicy: "File",
          },
        ],
      },
    },
  });
});

test("what is false, zero or empty is left out, unless the server's type keeps it", () => {
  const spec = {
    replicas: 0,
    paused: false,
    minReadySeconds: 0,
    selector: {},
    template: { spec: { volumes: [], tolerations: null } },
  };
  const { replicas, paused, minReadySeconds, template } = specOf(prepared("apps/v1", "Deployment", { spec }));
  expect({ replicas, paused, minReadySeconds }).toEqual({ replicas: 0, paused: undefined, minReadySeconds: undefined });
  expect(template).not.toHaveProperty("spec.volumes");
  expect(template).not.toHaveProperty("spec.tolerations");
});

test("a Service is given the first free address and node port", () => {
  const spec = specOf(prepared("v1", "Service", { spec: { type: "NodePort", ports: [{ port: 80 }] } }));
  expect(spec["clusterIPs"]).toEqual(["10.0.0.11"]);
  expect(spec["ports"]).toEqual([{ port: 80, protocol: "TCP", targetPort: 80, nodePort: 30001 }]);
});

test("stringData of a Secret goes over data, and null is an empty value", () => {
  const secret = prepared("v1", "Secret", { data: { a: "YQ==", b: null }, stringData: { a: "z" } });
  expect(secret).toMatchObject({ type: "Opaque", data: { a: "eg==", b: "" } });
  expect(secret).not.toHaveProperty("stringData");
});

test("quantities are spelt canonically, and amounts rounded up to thousandths", () => {
  const limits = { cpu: "1000m", memory: "1024Mi", "ephemeral-storage": 0.5 };
  const containers = [{ name: "web", image: "web:1", resources: { limits, requests: { cpu: "1500u" } } }];
  const { spec, status } = prepared("v1", "Pod", { spec: { containers } });
  expect(spec).toMatchObject({
    containers: [
      {
        imagePullPolicy: "IfNotPresent",
        resources: {
          limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "500m" },
          requests: { cpu: "2m", memory: "1Gi", "ephemeral-storage": "500m" },
        },
      },
    ],
  });
  expect(status).toEqual({ phase: "Pending", qosClass: "Burstable" });
});

test("a Job selects its Pods by its own uid", () => {
  const template = { spec: { restartPolicy: "Never", containers: [] } };
  const job = prepared("batch/v1", "Job", { spec: { template } });
  expect(specOf(job)["selector"]).toEqual({ matchLabels: { "batch.kubernetes.io/controller-uid": "u" } });
  expect(job.metadata.labels).toEqual({
    "batch.kubernetes.io/controller-uid": "u",
    "batch.kubernetes.io/job-name": "web",
    "controller-uid": "u",
    "job-name": "web",
  });
});
