import type { Comparison } from "../../src/diff/index.ts";
import {
  APPLICATION_ANNOTATION,
  type KubeObject,
  type LiveObject,
  type Manifest,
  refKey,
  refOf,
  type SyncStatus,
} from "../../src/model/index.ts";
import { applySetId, buildPlan, type PlanInput, parentObject, parentRef, prepare } from "../../src/plan/index.ts";

export const APPLICATION = "team-a/shop";
export const INVENTORY = "plumbline-system";
const CLUSTER_WIDE = new Set([
  "Namespace",
  "CustomResourceDefinition",
  "ClusterRole",
  "ValidatingWebhookConfiguration",
]);

/** A manifest in few words: "apps/v1 Deployment web", with what else it has. */
export function manifest(
  text: string,
  rest: { namespace?: string; annotations?: { [key: string]: string } } & { [field: string]: unknown } = {},
  line = 1,
): Manifest {
  const [apiVersion = "", kind = "", name = ""] = text.split(" ");
  const { namespace, annotations, ...fields } = rest;
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const object = { apiVersion, kind, metadata, ...fields } as KubeObject;
  return { ref: refOf(object), object, origin: { repo: "r", revision: "1", file: `${name}.yaml`, line } };
}

export function ready(manifests: readonly Manifest[], destinationNamespace = "shop") {
  return prepare(manifests, {
    application: APPLICATION,
    inventoryNamespace: INVENTORY,
    destinationNamespace,
    namespaced: ({ kind }) => !CLUSTER_WIDE.has(kind),
  });
}

/** The object as the server would have it after we applied it. */
export function alive(object: KubeObject, metadata: object = {}): LiveObject {
  return {
    ...object,
    metadata: { ...object.metadata, uid: `uid-${object.metadata.name}`, resourceVersion: "1", ...metadata },
  };
}

export function parentOf(groupKinds: readonly string[], namespaces: readonly string[] = ["shop"]): LiveObject {
  const inventory = { id: applySetId(APPLICATION, INVENTORY), parent: parentRef(APPLICATION, INVENTORY) };
  const parent = alive(parentObject(inventory, { groupKinds, namespaces }, { application: APPLICATION }));
  if (parent.metadata.annotations?.[APPLICATION_ANNOTATION] !== APPLICATION)
    throw new Error("a parent names its application");
  return parent;
}

function verdict(status: SyncStatus, owned = true): Comparison {
  return { status, changes: [], doubtful: false, owned, kept: undefined };
}

interface Scene {
  /** What Git wants. */
  readonly wanted: readonly Manifest[];
  /** What is in the cluster with our label; of those that Git wants, the verdict is Synced. */
  readonly there?: readonly Manifest[];
  readonly parent?: LiveObject;
  /** What the server does not change: then the verdict on what is there is Pending. */
  readonly unchangeable?: PlanInput["unchangeable"];
  readonly policy?: Partial<PlanInput["policy"]>;
  readonly allowPrune?: boolean;
  readonly deleting?: "prune" | "orphan";
  readonly moving?: NonNullable<PlanInput["moving"]>;
  readonly outside?: NonNullable<PlanInput["outside"]>;
  /** Changes to what `there` became. */
  readonly hookStates?: NonNullable<PlanInput["hookStates"]>;
  readonly rerunHooks?: boolean;
  readonly rollback?: boolean;
  readonly alter?: (live: LiveObject) => LiveObject;
}

export function planOf({
  wanted,
  there = [],
  parent,
  policy = {},
  unchangeable,
  alter = (live) => live,
  ...asked
}: Scene) {
  const all = ready(wanted);
  const prepared = all.filter(({ hook }) => hook === undefined);
  const hooks = all.filter(({ hook }) => hook !== undefined);
  const members = ready(there).map(({ object }) => alter(alive(object)));
  const live = new Map(members.map((object) => [refKey(refOf(object)), object]));
  const wantedLive = new Map(
    prepared.flatMap(({ ref }) =>
      live.has(refKey(ref)) ? [[refKey(ref), live.get(refKey(ref)) as LiveObject] as const] : [],
    ),
  );
  return buildPlan({
    application: APPLICATION,
    revision: "abc",
    inventoryNamespace: INVENTORY,
    prepared,
    comparisons: new Map(
      prepared.map(({ ref }) => [
        refKey(ref),
        verdict(wantedLive.has(refKey(ref)) && unchangeable === undefined ? "Synced" : "Pending"),
      ]),
    ),
    live: wantedLive,
    members,
    parent,
    ...(unchangeable === undefined ? {} : { unchangeable }),
    hooks,
    ...asked,
    policy: { prune: true, pruneLimit: 50, adopt: "unclaimed", ...policy },
  });
}
