import { globMatches } from "../kit/glob.ts";
import { FIELD_MANAGER, type LiveObject, type ManagedFieldsEntry, parseApiVersion } from "../model/index.ts";

interface Writer {
  readonly tool: string;
  /** Names as field manager, `*` allowed. */
  readonly managers: readonly string[];
  readonly operation?: ManagedFieldsEntry["operation"];
  /** Only on objects with this annotation: the name alone says nothing. */
  readonly annotation?: string;
  /** On objects of its own group a controller that updates does its work, and has no manifest. */
  readonly ownGroup?: string;
}

export const HELM_RELEASE_NAME = "meta.helm.sh/release-name";
/** What the server calls the writers of an object that had no managedFields when it was first applied to. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * Who writes whole manifests, under which field managers. Such an entry is an older state of the manifest, so that what it has and Git has
 * not was removed. Whoever changes single fields (kubectl edit, set, scale, rollout; autoscalers, injectors) is none of them: what
 * those have stays theirs. Sources: the programs' own names for themselves; kubectl names most of its verbs since 1.20, and Helm was Go's HTTP client before 3.8.
 */
const WRITERS: readonly Writer[] = [
  { tool: "kubectl apply", managers: ["kubectl-client-side-apply", "kubectl", BEFORE_FIRST_APPLY] },
  { tool: "kubectl create", managers: ["kubectl-create", "kubectl-run", "kubectl-expose", "kubectl-autoscale"] },
  { tool: "kubectl replace", managers: ["kubectl-replace"] },
  { tool: "Helm", managers: ["helm", "terraform-provider-helm*"] },
  { tool: "Helm", managers: ["Go-http-client"], annotation: HELM_RELEASE_NAME },
  { tool: "Argo CD", managers: ["argocd-controller", "argocd-application-controller"], ownGroup: "argoproj.io" },
  { tool: "Flux", managers: ["kustomize-controller", "helm-controller", "flux"], ownGroup: "*.toolkit.fluxcd.io" },
  { tool: "kapp", managers: ["kapp"] },
  { tool: "Config Sync", managers: ["configsync.gke.io"] },
  { tool: "Terraform", managers: ["Terraform", "terraform-provider-kubernetes*"] },
  { tool: "Pulumi", managers: ["pulumi-kubernetes*", "pulumi-resource-kubernetes*"] },
  // Ours with operation Apply is the adopted state itself.
  { tool: "Plumbline", managers: [FIELD_MANAGER], operation: "Update" },
];

/** The tool whose older manifest an entry of managedFields is; undefined where it is somebody's who keeps what he has. */
export function writerOf(entry: ManagedFieldsEntry, live: LiveObject): string | undefined {
  const { manager, operation, subresource } = entry;
  if (typeof manager !== "string" || subresource) return undefined;
  const { group } = parseApiVersion(live.apiVersion);
  return WRITERS.find(
    (one) =>
      (one.operation === undefined || one.operation === operation) &&
      (one.ownGroup === undefined || operation === "Apply" || !globMatches(one.ownGroup, group)) &&
      (one.annotation === undefined || live.metadata.annotations?.[one.annotation] !== undefined) &&
      one.managers.some((name) => globMatches(name, manager)),
  )?.tool;
}

/** Controllers' fields are in it, too: not all of it is an older manifest. */
export function isMixed({ manager }: ManagedFieldsEntry): boolean {
  return manager === BEFORE_FIRST_APPLY;
}
