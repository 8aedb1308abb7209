import { APPLICATION_ANNOTATION, APPLYSET_ID_LABEL, type KubeObject, PART_OF_LABEL } from "../../../src/model/index.ts";
import type { Direct } from "../direct.ts";
import { type Key, keyOf, type Wanted } from "../garden.ts";
import { KINDS, kindOf } from "../kinds.ts";
import { lacks } from "./lacks.ts";
import { isMadeByController } from "./orphans.ts";

const GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES = "applyset.kubernetes.io/additional-namespaces";
export const INVENTORY = "soak-inventory";

export interface Cluster {
  readonly live: ReadonlyMap<Key, KubeObject>;
  /** By the id in the label of their members. */
  readonly parents: ReadonlyMap<string, KubeObject>;
}

export async function readCluster(direct: Direct): Promise<Cluster> {
  const lists = await Promise.all(
    KINDS.map(async ({ kind, apiVersion, collection }) =>
      (await direct.list(collection)).map((item) => ({ ...item, kind, apiVersion })),
    ),
  );
  const objects = lists.flat();
  const live = new Map(objects.map((object) => [keyOf(object), object as KubeObject]));
  const parents = objects.filter(
    ({ kind, metadata }) => kind === "ConfigMap" && metadata.labels?.[APPLYSET_ID_LABEL] !== undefined,
  );
  return { live, parents: new Map(parents.map((one) => [one.metadata.labels?.[APPLYSET_ID_LABEL] ?? "", one])) };
}

/** Where the cluster is not as Git wants it, one sentence each. Judged from both as they are, by no line of Plumbline's. */
export function differences(wanted: ReadonlyMap<Key, Wanted>, cluster: Cluster): readonly string[] {
  return [...missing(wanted, cluster), ...orphans(wanted, cluster)];
}

function missing(wanted: ReadonlyMap<Key, Wanted>, { live, parents }: Cluster): string[] {
  return [...wanted].flatMap(([key, { application, object }]) => {
    if (object.kind === "CustomResourceDefinition") return [];
    const found = live.get(key);
    if (found === undefined) return [`${key} is missing`];
    const owner = ownerOf(found, parents);
    if (owner !== application) return [`${key} is a member of ${owner ?? "nothing"}, not of ${application}`];
    return [...lacks(object, found), ...leftovers(object, found)].map((words) => `${key}: ${words}`);
  });
}

function ownerOf({ metadata }: KubeObject, parents: Cluster["parents"]): string | undefined {
  return parents.get(metadata.labels?.[PART_OF_LABEL] ?? "")?.metadata.annotations?.[APPLICATION_ANNOTATION];
}

/** Keys that Plumbline put there and that Git does not have: what a hand added is the hand's. */
function leftovers(wanted: KubeObject, live: KubeObject): string[] {
  const had = { ...(wanted["data"] as object), ...(wanted["stringData"] as object) };
  return Object.keys((live["data"] as object | undefined) ?? {})
    .filter((key) => !(key in had) && isOwned(live, key))
    .map((key) => `has /data/${key}, which Git has not`);
}

function isOwned({ metadata }: KubeObject, key: string): boolean {
  const entries = metadata.managedFields as readonly {
    manager: string;
    fieldsV1?: { "f:data"?: { [field: string]: unknown } };
  }[];
  return entries.some(({ manager, fieldsV1 }) => manager === "plumbline" && `f:${key}` in (fieldsV1?.["f:data"] ?? {}));
}

/** Objects with our label that no application of Git wants, or that stand outside of their application's inventory. */
function orphans(wanted: ReadonlyMap<Key, Wanted>, { live, parents }: Cluster): string[] {
  return [...live].flatMap(([key, object]) => {
    const id = object.metadata.labels?.[PART_OF_LABEL];
    if (id === undefined || isMadeByController(object)) return [];
    const parent = parents.get(id);
    if (parent === undefined) return [`${key} is a member of ${id}, which has no inventory`];
    const { [GROUP_KINDS]: kinds = "", [NAMESPACES]: namespaces = "" } = parent.metadata.annotations ?? {};
    const inside =
      kinds.split(",").includes(kindOf(object).groupKind) &&
      namespaces.split(",").includes(object.metadata.namespace ?? "");
    return [
      ...(inside ? [] : [`${key} stands outside of its inventory (${kinds} in ${namespaces})`]),
      ...(wanted.has(key) ? [] : [`${key} is an orphan: Git does not want it`]),
    ];
  });
}
