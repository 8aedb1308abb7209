/** Every label and annotation that Plumbline writes or obeys. Specification: docs/spec/annotations.md. */
export const FIELD_MANAGER = "plumbline";

/** KEP-3659: on every member, the id of its ApplySet. */
export const PART_OF_LABEL = "applyset.kubernetes.io/part-of";
/** KEP-3659: on the parent, its id. */
export const APPLYSET_ID_LABEL = "applyset.kubernetes.io/id";
export const APPLYSET_TOOLING = "applyset.kubernetes.io/tooling";
export const APPLYSET_GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds";
export const APPLYSET_NAMESPACES = "applyset.kubernetes.io/additional-namespaces";

/** On every member: `<application namespace>.<application name>:<group>/<Kind>:<namespace>/<name>`. A copy carries another's id. */
export const ID_ANNOTATION = "plumbline.dev/id";
/** On every member: hash of the manifest that was applied last. */
export const APPLIED_ANNOTATION = "plumbline.dev/applied";
/** On the parent: which application it belongs to, `<namespace>/<name>`. */
export const APPLICATION_ANNOTATION = "plumbline.dev/application";
/** On the parent: hash over all manifests of the last pass that applied them whole. */
export const APPLIED_SET_ANNOTATION = "plumbline.dev/applied-set";
/** On the parent: the Git revision of that pass. */
export const APPLIED_REVISION_ANNOTATION = "plumbline.dev/applied-revision";
/** On the parent of a chart's application: how often it was released, and a hash of what the last release was made of. */
export const RELEASE_ANNOTATION = "plumbline.dev/release";

/** On the parent: what somebody told Plumbline about this one application, as JSON (instructions.ts). */
export const PIN_ANNOTATION = "plumbline.dev/pin";
export const SUSPENDED_ANNOTATION = "plumbline.dev/suspended";
export const APPROVED_ANNOTATION = "plumbline.dev/approved";
/** Whose those three are, so that an apply of the inventory, which is FIELD_MANAGER's, never takes them away. */
export const INSTRUCTIONS_MANAGER = "plumbline-instructions";
/** On the parent: `prune` where deleting the application deletes its objects (spec.deletion). */
export const DELETION_ANNOTATION = "plumbline.dev/deletion";
/** On the parent: who declares the application, so that a process which has just started knows who may have taken it back. */
export const DECLARED_BY_ANNOTATION = "plumbline.dev/declared-by";
/** On the parent: spec.project, and as whom the application is written (`namespace/name`), for whoever deletes it. */
export const PROJECT_ANNOTATION = "plumbline.dev/project";
export const SERVICE_ACCOUNT_ANNOTATION = "plumbline.dev/service-account";
/** On the parent: a person asked to delete the application, and how (`prune` or `orphan`). */
export const DELETE_ANNOTATION = "plumbline.dev/delete";
/** On a Secret in Plumbline's namespace: the name of the cluster whose kubeconfig it holds. */
export const CLUSTER_LABEL = "plumbline.dev/cluster";
/** On an Application object whose deletion deletes its objects, too. */
export const DELETION_FINALIZER = "plumbline.dev/deletion";

/** On the parent: `<namespace>=<hash>` of what spec.destination.namespaceMetadata has put there, more than one with commas between. */
export const NAMESPACE_METADATA_ANNOTATION = "plumbline.dev/namespace-metadata";

/** On an application that a declaration of many has made: that declaration, `<namespace>/<name>`. */
export const MADE_BY_ANNOTATION = "plumbline.dev/made-by";

/** On the Lease of a replica: its id. */
export const REPLICA_LABEL = "plumbline.dev/replica";
/** On the Lease of a replica: where the others reach its API. */
export const REPLICA_URL_ANNOTATION = "plumbline.dev/replica-url";
/** On the Lease of a replica: between which replicas it divides the work, with commas. It may be writing for whatever is its own in that. */
export const REPLICA_CLAIMS_ANNOTATION = "plumbline.dev/divides-between";
/** Whose the Leases are. */
export const REPLICAS_MANAGER = "plumbline-replicas";

export const STAGE_ANNOTATION = "plumbline.dev/stage";
export const WAVE_ANNOTATION = "plumbline.dev/wave";
export const ARGO_WAVE_ANNOTATION = "argocd.argoproj.io/sync-wave";
/** kpt's: objects that must be healthy before this one is made, and that go after it. */
export const DEPENDS_ON_ANNOTATION = "config.kubernetes.io/depends-on";
/** Argo CD's hooks: phases with commas, and what is deleted when. Its waves order them. */
export const ARGO_HOOK_ANNOTATION = "argocd.argoproj.io/hook";
export const ARGO_HOOK_DELETE_ANNOTATION = "argocd.argoproj.io/hook-delete-policy";
/** Helm's hooks: events with commas, their order, and what is deleted when. */
export const HELM_HOOK_ANNOTATION = "helm.sh/hook";
export const HELM_HOOK_WEIGHT_ANNOTATION = "helm.sh/hook-weight";
export const HELM_HOOK_DELETE_ANNOTATION = "helm.sh/hook-delete-policy";
/** On a hook's object: the phase and the set of manifests for which it runs, or ran. */
export const HOOK_ANNOTATION = "plumbline.dev/hook";
/** On the parent, where more than one process may write: who does, as `<number> <token>`; the number grows with each change of hands. */
export const WRITER_ANNOTATION = "plumbline.dev/writer";
/** On the parent, while a set is applied and has hooks: the set, and which of its phases have ended or failed. */
export const HOOKS_ANNOTATION = "plumbline.dev/hooks";
/** `disabled` keeps an object for ever; `confirm` allows to delete a Namespace or a CRD. */
export const PRUNE_ANNOTATION = "plumbline.dev/prune";
/** `allowed`: an object that is there already becomes Plumbline's whatever spec.sync.adopt says, and whoever claims it. */
export const ADOPT_ANNOTATION = "plumbline.dev/adopt";
/** `allowed`: an object that the server does not change as Git wants it is deleted and made anew. `confirm`: also where data goes along. */
export const REPLACE_ANNOTATION = "plumbline.dev/replace";
/** `once`: made when missing and never changed after. `never`: looked at and never written. */
export const APPLY_ANNOTATION = "plumbline.dev/apply";
/** Fields that are left to others, a line each: a JSON pointer or JSONPath, `manager=GLOB` before it, ` # reason` behind it. */
export const IGNORE_ANNOTATION = "plumbline.dev/ignore";
