import type { Problem } from "./error.ts";
import type { FieldChange } from "./field-change.ts";
import type { Origin } from "./manifest.ts";
import type { Outcome } from "./outcome.ts";
import type { Ref } from "./ref.ts";

export const STAGE_NAMES = [
  "namespaces",
  "definitions",
  "access",
  "policy",
  "config",
  "storage",
  "workloads",
  "services",
  "custom",
  "ingress",
  "admission",
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** What is to happen to one object. adopt: it exists, and is ours from now on. replace: it is deleted and made anew, since it cannot be changed so. release: it stays, and
 *  is nobody's from now on. run: a hook, made and waited for until it has ended. */
export const ACTIONS = ["create", "update", "adopt", "replace", "prune", "release", "run", "none"] as const;
export type Action = (typeof ACTIONS)[number];

/** How an object is replaced that the server does not change. */
export interface Replacement {
  /** The fields, as the server or else the plan names them: "spec.selector". */
  readonly fields: readonly string[];
  /** What becomes of what hangs on it: Orphan leaves its Pods running, for the new one to take over. */
  readonly propagation: "Background" | "Foreground" | "Orphan";
  /** What is lost, in a sentence. */
  readonly loss: string;
}

/** How an object is treated whose author says `plumbline.dev/apply`: made when missing and left as it is then; only looked at. */
export type ApplyMode = "once" | "never";

/** When a hook is due. Skip: never. PreDelete, PostDelete: only when the application is deleted with its objects. */
export const HOOK_PHASES = ["PreSync", "Sync", "PostSync", "SyncFail", "PreDelete", "PostDelete", "Skip"] as const;
export type HookPhase = (typeof HOOK_PHASES)[number];

export const DELETE_POLICIES = ["before-hook-creation", "hook-succeeded", "hook-failed"] as const;
export type DeletePolicy = (typeof DELETE_POLICIES)[number];

/** Which phases of hooks are over for one set of manifests (the start of its hash). Written on the ApplySet parent as each phase ends. */
export interface HookRecord {
  readonly set: string;
  readonly ended: readonly HookPhase[];
  readonly failed: readonly HookPhase[];
}

/** What makes a step a hook's: one step for each phase in which it is due. Its wave is its weight. */
export interface StepHook {
  readonly phase: HookPhase;
  /** Whose annotations it follows: Helm runs the hooks of one weight one after the other, Argo CD those of one wave at once. */
  readonly form: "helm" | "argo";
  readonly deletePolicies: readonly DeletePolicy[];
  /** Only where it has run, or runs, for exactly these manifests already, as the cluster says: it is not started again. */
  readonly state?: "running" | "succeeded" | "failed";
}

/** Who had an object before it becomes Plumbline's: a tool that applied it, by its entry in managedFields or by its mark on the object. */
export interface PreviousOwner {
  /** "Helm", "kubectl apply"; of a writer that is no tool we know, its name as field manager. */
  readonly tool: string;
  /** Its field manager, where it still has fields. */
  readonly manager?: string;
  /** What of the tool's the object belonged to: "release shop/web", "Application argocd/web". */
  readonly evidence?: string;
  /** Only with evidence: whether that is still there; unknown where it cannot be looked at. */
  readonly living?: "yes" | "no" | "unknown";
}

/** Only of objects that are there and not Plumbline's yet. */
export interface Adoption {
  /** Those with evidence first. Empty: nobody that is known. */
  readonly from: readonly PreviousOwner[];
  /** Fields that get another value, Plumbline's own marks apart. */
  readonly changed: number;
  /** Fields that go, since Git does not have them: what the tools kept for themselves among them. */
  readonly removed: number;
}

/** One object's part of a plan. Holds no object: what is applied travels beside the plan, by `refKey(ref)`. */
export interface PlanStep {
  readonly ref: Ref;
  readonly action: Action;
  readonly stage: StageName;
  readonly wave: number;
  /** Why this action, in a sentence: "replicas moved in the cluster", "removed in Git". */
  readonly reason: string;
  readonly changes: readonly FieldChange[];
  readonly origin?: Origin;
  /** sha256 of the prepared manifest; what APPLIED_ANNOTATION carries. Absent for prunes and for Secrets in printed plans. */
  readonly hash?: string;
  /** Known before anything is done: this step will fail, and why (unknown kind, claimed by another application). */
  readonly problem?: Problem;
  /** Only of objects that become Plumbline's; also where that is refused (problem). */
  readonly adoption?: Adoption;
  /** Only of replacements. */
  readonly replacement?: Replacement;
  /** Absent: it is applied whenever it differs. */
  readonly apply?: ApplyMode;
  /** Only prunes and replacements: the object that was looked at; another one of that name is not deleted. */
  readonly uid?: string;
  /** Only prunes, of workloads with Pods: it goes when they are gone. Absent: at once. */
  readonly propagation?: "Foreground";
  /** Only hooks. */
  readonly hook?: StepHook;
  /** What it waits for before it is made, by its author's word (config.kubernetes.io/depends-on); of prunes: what goes only after it. */
  readonly dependsOn?: readonly Ref[];
}

/** A prune that a guard holds back, with the guard's sentence. */
export interface WithheldPrune {
  readonly ref: Ref;
  readonly guard: Guard;
  readonly reason: string;
  /** The command that lifts the guard once; absent where nothing but another Git or another object does. */
  readonly lift?: string;
}

/** What holds a deletion back. order: another object that goes before it is still there. */
export const GUARDS = [
  "moving",
  "unseen",
  "project",
  "limit",
  "incomplete",
  "protected-kind",
  "disabled",
  "not-own-id",
  "controller-owned",
  "policy",
  "order",
] as const;
export type Guard = (typeof GUARDS)[number];

/** An object that is to go, and whose deletion was asked for before: it is there until its finalizers are off. */
export interface GoingObject {
  readonly ref: Ref;
  readonly stage: StageName;
  readonly wave: number;
  readonly uid: string;
  /** RFC 3339: when its deletion was asked for. */
  readonly since: string;
  readonly finalizers: readonly string[];
  /** For what, in words that fit behind "waits for". */
  readonly waits: string;
}

/** What the ApplySet parent says: group-kinds and namespaces of the members (KEP-3659). Both sorted. */
export interface InventoryScope {
  readonly groupKinds: readonly string[];
  readonly namespaces: readonly string[];
}

/** Who declares the application, and what is to become of its objects when he does no more. */
export interface Declaration {
  /** See DECLARED_BY_ANNOTATION. */
  readonly by: string;
  readonly deletion: "orphan" | "prune";
  /** spec.project: its rules hold for the deletion, too. */
  readonly project?: string;
  /** `namespace/name`: as whom the objects are deleted. */
  readonly serviceAccount?: string;
}

export interface Inventory {
  /** applyset-<base64url sha256>-v1 */
  readonly id: string;
  readonly parent: Ref;
  /** Written before the first step: old and new together. */
  readonly before: InventoryScope;
  /** Written after the last prune. */
  readonly after: InventoryScope;
  /** What the parent says now; absent when there is no parent yet. */
  readonly current?: InventoryScope & {
    readonly appliedSet?: string;
    readonly appliedRevision?: string;
    readonly release?: string;
    readonly hooks?: HookRecord;
    readonly declaration?: Declaration;
    readonly namespaceRecord?: string;
  };
  /** Of a set with hooks: which of its phases are over before this pass. */
  readonly hooks?: HookRecord;
  /** Of a chart's application: what RELEASE_ANNOTATION will say. */
  readonly release?: string;
  /** What the parent will say of it; absent where nobody declares it who could take it back. */
  readonly declaration?: Declaration;
  /** What NAMESPACE_METADATA_ANNOTATION will say when all is done. */
  readonly namespaceRecord?: string;
}

/** What becomes of the labels and annotations of a namespace that is no member (spec.destination.namespaceMetadata). */
export interface NamespacePlan {
  readonly name: string;
  /** The field manager under which they are applied: one for each application. */
  readonly manager: string;
  /** release: what we put there stays, and is nobody's from now on. */
  readonly action: "create" | "update" | "release" | "none";
  /** Absent with none. */
  readonly class?: "pending" | "drift";
  readonly reason: string;
  /** All that we are to have there; what others apply is left out. */
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly [name: string]: string };
  /** What others apply with another value, in sentences. */
  readonly conflicts: readonly string[];
}

