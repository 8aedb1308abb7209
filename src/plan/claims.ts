import { type KubeObject, type LiveObject, type OwnerReference, PART_OF_LABEL, refOf } from "../model/index.ts";

/** Where a tool keeps the record of what it manages: objects of a kind, by name or by labels, in one namespace or in any. */
export interface ClaimRecord {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labelSelector?: string;
  /** Only records whose `data.spec` has this text. */
  readonly says?: string;
}

/** A tool that says of an object that it is its own, by labels and annotations on it. */
export interface Claim {
  readonly tool: string;
  /** "release shop/web", "Application argocd/web". */
  readonly evidence: string;
  /** The claim stands as long as one of these is there. None: the server itself sees to it that the claimant is there. */
  readonly records: readonly ClaimRecord[];
  /** How the claimant lets go of the object and leaves it there. */
  readonly release: string;
}

type Reader = (live: LiveObject) => Claim | undefined;

/** Every claim on an object. One line a tool; a tool that puts nothing on its objects (kubectl apply, Terraform) cannot claim any. */
export function claimsOn(live: LiveObject): readonly Claim[] {
  return READERS.flatMap((read) => read(live) ?? []);
}

const READERS: readonly Reader[] = [
  controller,
  argoByAnnotation,
  argoByLabel,
  fluxKustomization,
  fluxRelease,
  helm,
  kapp,
  configSync,
  otherApplySet,
];

