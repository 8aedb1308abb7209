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

const KIND_LINES: { readonly [resource: string]: string } = KINDS;
const LINES: { readonly [type: string]: string } = TYPES;
const FACTS = Object.entries(KIND_LINES).map(([key, line]) => readKind(key, line));

/** Every built-in resource that the sandbox serves, in the server's order. */
export function builtInResources(): readonly ResourceFacts[] {
  return FACTS;
}

/**
 * One line says a resource: `"deployments.v1.apps": "apps.v1.Deployment deployment namespaced short=deploy in=all scale status"`.
 * Its type, whose last part is the kind, and its singular stand first; `in=` are categories; `verbs=` only where some are not served.
 */
function readKind(key: string, line: string): ResourceFacts & { readonly type: string } {
  const [type = "", singular = "", ...words] = line.split(" ");
  const listed = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const verbs = listed("verbs")?.split(",");
  return {
    ...versionOf(key),
    type,
    kind: type.slice(type.lastIndexOf(".") + 1),
    plural: key.slice(0, key.indexOf(".")),
    singular,
    namespaced: words.includes("namespaced"),
    shortNames: listed("short")?.split(",") ?? [],
    categories: listed("in")?.split(",") ?? [],
    verbs: ALL_VERBS.filter((verb) => verbs === undefined || verbs.includes(verb)),
    status: words.includes("status"),
    scale: words.includes("scale") ? SCALE : undefined,
  };
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
  for (const { kind, type, ...at } of FACTS) {
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