/** Everything that one pass would do, as data. Printing it shows no secret. */
export interface Plan {
  readonly application: string;
  readonly revision: string;
  /** sha256 over actions, refs and manifest hashes: what an approval is for. */
  readonly hash: string;
  /** sha256 over the manifests' hashes alone; APPLIED_SET_ANNOTATION after a whole pass. */
  readonly setHash: string;
  /** By stage, then wave, then name. Contains the steps with action none. */
  readonly steps: readonly PlanStep[];
  /** One for each phase in which a hook is due, by phase, wave and name; action run where this pass starts it, else none, with the reason. Absent: no hooks. */
  readonly hooks?: readonly PlanStep[];
  /** In the order of deletion. */
  readonly prunes: readonly PlanStep[];
  readonly withheld: readonly WithheldPrune[];
  /** Absent: none. */
  readonly going?: readonly GoingObject[];
  /** Only where the application is deleted: what stays and is let go of. When all of it is done the inventory ends, too. */
  readonly releases?: readonly PlanStep[];
  readonly inventory: Inventory;
  /** Namespace to make before the first create in it (spec.destination.createNamespace). It is no member: it is never pruned. */
  readonly ensureNamespace?: string;
  /** Done before anything else, so that the labels are there before the first Pod. */
  readonly namespaces?: readonly NamespacePlan[];
}

/** The hooks that are run if all goes well: not those of SyncFail. */
export function hooksToRun({ hooks = [] }: { readonly hooks?: Plan["hooks"] | undefined }): PlanStep[] {
  return hooks.filter(({ action, hook, problem }) => {
    return action === "run" && hook?.phase !== "SyncFail" && problem === undefined;
  });
}

/** What a plan was about to do, in numbers. */
export interface PlanSummary {
  readonly hash: string;
  readonly setHash: string;
  /** Steps, hooks and prunes by action, those with nothing to do left out, and hooks that only a failure would run. */
  readonly actions: { readonly [action in Action]?: number };
}

export function summaryOf({
  hash,
  setHash,
  steps,
  prunes,
  hooks,
}: Pick<Plan, "hash" | "setHash" | "steps" | "prunes" | "hooks">): PlanSummary {
  const actions: { [action in Action]?: number } = {};
  for (const { action } of [...steps, ...hooksToRun({ hooks }), ...prunes])
    if (action !== "none") actions[action] = (actions[action] ?? 0) + 1;
  return { hash, setHash, actions };
}

export interface StepOutcome {
  readonly ref: Ref;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly stage: StageName;
  /** Why skipped; what was waited for. */
  readonly message?: string;
  readonly problem?: Problem;
  /** Warning headers of the server, deprecated versions among them. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}