/** The garbage collector deletes what has a controller that is gone, so one that is named is there. */
function controller({ metadata }: LiveObject): Claim | undefined {
  const owners: readonly OwnerReference[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const owner = owners.find((one) => one?.controller === true);
  if (owner === undefined) return undefined;
  const evidence = `${owner.kind} ${owner.name}`;
  return { tool: "its controller", evidence, records: [], release: `delete ${evidence} with --cascade=orphan` };
}

/** `[<namespace>_]<application>:<group>/<Kind>:<namespace>/<name>`; a copy of an object carries the id of the original.
 *  Source: Argo CD, "Resource Tracking" and "Applications in any namespace". */
const TRACKING_ID = /^(?:([^_:]+)_)?([^_:]+):([^/:]*)\/([^/:]+):([^/:]*)\/(.+)$/;

function argoByAnnotation(live: LiveObject): Claim | undefined {
  const [, namespace, application, group, kind, , name] = TRACKING_ID.exec(annotation(live, ARGO_TRACKING)) ?? [];
  const ref = refOf(live);
  if (application === undefined || group !== ref.group || kind !== ref.kind || name !== ref.name) return undefined;
  return argoClaim(application, namespace);
}

const ARGO_TRACKING = "argocd.argoproj.io/tracking-id";

/** By label where there is no id. The label that Argo CD shares with others counts only where Argo CD has written to the object. */
function argoByLabel(live: LiveObject): Claim | undefined {
  if (annotation(live, ARGO_TRACKING) !== "") return undefined;
  const own = label(live, "argocd.argoproj.io/instance");
  const shared = isWrittenBy(live, /^argocd-/) ? label(live, "app.kubernetes.io/instance") : "";
  const name = own || shared;
  return name === "" ? undefined : argoClaim(name, undefined);
}

function argoClaim(name: string, namespace: string | undefined): Claim {
  const evidence = `Application ${namespace === undefined ? name : `${namespace}/${name}`}`;
  const record = { group: "argoproj.io", kind: "Application", name, ...(namespace !== undefined && { namespace }) };
  const release = `delete ${evidence} of Argo CD without its objects (argocd app delete ${name} --cascade=false)`;
  return { tool: "Argo CD", evidence, records: [record], release };
}

function fluxKustomization(live: LiveObject): Claim | undefined {
  const found = fluxOwner(live, "kustomize.toolkit.fluxcd.io");
  if (found === undefined) return undefined;
  const evidence = `Kustomization ${found.namespace}/${found.name}`;
  const record = { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", ...found };
  const release = `set spec.prune: false on ${evidence} of Flux, then delete it`;
  return { tool: "Flux", evidence, records: [record], release };
}

function fluxRelease(live: LiveObject): Claim | undefined {
  const found = fluxOwner(live, "helm.toolkit.fluxcd.io");
  if (found === undefined) return undefined;
  const evidence = `HelmRelease ${found.namespace}/${found.name}`;
  const record = { group: "helm.toolkit.fluxcd.io", kind: "HelmRelease", ...found };
  const release = `set spec.suspend: true on ${evidence} of Flux, then delete it: what is suspended is not uninstalled`;
  return { tool: "Flux", evidence, records: [record], release };
}

function fluxOwner(
  live: LiveObject,
  prefix: string,
): { readonly name: string; readonly namespace: string } | undefined {
  const [name, namespace] = [label(live, `${prefix}/name`), label(live, `${prefix}/namespace`)];
  return name === "" || namespace === "" ? undefined : { name, namespace };
}

/** Revisions that were superseded, or uninstalled with --keep-history, are history. Source: Helm, pkg/storage/driver. */
function helm(live: LiveObject): Claim | undefined {
  const name = annotation(live, "meta.helm.sh/release-name");
  const namespace = annotation(live, "meta.helm.sh/release-namespace");
  if (!isLabelValue(name) || !isLabelValue(namespace)) return undefined;
  const own = `owner=helm,name=${name}`;
  const where = { group: "", namespace, labelSelector: `${own},status notin (superseded,uninstalled)` };
  return {
    tool: "Helm",
    evidence: `release ${namespace}/${name}`,
    records: [
      { ...where, kind: "Secret" },
      { ...where, kind: "ConfigMap" },
    ],
    release: `let Helm forget the release, which leaves its objects (kubectl delete secret -n ${namespace} -l ${own})`,
  };
}

function kapp(live: LiveObject): Claim | undefined {
  const id = label(live, "kapp.k14s.io/app");
  if (id === "") return undefined;
  const labelSelector = "kapp.k14s.io/is-app";
  const records = [{ group: "", kind: "ConfigMap", labelSelector, says: JSON.stringify(id) }];
  return {
    tool: "kapp",
    evidence: `app ${id}`,
    records,
    release: `delete the ConfigMap in which kapp keeps app ${id}`,
  };
}

/** `:root[_<name>]` is a RootSync, `<namespace>[_<name>]` a RepoSync. Source: Config Sync, pkg/declared. */
function configSync(live: LiveObject): Claim | undefined {
  if (annotation(live, "configmanagement.gke.io/managed") !== "enabled") return undefined;
  const [, scope = "", given] = /^([^_]+)(?:_(.+))?$/.exec(annotation(live, "configsync.gke.io/manager")) ?? [];
  if (scope === "") return undefined;
  const isRoot = scope === ":root";
  const kind = isRoot ? "RootSync" : "RepoSync";
  const name = given ?? (isRoot ? "root-sync" : "repo-sync");
  const namespace = isRoot ? "config-management-system" : scope;
  const evidence = `${kind} ${namespace}/${name}`;
  const records = [{ group: "configsync.gke.io", kind, namespace, name }];
  return { tool: "Config Sync", evidence, records, release: `take the object out of ${evidence} of Config Sync` };
}

/** Of a tool that is not Plumbline; a parent may be a Secret, a ConfigMap or a custom resource. Source: KEP-3659. */
function otherApplySet(live: LiveObject): Claim | undefined {
  const id = label(live, PART_OF_LABEL);
  if (id === "") return undefined;
  const where = { group: "", labelSelector: `applyset.kubernetes.io/id=${id}` };
  const records = [
    { ...where, kind: "Secret" },
    { ...where, kind: "ConfigMap" },
  ];
  return {
    tool: "an ApplySet",
    evidence: id,
    records,
    release: `take the object out of the ApplySet, or delete its parent`,
  };
}

function annotation({ metadata }: KubeObject, name: string): string {
  const value: unknown = metadata.annotations?.[name];
  return typeof value === "string" ? value : "";
}

function label({ metadata }: KubeObject, name: string): string {
  const value: unknown = metadata.labels?.[name];
  return typeof value === "string" ? value : "";
}

/** What an annotation says becomes part of a selector only where it can be a label's value. */
function isLabelValue(text: string): boolean {
  return /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text);
}

function isWrittenBy({ metadata }: LiveObject, manager: RegExp): boolean {
  const entries = Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
  return entries.some((entry) => typeof entry?.manager === "string" && manager.test(entry.manager));
}
