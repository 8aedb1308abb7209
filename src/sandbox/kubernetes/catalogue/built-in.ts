import type { GroupVersionKind, JsonObject } from "../../../model/index.ts";
import type { ScalePaths, Verb } from "../types.ts";
import KINDS from "./facts/kinds.json" with { type: "json" };
import TYPES from "./facts/types.json" with { type: "json" };
import { longName, referencesIn, schemaOf } from "./notation.ts";

/** What discovery says of a resource. */
export interface ResourceFacts extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
}

export const ALL_VERBS: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

const SCALE: ScalePaths = {
  specReplicas: ".spec.replicas",
  statusReplicas: ".status.replicas",
  selector: ".spec.selector",
};

interface KindFacts extends Partial<Omit<ResourceFacts, "scale" | "verbs">> {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
  readonly scale?: boolean;
  readonly type: string;
}

const FACTS = Object.entries(KINDS as { readonly [resource: string]: KindFacts });
const LINES: { readonly [type: string]: string } = TYPES;

/** Every built-in resource that the sandbox serves, in the server's order. */
export function builtInResources(): ResourceFacts[] {
  return FACTS.map(([key, facts]) => {
    const { kind, plural, singular, namespaced, shortNames = [], categories = [], status = false, verbs } = facts;
    const known = ALL_VERBS.filter((verb) => verbs === undefined || verbs.includes(verb));
    return {
      ...versionOf(key),
      kind,
      plural,
      singular,
      namespaced,
      shortNames,
      categories,
      verbs: known,
      status,
      scale: facts.scale === true ? SCALE : undefined,
    };
  });
}

/** "deployments.v1.apps" -> v1 of apps; "pods.v1" -> v1 of the core group. */
function versionOf(key: string): { readonly group: string; readonly version: string } {
  const [, version = "", ...group] = key.split(".");
  return { group: group.join("."), version };
}

const OBJECT_META = "meta.v1.ObjectMeta";

/** The component schemas of a group version: its kinds, and all types that they lead to. Made anew each time: it is large. */
export function builtInSchemas(group: string, version: string): { [name: string]: JsonObject } {
  const schemas: { [name: string]: JsonObject } = {};
  for (const [key, { kind, type }] of FACTS) {
    const at = versionOf(key);
    if (at.group !== group || at.version !== version) continue;
    collect(type, schemas);
    schemas[longName(type)] = {
      ...schemas[longName(type)],
      "x-kubernetes-group-version-kind": [{ group, version, kind }],
    };
  }
  return schemas;
}

/** What every custom resource has, beside its own schema. */
export function metadataSchemas(): { [name: string]: JsonObject } {
  const schemas: { [name: string]: JsonObject } = {};
  collect(OBJECT_META, schemas);
  return schemas;
}

export const METADATA_REF = `#/components/schemas/${longName(OBJECT_META)}`;

function collect(type: string, schemas: { [name: string]: JsonObject }): void {
  const name = longName(type);
  const line = LINES[type];
  if (schemas[name] !== undefined || line === undefined) return;
  schemas[name] = schemaOf(line);
  for (const next of referencesIn(line)) collect(next, schemas);
}
