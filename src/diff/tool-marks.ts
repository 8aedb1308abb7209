import { globMatches } from "../kit/glob.ts";
import { isJsonObject, type LiveObject } from "../model/index.ts";
import type { FieldTree } from "./field-set.ts";
import { LAST_APPLIED } from "./mask.ts";
import { HELM_RELEASE_NAME } from "./previous-writers.ts";

/** What tools write onto an object for themselves. What an author may have written for a tool (sync waves, prune options) is none of it. */
const ANNOTATIONS = [
  LAST_APPLIED,
  HELM_RELEASE_NAME,
  "meta.helm.sh/release-namespace",
  "argocd.argoproj.io/tracking-id",
  "argocd.argoproj.io/installation-id",
  "kapp.k14s.io/identity",
  "kapp.k14s.io/original",
  "kapp.k14s.io/original-diff*",
  "configmanagement.gke.io/managed",
  "configmanagement.gke.io/source-path",
  "configmanagement.gke.io/token",
  "configsync.gke.io/declared-fields",
  "configsync.gke.io/git-context",
  "configsync.gke.io/manager",
  "configsync.gke.io/resource-id",
  "config.k8s.io/owning-inventory",
  "kustomize.toolkit.fluxcd.io/checksum",
];
const LABELS = [
  "argocd.argoproj.io/instance",
  "kustomize.toolkit.fluxcd.io/name",
  "kustomize.toolkit.fluxcd.io/namespace",
  "helm.toolkit.fluxcd.io/name",
  "helm.toolkit.fluxcd.io/namespace",
  "kapp.k14s.io/app",
  "kapp.k14s.io/association",
  "configsync.gke.io/declared-version",
];
const MANAGED_BY = "app.kubernetes.io/managed-by";

/** The tools' own labels and annotations that the object carries, as a set of fields. */
export function toolMarksOf({ metadata }: LiveObject): FieldTree {
  const [labels, annotations] = [mapOf(metadata.labels), mapOf(metadata.annotations)];
  const ofHelm = annotations[HELM_RELEASE_NAME] !== undefined && labels[MANAGED_BY] === "Helm";
  const isMark = (patterns: readonly string[]) => (name: string) => patterns.some((one) => globMatches(one, name));
  return below("f:metadata", [
    ["f:annotations", named(Object.keys(annotations).filter(isMark(ANNOTATIONS)))],
    ["f:labels", named(Object.keys(labels).filter(isMark(ofHelm ? [...LABELS, MANAGED_BY] : LABELS)))],
  ]);
}

/** What is no map has no names. */
function mapOf(value: unknown): { readonly [name: string]: unknown } {
  return isJsonObject(value) ? value : {};
}

function named(names: readonly string[]): [string, FieldTree][] {
  return names.map((name) => [`f:${name}`, { member: true, children: new Map() }]);
}

function below(name: string, parts: readonly [string, [string, FieldTree][]][]): FieldTree {
  const filled = parts.filter(([, children]) => children.length > 0);
  const inner = filled.map(([part, children]): [string, FieldTree] => [part, treeOf(children)]);
  return treeOf(inner.length === 0 ? [] : [[name, treeOf(inner)]]);
}

function treeOf(children: readonly [string, FieldTree][]): FieldTree {
  return { member: false, children: new Map(children) };
}
