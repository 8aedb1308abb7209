import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type SchemaNode,
} from "../../../model/index.ts";
import { compact } from "./compact.ts";
import { withDefaults } from "./defaults.ts";
import { allocated, type Taken } from "./service.ts";

interface BuiltIn {
  readonly object: KubeObject;
  readonly before: LiveObject | undefined;
  readonly schema: SchemaNode;
  /** Asked for Services only. */
  readonly taken: () => Taken;
}

type Prepare = (object: JsonObject, context: Omit<BuiltIn, "object">) => JsonObject;

/** An object of one of Kubernetes' own kinds as the server would store it: its spelling, its defaults, and what the server fills in. */
export function prepareBuiltIn({ object, ...context }: BuiltIn): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const first = BEFORE_DEFAULTS[kind]?.(jsonOf(object), context) ?? jsonOf(object);
  const plain = withDefaults(withZeroStructs(objectOf(compact(first, context.schema)), context.schema), kind);
  const whole = AFTER_DEFAULTS[kind]?.(plain, context) ?? plain;
  const status = INITIAL_STATUS[kind];
  const body = status !== undefined && whole["status"] === undefined ? { ...whole, status } : whole;
  return { ...body, apiVersion, kind, metadata: { ...metadata, ...objectOf(body["metadata"]), name: metadata.name } };
}

/** Structs that are never absent from what the server answers. */
function withZeroStructs(object: JsonObject, schema: SchemaNode): JsonObject {
  const spec = schema.field("spec");
  if (spec === undefined || object["spec"] !== undefined || !isJsonObject(spec.default)) return object;
  return { ...object, spec: {} };
}

const BEFORE_DEFAULTS: { readonly [kind: string]: Prepare } = {
  Secret: (secret) => withDataOf(secret),
  ClusterRole: (role) => ({ ...role, rules: role["rules"] ?? null }),
};

const AFTER_DEFAULTS: { readonly [kind: string]: Prepare } = {
  Service: (service, { before, taken }) => ({
    ...service,
    spec: allocated(objectOf(service["spec"]), before && objectOf(before["spec"]), taken()),
  }),
  Namespace: (namespace) =>
    withLabels(namespace, { "kubernetes.io/metadata.name": text(objectOf(namespace["metadata"])["name"]) }),
  Job: (job, { before }) => (before === undefined ? withJobSelector(job) : job),
  ClusterRole: (role) => ({ ...role, rules: role["rules"] ?? null }),
  Role: (role) => ({ ...role, rules: role["rules"] ?? null }),
};

/** What stands in the status of an object that no controller has seen. */
const INITIAL_STATUS: { readonly [kind: string]: JsonObject } = {
  CronJob: {},
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  Deployment: {},
  HorizontalPodAutoscaler: { currentMetrics: null, desiredReplicas: 0 },
  Ingress: { loadBalancer: {} },
  Job: {},
  Namespace: { phase: "Active" },
  PersistentVolume: { phase: "Pending" },
  PersistentVolumeClaim: { phase: "Pending" },
  Pod: { phase: "Pending", qosClass: "BestEffort" },
  PodDisruptionBudget: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  ResourceQuota: {},
  Service: { loadBalancer: {} },
  StatefulSet: { availableReplicas: 0, replicas: 0 },
};

/** stringData goes into data, and is not kept. Source: Kubernetes, "Secret"; base64 is spelt anew, as in Go. */
function withDataOf({ stringData, data, ...secret }: JsonObject): JsonObject {
  const kept = Object.entries(objectOf(data)).map(([key, value]): [string, Json] => [
    key,
    base64(Buffer.from(text(value), "base64")),
  ]);
  const added = Object.entries(objectOf(stringData)).map(([key, value]): [string, Json] => [
    key,
    base64(Buffer.from(text(value))),
  ]);
  const all = [...kept, ...added];
  return all.length === 0 ? secret : { ...secret, data: Object.fromEntries(all) };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64");
}

/** A Job tells its Pods apart by its own uid. Source: Kubernetes, "Jobs" (generated selector). */
function withJobSelector(job: JsonObject): JsonObject {
  const spec = objectOf(job["spec"]);
  if (spec["manualSelector"] === true || spec["selector"] !== undefined) return job;
  const { uid, name } = objectOf(job["metadata"]);
  const own = { "batch.kubernetes.io/controller-uid": text(uid) };
  const labels = {
    ...own,
    "batch.kubernetes.io/job-name": text(name),
    "controller-uid": text(uid),
    "job-name": text(name),
  };
  const template = withLabels({ metadata: {}, ...objectOf(spec["template"]) }, labels);
  return { ...withLabels(job, labels), spec: { ...spec, selector: { matchLabels: own }, template } };
}

function withLabels(object: JsonObject, labels: JsonObject): JsonObject {
  const metadata = objectOf(object["metadata"]);
  return { ...object, metadata: { ...metadata, labels: { ...objectOf(metadata["labels"]), ...labels } } };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function jsonOf(object: KubeObject): JsonObject {
  return objectOf(object);
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
