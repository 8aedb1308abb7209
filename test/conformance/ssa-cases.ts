import { normaliseDesired } from "../../src/diff/index.ts";
import { hashJson } from "../../src/kit/hash.ts";
import { FIELD_MANAGER, type Json, type KubeObject, type LiveObject } from "../../src/model/index.ts";
import { filesWithList, nameOf } from "./case-folder.ts";
import { stamped, stampedLive } from "./ssa-stamp.ts";
import type { CaseFolder, LeftOut } from "./types.ts";

export interface TrueChange {
  /** JSON pointer; lists by position. */
  readonly path: string;
  readonly op: string;
  readonly live?: Json;
  readonly applied?: Json;
}

/** One step as it was recorded from the real server. */
export interface Step {
  readonly op: "apply" | "create" | "update" | "patch" | "scale" | "delete";
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly object?: KubeObject;
  readonly response: {
    readonly code: number;
    readonly body?: { readonly message?: string; readonly details?: unknown };
  };
  readonly live: LiveObject | null;
  readonly resourceVersionChanged: boolean;
  readonly changes?: readonly TrueChange[];
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly final?: {
    readonly desired: KubeObject;
    readonly dryRun: { readonly code: number; readonly body?: LiveObject };
    readonly changes?: readonly TrueChange[];
  };
}

/** One question to a diff, with the server's own answer. */
export interface SsaCase {
  readonly name: string;
  /** The manifest as it was sent then. */
  readonly sent: KubeObject;
  readonly desired: KubeObject;
  readonly manifestHash: string;
  readonly live: LiveObject;
  readonly base: KubeObject | undefined;
  /** The object after our last apply, whoever came later. */
  readonly lastApplied: LiveObject | undefined;
  /** What the server makes of the apply; undefined where it refuses it. */
  readonly answer: LiveObject | undefined;
  readonly changes: readonly TrueChange[];
  /** Git is where it was when it was applied last. */
  readonly isUnmoved: boolean;
}

export function scenariosIn(folder: CaseFolder): Scenario[] {
  return filesWithList(folder, "steps").map(({ file, value }) => ({
    ...(value as object as Scenario),
    name: nameOf(file),
  }));
}

interface Question {
  readonly name: string;
  readonly object: KubeObject;
  readonly before: Before & { readonly live: LiveObject };
  readonly answer: LiveObject | undefined;
  readonly changes: readonly TrueChange[];
}

function caseOf({ name, object, before, answer, changes }: Question): SsaCase {
  const desired = normaliseDesired(object).object;
  const manifestHash = hashJson(desired);
  const applied = before.base && normaliseDesired(before.base).object;
  const appliedHash = applied && hashJson(applied);
  const asStamped = (live: LiveObject) => (appliedHash === undefined ? live : stampedLive(live, appliedHash));
  return {
    name,
    sent: object,
    desired: stamped(desired, manifestHash),
    manifestHash,
    live: asStamped(before.live),
    base: applied && appliedHash !== undefined ? stamped(applied, appliedHash) : undefined,
    lastApplied: before.lastApplied && asStamped(before.lastApplied),
    answer: answer && stampedLive(answer, manifestHash),
    changes,
    isUnmoved: appliedHash === manifestHash,
  };
}

/** What is there, and what we know of it, when a step comes. */
interface Before {
  readonly live: LiveObject | undefined;
  readonly base: KubeObject | undefined;
  readonly lastApplied: LiveObject | undefined;
}

/** Every apply of ours over a live object, and the dry run at the end, of one scenario. */
export function casesOf({ name, steps, final }: Scenario): { cases: SsaCase[]; leftOut: LeftOut[] } {
  const cases: SsaCase[] = [];
  const leftOut: LeftOut[] = [];
  const ask = (found: SsaCase | LeftOut) => ("why" in found ? leftOut.push(found) : cases.push(found));
  let before: Before = { live: undefined, base: undefined, lastApplied: undefined };
  for (const [at, step] of steps.entries()) {
    if (isOurs(step) && before.live !== undefined) {
      ask(caseOfStep(`${name} step ${at}`, step, { ...before, live: before.live }));
    }
    before = after(step, before);
  }
  if (final !== undefined && before.live !== undefined) {
    const { desired: object, dryRun, changes = [] } = final;
    const answer = dryRun.code < 300 ? dryRun.body : undefined;
    ask(questioned({ name: `${name} final`, object, before: { ...before, live: before.live }, answer, changes }));
  }
  return { cases, leftOut };
}

function isOurs({ op, manager, subresource, object }: Step): boolean {
  return op === "apply" && manager === FIELD_MANAGER && !subresource && object !== undefined;
}

function after(step: Step, { base, lastApplied }: Before): Before {
  const live = step.live ?? undefined;
  if (live === undefined) return { live, base: undefined, lastApplied: undefined };
  if (!isOurs(step) || step.response.code >= 300) return { live, base, lastApplied };
  return { live, base: step.object, lastApplied: live };
}

function caseOfStep(name: string, step: Step, before: Question["before"]): SsaCase | LeftOut {
  const { object, response, live, changes = [], force } = step;
  if (response.code === 409 && !force) return { name, why: "a conflict without force, and Plumbline always forces" };
  if (live === null) return { name, why: "the apply took the last finalizer off, and the object is gone" };
  if (object === undefined) return { name, why: "there is no manifest" };
  return questioned({ name, object, before, answer: response.code < 300 ? live : undefined, changes });
}

/** What the server refuses, but we would send otherwise, says nothing about us. */
function questioned(question: Question): SsaCase | LeftOut {
  const { name, object, answer } = question;
  const isSentOtherwise = hashJson(normaliseDesired(object).object) !== hashJson(object);
  if (answer === undefined && isSentOtherwise) {
    return { name, why: "refused for what Plumbline leaves out of a manifest" };
  }
  return caseOf(question);
}
