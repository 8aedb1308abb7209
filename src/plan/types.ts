import type { Comparison } from "../diff/index.ts";
import type {
  ApplicationSpec,
  Declaration,
  KubeObject,
  LiveObject,
  Origin,
  Problem,
  Ref,
  StepHook,
} from "../model/index.ts";
import type { JudgedClaim } from "./adoption.ts";
import type { HookWish } from "./hook-wish.ts";
import type { NamespacePlans } from "./namespace-metadata.ts";
import type { Unchangeable } from "./replace.ts";

/** A manifest made ready: namespace settled, server-facts heeded (Secret stringData...), labels and annotations of the inventory on it. */
export interface Prepared {
  /** With the namespace it goes to. */
  readonly ref: Ref;
  readonly object: KubeObject;
  /** sha256 of the object without Plumbline's own annotations. */
  readonly hash: string;
  readonly origin: Origin;
  readonly warnings: readonly string[];
  /** It cannot be applied, and why; its siblings can. */
  readonly problem?: Problem;
  /** Only hooks: they are run, not compared. */
  readonly hook?: HookWish;
}

/** A hook's object as it is there, carrying HOOK_ANNOTATION: which run of it this is stands in that. */
export interface HookState {
  readonly live: LiveObject;
  readonly state: NonNullable<StepHook["state"]>;
  readonly message: string;
}

/** Why a member is not deleted that another application wants, or may want, or that the application's Project does not let it delete. */
export interface Moving {
  readonly guard: "moving" | "unseen" | "project";
  /** A clause: "it moves to …". */
  readonly why: string;
}

export interface PlanInput {
  /** `<namespace>/<name>` */
  readonly application: string;
  readonly revision: string;
  readonly inventoryNamespace: string;
  readonly prepared: readonly Prepared[];
  /** By refKey; missing for those with a problem. */
  readonly comparisons: ReadonlyMap<string, Comparison>;
  /** Live objects by refKey: those of `prepared` that exist. */
  readonly live: ReadonlyMap<string, LiveObject>;
  /** Everything in the cluster that carries this application's part-of label. */
  readonly members: readonly LiveObject[];
  /** By refKey: what the server refused a moment ago and would refuse again. The step keeps its action and says so. */
  readonly refusals?: ReadonlyMap<string, Problem>;
  /** By refKey: objects that the server does not change as Git wants them. */
  readonly unchangeable?: ReadonlyMap<string, Unchangeable>;
  readonly parent: LiveObject | undefined;
  /** By refKey, of members that Git does not want of this application any more: that another one does, or may. */
  readonly moving?: ReadonlyMap<string, Moving>;
  /** By refKey: objects with another application's label that it wants no more. */
  readonly letGo?: ReadonlySet<string>;
  /** Hooks among the manifests; no member of them is compared. */
  readonly hooks?: readonly Prepared[];
  /** By refKey, of hooks that are there. */
  readonly hookStates?: ReadonlyMap<string, HookState>;
  /** A person asked: what failed for these manifests is run again. */
  readonly rerunHooks?: boolean;
  /** Somebody took back what was applied: what is wanted is another revision, by a pin. */
  readonly rollback?: boolean;
  /** By refKey: objects of others that something to be written depends on, as the server has them; undefined for those that are not there. */
  readonly outside?: ReadonlyMap<string, Ref | undefined>;
  readonly policy: Pick<ApplicationSpec["sync"], "prune" | "pruneLimit" | "adopt">;
  /** By refKey: who else says that an object is his, of those that are there and not this application's. */
  readonly claims?: ReadonlyMap<string, readonly JudgedClaim[]>;
  /** Of a chart's application: see Inventory.release. */
  readonly release?: string;
  /** A person lifts the guards of deletion that a person may lift. */
  readonly allowPrune?: boolean;
  /** The application itself is deleted: its objects with it, or without them. Then nothing is wanted. */
  readonly deleting?: "prune" | "orphan";
  /** See Inventory.declaration. */
  readonly declaration?: Declaration;
  /** spec.destination with createNamespace: the namespace to make when something is created in it. */
  readonly ensureNamespace?: string;
  /** See Plan.namespaces and Inventory.namespaceRecord; absent where there is nothing of the kind. */
  readonly namespaces?: NamespacePlans;
}
