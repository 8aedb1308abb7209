import { withDefaults } from "../../../diff/index.ts";
import { canonicalJson } from "../../../kit/hash.ts";
import type { Json, JsonObject, KubeObject, LiveObject, SchemaNode } from "../../../model/index.ts";
import { invalid } from "../validate/index.ts";
import { compact } from "./compact.ts";
import { createdPod, hostPorts } from "./pods.ts";
import { at, objectOf, objectsOf, text } from "./read.ts";
import { allocated, clashes, type Taken } from "./service.ts";

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
  const first = BEFORE_DEFAULTS[kind]?.(objectOf(object), context) ?? objectOf(object);
  const plain = withDefaults(objectOf(compact(first, context.schema)), kind);
  const created = context.before === undefined ? (ON_CREATE[kind]?.(plain, context) ?? plain) : plain;
  const body = AFTER_DEFAULTS[kind]?.(created, context) ?? created;
  return { ...body, apiVersion, kind, metadata: { ...objectOf(body["metadata"]), name: metadata.name } };
}

const BEFORE_DEFAULTS: { readonly [kind: string]: Prepare } = {
  Secret: (secret) => withDataOf(secret),
};

/** Source: recorded; lists and times that Go's types always write, though nothing is there. */
const withNulls =
  (...names: readonly string[]): Prepare =>
  (object) => ({ ...Object.fromEntries(names.map((name) => [name, null])), ...object });

const AFTER_DEFAULTS: { readonly [kind: string]: Prepare } = {
  Service: withAllocations,
  Namespace: (namespace) =>
    withLabels(namespace, { "kubernetes.io/metadata.name": text(at(namespace, "metadata.name")) }),
  ClusterRole: withNulls("rules"),
  Role: withNulls("rules"),
  EndpointSlice: withNulls("endpoints", "ports"),
  Event: withNulls("eventTime"),
  DaemonSet: withTemplateGeneration,
  Pod: (pod) => ({ ...pod, spec: hostPorts(objectOf(pod["spec"])) }),
  PersistentVolumeClaim: (claim) => ({ ...claim, spec: withDataSources(objectOf(claim["spec"])) }),
  HorizontalPodAutoscaler: (scaler) => withStatus(scaler, { currentMetrics: null, ...objectOf(scaler["status"]) }),
};

/** What stands in an object that nobody has seen yet. Source: the registries' strategies, and admission plugins. */
const ON_CREATE: { readonly [kind: string]: Prepare } = {
  CustomResourceDefinition: (definition) => withStatus(definition, definitionStatus(definition)),
  Job: (job) => withTemplateLabels(withJobSelector(job)),
  Namespace: (namespace) => withStatus({ ...namespace, spec: withOwnFinalizer(namespace) }, { phase: "Active" }),
  Node: (node) => ({ ...node, spec: withNodeTaint(objectOf(node["spec"])) }),
  // Source: admission plugin StorageObjectInUseProtection.
  PersistentVolume: (volume) => {
    const lastPhaseTransitionTime = at(volume, "metadata.creationTimestamp");
    return withStatus(withFinalizer(volume, "kubernetes.io/pv-protection"), {
      phase: "Pending",
      lastPhaseTransitionTime,
    });
  },
  PersistentVolumeClaim: (claim) =>
    withStatus(withFinalizer(claim, "kubernetes.io/pvc-protection"), { phase: "Pending" }),
  Pod: createdPod,
  VolumeAttributesClass: (one) => withFinalizer(one, "kubernetes.io/vac-protection"),
  ReplicationController: (controller) => {
    const labels = at(controller, "spec.template.metadata.labels");
    const spec = objectOf(controller["spec"]);
    return withTemplateLabels({ ...controller, spec: labels === undefined ? spec : { selector: labels, ...spec } });
  },
};

/** Errors: 422 for an address or a port that another Service has. */
function withAllocations(service: JsonObject, { before, taken }: Omit<BuiltIn, "object">): JsonObject {
  const allocation = { spec: objectOf(service["spec"]), before: objectOf(before?.["spec"]), taken: taken() };
  const causes = clashes(allocation);
  if (causes.length > 0)
    throw invalid({ group: "", kind: "Service", name: text(at(service, "metadata.name")) }, causes);
  return { ...service, spec: allocated(allocation) };
}

