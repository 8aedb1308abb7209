import type { KubeObject } from "./object.ts";

export interface GroupKind {
  /** "" is the core group. */
  readonly group: string;
  readonly kind: string;
}

export interface GroupVersionKind extends GroupKind {
  readonly version: string;
}

/** Which object is meant. The version is the one asked for and is no part of its identity. */
export interface Ref extends GroupVersionKind {
  /** Absent for what lives outside namespaces. */
  readonly namespace?: string;
  readonly name: string;
}

/** "apps/v1" -> { group: "apps", version: "v1" }; "v1" -> the core group. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf("/");
  return slash < 0
    ? { group: "", version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}

/** "Deployment.apps", "Service": the form that ApplySet's contains-group-kinds uses (KEP-3659). */
export function groupKindKey({ group, kind }: GroupKind): string {
  return group === "" ? kind : `${kind}.${group}`;
}

export function parseGroupKind(key: string): GroupKind {
  const dot = key.indexOf(".");
  return dot < 0 ? { group: "", kind: key } : { group: key.slice(dot + 1), kind: key.slice(0, dot) };
}

/** Identity as one string, `<group>/<Kind>:<namespace>/<name>`; two Refs of one object in two versions have the same. */
export function refKey(ref: GroupKind & { readonly namespace?: string; readonly name: string }): string {
  return `${ref.group}/${ref.kind}:${ref.namespace ?? ""}/${ref.name}`;
}

/** "Deployment shop/web", "Namespace shop": how an object is named to people. */
export function formatRef(ref: Pick<Ref, "kind" | "namespace" | "name">): string {
  return ref.namespace === undefined ? `${ref.kind} ${ref.name}` : `${ref.kind} ${ref.namespace}/${ref.name}`;
}

export function refOf(object: KubeObject): Ref {
  const { namespace, name } = object.metadata;
  const base = { ...parseApiVersion(object.apiVersion), kind: object.kind, name };
  return namespace === undefined ? base : { ...base, namespace };
}
