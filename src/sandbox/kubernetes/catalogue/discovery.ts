import { compareText } from "../../../kit/compare-text.ts";
import type { JsonObject } from "../../../model/index.ts";
import { apiVersionOf } from "../../../model/index.ts";
import type { ServedResource, Verb } from "../types.ts";
import type { Catalogue } from "./catalogue.ts";

interface GroupVersions {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly { readonly version: string; readonly resources: readonly ServedResource[] }[];
}

/**
 * The answer under a path: `["api"]`, `["apis"]`, `["api", "v1"]`, `["apis", GROUP]`, `["apis", GROUP, VERSION]`; undefined where there is
 * nothing. Aggregated: all of it in one document, for the first two. Source: Kubernetes, "Discovery API" (apidiscovery.k8s.io/v2).
 */
export function discoveryDocument(
  catalogue: Catalogue,
  [root, group, version]: readonly string[],
  { aggregated }: { readonly aggregated: boolean },
): JsonObject | undefined {
  const core = root === "api";
  const groups = groupsOf(catalogue).filter((one) => (one.group === "") === core);
  if (group === undefined) {
    if (aggregated) return aggregatedDocument(groups);
    return core ? coreVersions() : { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupDocument) };
  }
  if (core) return resourceList(groups[0], group);
  const found = groups.find((one) => one.group === group);
  if (found === undefined) return undefined;
  return version === undefined
    ? { kind: "APIGroup", apiVersion: "v1", ...groupDocument(found) }
    : resourceList(found, version);
}

/** Built-in groups in the server's order, then those of definitions by name, whatever was defined first. */
function groupsOf(catalogue: Catalogue): GroupVersions[] {
  const groups = new Map<string, Map<string, ServedResource[]>>();
  const builtIn = catalogue.all().filter(({ custom }) => custom === undefined);
  const custom = catalogue.all().filter((resource) => resource.custom !== undefined);
  for (const resource of [...builtIn, ...custom.sort(byName)]) {
    const versions = groups.get(resource.group) ?? new Map<string, ServedResource[]>();
    groups.set(resource.group, versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]));
  }
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions]
      .sort(([one], [other]) => byPriority(one, other))
      .map(([version, resources]) => ({ version, resources })),
  }));
}

function byName(one: ServedResource, other: ServedResource): number {
  return compareText(one.group, other.group) || compareText(one.plural, other.plural);
}

/** v2 before v1 before v1beta1 before v1alpha1, and other names after them. Source: Kubernetes, "Version priority". */
function byPriority(one: string, other: string): number {
  return rank(other) - rank(one) || compareText(one, other);
}

const LEVELS = ["alpha", "beta", ""];

function rank(version: string): number {
  const [known, major, level = "", minor = "0"] = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version) ?? [];
  return known === undefined ? -1 : LEVELS.indexOf(level) * 1e8 + Number(major) * 1e4 + Number(minor);
}

function coreVersions(): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: "127.0.0.1" }],
  };
}

function groupDocument({ group, versions }: GroupVersions): JsonObject {
  const listed = versions.map(({ version }) => ({ groupVersion: apiVersionOf({ group, version }), version }));
  return { name: group, versions: listed, preferredVersion: listed[0] };
}

function resourceList(found: GroupVersions | undefined, version: string): JsonObject | undefined {
  const resources = found?.versions.find((one) => one.version === version)?.resources;
  if (found === undefined || resources === undefined) return undefined;
  return {
    kind: "APIResourceList",
    ...(found.group === "" ? {} : { apiVersion: "v1" }),
    groupVersion: apiVersionOf({ group: found.group, version }),
    resources: resources.flatMap(listedResource),
  };
}

const SUBRESOURCE_VERBS = ["get", "patch", "update"];
/** As the server lists them for resources that are defined. */
const CUSTOM_VERBS: readonly Verb[] = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];

function listedResource(resource: ServedResource): JsonObject[] {
  const { plural, singular, namespaced, kind } = resource;
  const main = { name: plural, singularName: singular, namespaced, kind, ...waysOf(resource) };
  const subs = subresourcesOf(resource).map((name) => ({
    name: `${plural}/${name}`,
    singularName: "",
    namespaced,
    ...(name === "scale" ? SCALE : { kind }),
    verbs: SUBRESOURCE_VERBS,
  }));
  return [main, ...subs];
}

const SCALE = { group: "autoscaling", version: "v1", kind: "Scale" };

function waysOf({ custom, verbs, shortNames, categories }: ServedResource): JsonObject {
  return {
    verbs: custom === undefined ? verbs : CUSTOM_VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

/** In the server's order, which for definitions is another one. */
function subresourcesOf({ status, scale, custom }: ServedResource): ("scale" | "status")[] {
  const names = [...(scale === undefined ? [] : ["scale" as const]), ...(status ? ["status" as const] : [])];
  return custom === undefined ? names : names.reverse();
}

function aggregatedDocument(groups: readonly GroupVersions[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: group === "" ? {} : { name: group },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(discovered),
        freshness: "Current",
      })),
    })),
  };
}

function discovered(resource: ServedResource): JsonObject {
  const { group, version, kind, plural, singular, namespaced, custom } = resource;
  // For its own kinds the server leaves it to the reader to take the group and version from above.
  const responseKind = custom === undefined ? { group: "", version: "", kind } : { group, version, kind };
  const subresources = subresourcesOf(resource).map((name) => ({
    subresource: name,
    responseKind: name === "scale" ? SCALE : responseKind,
    verbs: SUBRESOURCE_VERBS,
  }));
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    ...waysOf(resource),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
