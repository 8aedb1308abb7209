import { canonicalJson } from "../../../kit/hash.ts";
import { isJsonObject, type KubeObject, type LiveObject, type ObjectMeta } from "../../../model/index.ts";
import { refuseDefinition } from "../catalogue/index.ts";
import { prepareBuiltIn, refuseBuiltIn, type Taken, takenBy } from "../kinds/index.ts";
import type { ServedResource } from "../types.ts";
import { defaultCustom, validateCustom, validateMeta } from "../validate/index.ts";
import type { Machine } from "./machine.ts";

export interface Preparation {
  readonly resource: ServedResource;
  readonly object: KubeObject;
  readonly before: LiveObject | undefined;
  readonly subresource?: string | undefined;
}

/** The object as it would be stored: with defaults, with what the server sets, and found to be right. Errors: 422, and 501 for a definition
 *  that asks for more than the sandbox does. */
export function prepared(machine: Machine, preparation: Preparation): KubeObject {
  const { resource, before } = preparation;
  const halves = keptHalves(preparation);
  const object =
    resource.custom === undefined ? builtIn(machine, { ...preparation, object: halves }) : customised(halves, resource);
  validateMeta(object, resource);
  if (resource.custom === undefined) refuseBuiltIn({ object, before });
  else validateCustom(object, resource.custom.openApi);
  if (resource.kind === "CustomResourceDefinition") refuseDefinition(object, before);
  return preparation.subresource === "status" ? object : withGeneration(object, before, resource);
}

function builtIn({ store }: Machine, { resource, object, before }: Preparation): KubeObject {
  const taken = (): Taken => {
    const others = store.list("/services").filter(({ metadata }) => metadata.uid !== object.metadata.uid);
    return takenBy(others);
  };
  return prepareBuiltIn({ object, before, schema: resource.schema(), taken });
}

/** /status writes the status and, of the built-in kinds, metadata; a write of the whole leaves the status as it is. */
function keptHalves({ resource, object, before, subresource }: Preparation): KubeObject {
  if (subresource === "status" && before !== undefined) {
    const { managedFields, labels, ...sent } = object.metadata;
    // The labels of a Deployment are its own, also where its status is written.
    const own = resource.kind === "Deployment" ? before.metadata.labels : labels;
    const metadata =
      resource.custom === undefined ? { ...sent, ...(own === undefined ? {} : { labels: own }) } : before.metadata;
    return withField(
      { ...before, metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) } },
      "status",
      object,
    );
  }
  return resource.status ? withField(object, "status", before) : object;
}

function withField(object: KubeObject, name: string, from: KubeObject | undefined): KubeObject {
  const { [name]: _, ...rest } = object;
  const value = from?.[name];
  const { apiVersion, kind, metadata } = object;
  return { ...rest, apiVersion, kind, metadata, ...(value === undefined ? {} : { [name]: value }) };
}

/** What the definition does not know was dropped when the object was decoded; what was applied is refused for it. */
function customised(object: KubeObject, { custom }: ServedResource): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const whole = defaultCustom(isJsonObject(object) ? object : {}, custom?.openApi ?? {});
  return { ...whole, apiVersion, kind, metadata: tidied(metadata) };
}

/** Metadata without what is empty. */
function tidied(metadata: ObjectMeta): ObjectMeta {
  const { labels = {}, annotations = {}, finalizers = [], ownerReferences = [], ...rest } = metadata;
  return {
    ...rest,
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(finalizers.length === 0 ? {} : { finalizers }),
    ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
  };
}

/** Kinds that count their generations. Source: kube-apiserver, the strategies of each kind. */
const COUNTED = new Set([
  ...[
    "Deployment",
    "ReplicaSet",
    "StatefulSet",
    "DaemonSet",
    "Job",
    "CronJob",
    "PodDisruptionBudget",
    "Pod",
    "IngressClass",
    "PriorityClass",
  ],
  ...["Ingress", "NetworkPolicy", "CustomResourceDefinition", "APIService", "ReplicationController", "FlowSchema"],
  ...[
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "PriorityLevelConfiguration",
  ],
  ...[
    "ValidatingAdmissionPolicyBinding",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "EndpointSlice",
    "DeviceClass",
  ],
]);

/** One more when anything changed beside metadata and status. */
function withGeneration(object: KubeObject, before: LiveObject | undefined, { custom }: ServedResource): KubeObject {
  if (!COUNTED.has(object.kind) && custom === undefined) return object;
  const last = before?.metadata.generation;
  const generation = before === undefined ? 1 : (last ?? 1) + (isSame(object, before) ? 0 : 1);
  return { ...object, metadata: { ...object.metadata, generation } };
}

function isSame(one: KubeObject, other: KubeObject): boolean {
  return canonicalJson(counted(one)) === canonicalJson(counted(other));
}

/** What makes a generation: all but metadata and status; of a Deployment its annotations as well, for they go to its ReplicaSets. */
function counted({ apiVersion: _1, metadata: { annotations }, status: _2, ...rest }: KubeObject): object {
  return rest.kind === "Deployment" ? { ...rest, annotations: annotations ?? {} } : rest;
}
