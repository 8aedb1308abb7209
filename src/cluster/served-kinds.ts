import {
  type GroupKind,
  type GroupVersionKind,
  groupKindKey,
  isJsonObject,
  type Json,
  type JsonObject,
} from "../model/index.ts";
import type { ApiResource } from "./types.ts";

/** Everything that a server serves, to be asked by name. */
export interface ServedKinds {
  find(kind: GroupVersionKind): ApiResource | undefined;
  preferred(kind: GroupKind): ApiResource | undefined;
  all(): readonly ApiResource[];
  /** `group/version` and `group/version/Kind` of everything, sorted. */
  apiVersions(): readonly string[];
}

/** One kind in one version, as discovery tells it; versions of a kind follow each other, the preferred first. */
export type ServedKind = Omit<ApiResource, "servedVersions">;

export function servedKinds(kinds: readonly ServedKind[]): ServedKinds {
  const versions = new Map<string, string[]>();
  for (const kind of kinds) {
    const key = groupKindKey(kind);
    const known = versions.get(key);
    if (known === undefined) versions.set(key, [kind.version]);
    else if (!known.includes(kind.version)) known.push(kind.version);
  }
  const byKind = new Map<string, ApiResource>();
  const preferred = new Map<string, ApiResource>();
  for (const kind of kinds) {
    const key = groupKindKey(kind);
    const resource = { ...kind, servedVersions: versions.get(key) ?? [] };
    // Two resources of one kind and version are rare and odd: the first is the one that others use, too.
    if (!byKind.has(`${kind.version} ${key}`)) byKind.set(`${kind.version} ${key}`, resource);
    if (!preferred.has(key)) preferred.set(key, resource);
  }
  const all = [...byKind.values()];
  let versionsServed: readonly string[] | undefined;
  return {
    find: (kind) => byKind.get(`${kind.version} ${groupKindKey(kind)}`),
    preferred: (kind) => preferred.get(groupKindKey(kind)),
    all: () => all,
    apiVersions: () => (versionsServed ??= apiVersionsOf(all)),
  };
}

function apiVersionsOf(all: readonly ApiResource[]): readonly string[] {
  const versions = new Set<string>();
  for (const { group, version, kind } of all) {
    const apiVersion = group === "" ? version : `${group}/${version}`;
    versions.add(apiVersion).add(`${apiVersion}/${kind}`);
  }
  return [...versions].sort();
}

/** Out of an APIGroupDiscoveryList (apidiscovery.k8s.io/v2), which tells groups, versions and resources in one answer. */
export function fromAggregated(list: JsonObject): ServedKind[] {
  return objectsOf(list["items"]).flatMap((item) => {
    const group = isJsonObject(item["metadata"]) ? textOf(item["metadata"]["name"]) : "";
    return objectsOf(item["versions"]).flatMap((version) =>
      objectsOf(version["resources"]).flatMap((resource) =>
        fromAggregatedResource(resource, group, textOf(version["version"])),
      ),
    );
  });
}

function fromAggregatedResource(resource: JsonObject, group: string, version: string): ServedKind[] {
  const answer = isJsonObject(resource["responseKind"]) ? resource["responseKind"] : {};
  const kind = textOf(answer["kind"]);
  if (kind === "") return [];
  return [
    {
      // A resource may answer with a kind of another group (scale does); it is asked for under its own.
      group,
      version,
      kind,
      plural: textOf(resource["resource"]),
      namespaced: resource["scope"] === "Namespaced",
      verbs: textsOf(resource["verbs"]),
    },
  ];
}

/** Out of an APIResourceList, the older form: one answer a group version. */
export function fromResourceList(list: JsonObject, group: string, version: string): ServedKind[] {
  return objectsOf(list["resources"])
    .filter((resource) => !textOf(resource["name"]).includes("/"))
    .map((resource) => ({
      group,
      version,
      kind: textOf(resource["kind"]),
      plural: textOf(resource["name"]),
      namespaced: resource["namespaced"] === true,
      verbs: textsOf(resource["verbs"]),
    }));
}

/** Group versions of an APIGroupList, each group's preferred version first. */
export function groupVersionsOf(list: JsonObject): { readonly group: string; readonly version: string }[] {
  return objectsOf(list["groups"]).flatMap((group) => {
    const preferred = isJsonObject(group["preferredVersion"]) ? textOf(group["preferredVersion"]["version"]) : "";
    const versions = objectsOf(group["versions"]).map((one) => textOf(one["version"]));
    return [...new Set([preferred, ...versions])]
      .filter((version) => version !== "")
      .map((version) => ({ group: textOf(group["name"]), version }));
  });
}

function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((one) => isJsonObject(one)) : [];
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
