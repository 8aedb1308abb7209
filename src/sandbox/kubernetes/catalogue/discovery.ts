import type { JsonObject } from "../../../model/index.ts";
import { apiVersionOf } from "../../../model/index.ts";
import type { ServedResource } from "../types.ts";
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

function groupsOf(catalogue: Catalogue): GroupVersions[] {
  const groups = new Map<string, Map<string, ServedResource[]>>();
  for (const resource of catalogue.all()) {
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

/** v2 before v1 before v1beta1 before v1alpha1. Source: Kubernetes, "Version priority". */
function byPriority(one: string, other: string): number {
  return rank(other) - rank(one);
}

const RANKS = { "": 2, beta: 1, alpha: 0 };

function rank(version: string): number {
  const [, major = "0", level = "", minor = "0"] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  return RANKS[level as keyof typeof RANKS] * 1e6 + Number(major) * 1e3 + Number(minor);
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
    apiVersion: "v1",
    groupVersion: apiVersionOf({ group: found.group, version }),
    resources: resources.flatMap(listedResource),
  };
}

const SUBRESOURCE_VERBS = ["get", "patch", "update"];

function listedResource(resource: ServedResource): JsonObject[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const subs = subresourcesOf(resource).map(({ name, responseKind }) => {
    const scale = name === "scale" ? { group: responseKind.group, version: responseKind.version } : {};
    return {
      name: `${plural}/${name}`,
      singularName: "",
      namespaced,
      ...scale,
      kind: responseKind.kind,
      verbs: SUBRESOURCE_VERBS,
    };
  });
  return [main, ...subs];
}

function subresourcesOf({ group, version, kind, status, scale }: ServedResource) {
  return [
    ...(scale === undefined
      ? []
      : [{ name: "scale", responseKind: { group: "autoscaling", version: "v1", kind: "Scale" } }]),
    ...(status ? [{ name: "status", responseKind: { group, version, kind } }] : []),
  ];
}

function aggregatedDocument(groups: readonly GroupVersions[]): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { ...(group === "" ? {} : { name: group }), creationTimestamp: null },
      versions: versions.map(({ version, resources }) => ({
        version,
        resources: resources.map(discovered),
        freshness: "Current",
      })),
    })),
  };
}

function discovered(resource: ServedResource): JsonObject {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  const subresources = subresourcesOf(resource).map(({ name, responseKind }) => ({
    subresource: name,
    responseKind,
    verbs: SUBRESOURCE_VERBS,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
