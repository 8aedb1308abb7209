import { canonicalJson, sha256 } from "../../kit/hash.ts";
import {
  type GroupKind,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type OwnerReference,
  parseApiVersion,
} from "../../model/index.ts";
import { core, FAIL, MANAGER, type Stage } from "./controller.ts";
import { listOf, partOf, textOf } from "./fields.ts";

export function ownerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** What an object made, of a kind, oldest first; nothing that is on its way out. */
export function ownedBy({ objects }: Stage, owner: LiveObject, kind: GroupKind): readonly LiveObject[] {
  return objects
    .list(kind)
    .filter((one) => one.metadata.deletionTimestamp === undefined && ownerOf(one)?.uid === owner.metadata.uid)
    .sort((one, other) => Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion));
}

export function referenceTo({ apiVersion, kind, metadata: { name, uid } }: LiveObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** A name that no two templates share, in letters that make no words. */
export function hashOf(template: unknown): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from(
    Buffer.from(sha256(canonicalJson(template)), "hex").subarray(0, 10),
    (byte) => letters[byte % letters.length],
  ).join("");
}

export interface NewPod {
  readonly owner: LiveObject;
  readonly template: JsonObject;
  /** Ends in "-" where the server is to choose the rest. */
  readonly name: string;
  readonly labels?: { readonly [key: string]: string };
  readonly spec?: JsonObject;
}

/** Makes a Pod out of a template, with its owner's event. */
export function createPod(stage: Stage, { owner, template, name, labels = {}, spec = {} }: NewPod): LiveObject {
  const metadata = partOf(template, "metadata");
  const pod = stage.objects.create(
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: name.endsWith("-") ? "" : name,
        ...(name.endsWith("-") ? { generateName: name } : {}),
        ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
        labels: { ...stringsOf(metadata["labels"]), ...labels },
        annotations: stringsOf(metadata["annotations"]),
        ownerReferences: [referenceTo(owner)],
      },
      spec: { ...partOf(template, "spec"), ...spec },
    },
    MANAGER,
  );
  stage.tell(owner, {
    reason: "SuccessfulCreate",
    message: `Created pod: ${pod.metadata.name}`,
    by: `${owner.kind.toLowerCase()}-controller`,
  });
  return pod;
}

export function deletePod(stage: Stage, owner: LiveObject, pod: LiveObject): void {
  stage.objects.remove(pod);
  stage.tell(owner, {
    reason: "SuccessfulDelete",
    message: `Deleted pod: ${pod.metadata.name}`,
    by: `${owner.kind.toLowerCase()}-controller`,
  });
}

export function isReady(pod: LiveObject): boolean {
  return listOf(partOf(pod, "status"), "conditions").some(({ type, status }) => type === "Ready" && status === "True");
}

export function phaseOf(pod: LiveObject): string {
  return textOf(partOf(pod, "status"), "phase");
}

/** The words of the nearest annotation that asks for a failure: on the object itself, or on what owns it. */
export function failureOf({ objects }: Stage, object: LiveObject): string | undefined {
  for (let at: LiveObject | undefined = object; at !== undefined; ) {
    const words = at.metadata.annotations?.[FAIL];
    if (words !== undefined) return words;
    const owner = ownerOf(at);
    at =
      owner &&
      objects.get(
        { group: parseApiVersion(owner.apiVersion).group, kind: owner.kind },
        owner.name,
        at.metadata.namespace,
      );
  }
  return undefined;
}

function stringsOf(value: unknown): { readonly [key: string]: string } {
  const entries = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])));
}

export const PODS: GroupKind = core("Pod");
