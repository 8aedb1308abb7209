import type { GroupKind, LiveObject } from "../../model/index.ts";
import type { ObjectAccess } from "../kubernetes/types.ts";

/** What a controller works with. */
export interface Stage {
  readonly objects: ObjectAccess;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Between two visible steps of a Pod, in milliseconds. */
  readonly pace: number;
  /** Writes an Event about an object; the same one again only counts. */
  readonly tell: (about: LiveObject, event: Told) => void;
}

export interface Told {
  readonly type?: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** "kubelet", "deployment-controller". */
  readonly by: string;
}

export interface Controller {
  readonly kind: GroupKind;
  /** Takes one step towards what the object asks for. Gives the milliseconds until the next look, if time alone makes one due. */
  reconcile(object: LiveObject, stage: Stage): number | undefined;
}

export const apps = (kind: string): GroupKind => ({ group: "apps", kind });
export const core = (kind: string): GroupKind => ({ group: "", kind });

export const MANAGER = "kube-controller-manager";
export const FAIL = "sandbox.plumbline.dev/fail";
