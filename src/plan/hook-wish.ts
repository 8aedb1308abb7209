import {
  ARGO_HOOK_ANNOTATION,
  ARGO_HOOK_DELETE_ANNOTATION,
  type DeletePolicy,
  HELM_HOOK_ANNOTATION,
  HELM_HOOK_DELETE_ANNOTATION,
  HELM_HOOK_WEIGHT_ANNOTATION,
  HOOK_PHASES,
  type HookPhase,
  type KubeObject,
  PlumblineError,
  type Problem,
  type StepHook,
  toProblem,
} from "../model/index.ts";
import { waveOf } from "./stages.ts";

/** What brings a sync about, as far as hooks can tell. */
export type Occasion = "install" | "upgrade" | "rollback";

/** What an object's annotations say of it as a hook. */
export interface HookWish extends Pick<StepHook, "form" | "deletePolicies"> {
  readonly wave: number;
  /** When it is due; of Helm's events those of a sync only on one occasion. */
  readonly due: readonly { readonly phase: HookPhase; readonly on?: Occasion }[];
}

/** Sources: Helm, "Chart Hooks"; Argo CD, "Sync Phases and Waves". A test is run by people. */
const HELM_EVENTS: { readonly [event: string]: HookWish["due"][number] } = {
  "pre-install": { phase: "PreSync", on: "install" },
  "pre-upgrade": { phase: "PreSync", on: "upgrade" },
  "pre-rollback": { phase: "PreSync", on: "rollback" },
  "post-install": { phase: "PostSync", on: "install" },
  "post-upgrade": { phase: "PostSync", on: "upgrade" },
  "post-rollback": { phase: "PostSync", on: "rollback" },
  "pre-delete": { phase: "PreDelete" },
  "post-delete": { phase: "PostDelete" },
  test: { phase: "Skip" },
  "test-success": { phase: "Skip" },
  "test-failure": { phase: "Skip" },
};

const POLICIES: { readonly [word: string]: DeletePolicy } = {
  "before-hook-creation": "before-hook-creation",
  "hook-succeeded": "hook-succeeded",
  "hook-failed": "hook-failed",
  beforehookcreation: "before-hook-creation",
  hooksucceeded: "hook-succeeded",
  hookfailed: "hook-failed",
};

/** Undefined for an ordinary object. Argo CD's annotation goes before Helm's. */
export function hookWishOf(object: KubeObject): HookWish | undefined {
  // An empty map in YAML is null.
  const annotations = object.metadata.annotations ?? {};
  const argo = words(annotations[ARGO_HOOK_ANNOTATION]);
  const helm = words(annotations[HELM_HOOK_ANNOTATION]);
  if (argo.length === 0 && helm.length === 0) return undefined;
  const policies = words(annotations[ARGO_HOOK_DELETE_ANNOTATION] ?? annotations[HELM_HOOK_DELETE_ANNOTATION]);
  const known = policies.flatMap((word) => POLICIES[word.toLowerCase()] ?? []);
  const deletePolicies: readonly DeletePolicy[] = known.length === 0 ? ["before-hook-creation"] : known;
  if (argo.length > 0) {
    const due = HOOK_PHASES.filter((phase) => argo.includes(phase)).map((phase) => ({ phase }));
    return { form: "argo", deletePolicies, wave: waveOf(object), due };
  }
  const due = helm.flatMap((event) => HELM_EVENTS[event] ?? []);
  return { form: "helm", deletePolicies, wave: weightOf(object), due };
}

/** What is not understood would be applied at a wrong time, or deleted by mistake. */
export function hookProblem({ metadata }: KubeObject, where: string): Problem | undefined {
  const annotations = metadata.annotations ?? {};
  const argo = words(annotations[ARGO_HOOK_ANNOTATION]).find((word) => !HOOK_PHASES.some((phase) => phase === word));
  if (argo !== undefined) return invalid(ARGO_HOOK_ANNOTATION, { value: argo, allowed: HOOK_PHASES }, where);
  const helm = words(annotations[HELM_HOOK_ANNOTATION]).find((word) => HELM_EVENTS[word] === undefined);
  if (helm !== undefined && annotations[ARGO_HOOK_ANNOTATION] === undefined)
    return invalid(HELM_HOOK_ANNOTATION, { value: helm, allowed: Object.keys(HELM_EVENTS) }, where);
  for (const name of [ARGO_HOOK_DELETE_ANNOTATION, HELM_HOOK_DELETE_ANNOTATION]) {
    const policy = words(annotations[name]).find((word) => POLICIES[word.toLowerCase()] === undefined);
    if (policy !== undefined) return invalid(name, { value: policy, allowed: Object.keys(POLICIES) }, where);
  }
  return undefined;
}

function words(text: string | undefined): string[] {
  if (typeof text !== "string") return [];
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function weightOf(object: KubeObject): number {
  const text = object.metadata.annotations?.[HELM_HOOK_WEIGHT_ANNOTATION];
  // The sum makes 0 of "-0": JSON knows only one of the two.
  return text !== undefined && /^[+-]?\d{1,6}$/.test(text) ? Number(text) + 0 : waveOf(object);
}

function invalid(
  name: string,
  { value, allowed }: { readonly value: string; readonly allowed: readonly string[] },
  where: string,
): Problem {
  const message = `${name} has ${JSON.stringify(value)}; it may be ${allowed.join(", ")}`;
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where }));
}