function withStatus(object: JsonObject, status: JsonObject): JsonObject {
  return { ...object, status: { ...objectOf(object["status"]), ...status } };
}

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
  if (spec["manualSelector"] === true) return job;
  const { uid, name } = objectOf(job["metadata"]);
  const own = { "batch.kubernetes.io/controller-uid": text(uid) };
  const labels = {
    ...own,
    "batch.kubernetes.io/job-name": text(name),
    "controller-uid": text(uid),
    "job-name": text(name),
  };
  const template = withLabels(objectOf(spec["template"]), labels);
  const asked = objectOf(spec["selector"]);
  const selector = { ...asked, matchLabels: { ...objectOf(asked["matchLabels"]), ...own } };
  return { ...job, spec: { ...spec, manualSelector: false, selector, template } };
}

/** Without labels of its own it takes those of its Pods. Source: the defaults of batch/v1 and core/v1. */
function withTemplateLabels(object: JsonObject): JsonObject {
  if (at(object, "metadata.labels") !== undefined) return object;
  return withLabels(object, objectOf(at(object, "spec.template.metadata.labels")));
}

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** A counter of templates that older controllers read, kept where they left it: in an annotation. */
function withTemplateGeneration(set: JsonObject, { before }: Omit<BuiltIn, "object">): JsonObject {
  const last = Number(before?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const templates = [at(set, "spec.template"), at(objectOf(before), "spec.template")].map(canonicalJson);
  const count = templates[0] === templates[1] ? last : last + 1;
  const metadata = objectOf(set["metadata"]);
  const annotations = { ...objectOf(metadata["annotations"]), [TEMPLATE_GENERATION]: String(count) };
  return { ...set, metadata: { ...metadata, annotations } };
}

/** The newer field and the older one say the same. Source: registry, core/persistentvolumeclaim (NormalizeDataSources). */
function withDataSources(spec: JsonObject): JsonObject {
  const { dataSource, dataSourceRef } = spec;
  if ((dataSource === undefined) === (dataSourceRef === undefined) || at(spec, "dataSourceRef.namespace") !== undefined)
    return spec;
  const { apiGroup = null, kind, name } = objectOf(dataSource ?? dataSourceRef);
  const both = { apiGroup, kind, name };
  return { ...spec, dataSource: both, dataSourceRef: both };
}

function withOwnFinalizer(namespace: JsonObject): JsonObject {
  const given = at(namespace, "spec.finalizers");
  const others = Array.isArray(given) ? given.filter((name: Json) => name !== "kubernetes") : [];
  return { ...objectOf(namespace["spec"]), finalizers: [...others, "kubernetes"] };
}

function withFinalizer(object: JsonObject, name: string): JsonObject {
  const metadata = objectOf(object["metadata"]);
  const given: readonly Json[] = Array.isArray(metadata["finalizers"]) ? metadata["finalizers"] : [];
  return given.includes(name) ? object : { ...object, metadata: { ...metadata, finalizers: [...given, name] } };
}

/** Source: admission plugin TaintNodesByCondition. */
function withNodeTaint(spec: JsonObject): JsonObject {
  const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
  const { podCIDR } = spec;
  const addresses = podCIDR === undefined ? {} : { podCIDRs: [podCIDR] };
  return { ...addresses, ...spec, taints: [...objectsOf(spec["taints"]), taint] };
}

/** Before its names are looked at. */
function definitionStatus(definition: JsonObject): JsonObject {
  const stored = objectsOf(at(definition, "spec.versions")).filter((version) => version["storage"] === true);
  return {
    conditions: null,
    acceptedNames: { plural: "", kind: "" },
    storedVersions: stored.map(({ name }) => name ?? ""),
  };
}

function withLabels(object: JsonObject, labels: JsonObject): JsonObject {
  const metadata = objectOf(object["metadata"]);
  return { ...object, metadata: { ...metadata, labels: { ...objectOf(metadata["labels"]), ...labels } } };
}
