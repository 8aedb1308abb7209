import type { Cluster } from "../cluster/index.ts";
import { isUntouched, keptAfterApply } from "../diff/index.ts";
import { hashJson } from "../kit/hash.ts";
import { groupKindKey, type KubeObject, type LiveObject, type Problem, type Ref, toProblem } from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import { type Asking, FORBIDDEN_FOR_MS, unlessForbidden } from "./forbidden.ts";
import type { Answer, ObjectMemory } from "./memory.ts";

export interface Doubt extends Asking {
  readonly prepared: Prepared;
  /** What an apply would send. */
  readonly sent: KubeObject;
  readonly live: LiveObject;
  readonly object: ObjectMemory;
  /** What else is to be asked once the apply is answered, as a patch of live; nothing: that is the answer. */
  readonly then: (applied: LiveObject) => readonly object[];
  readonly cluster: Pick<Cluster, "apply" | "patch">;
  readonly signal: AbortSignal;
}

/** What a forced apply would make of the object, or why the server does not tell. Errors: PL-KUBE-UNREACHABLE, the signal's reason. */
export async function confirm(doubt: Doubt): Promise<{ readonly dryRun: LiveObject } | { readonly refusal: Problem }> {
  const { prepared, live, object } = doubt;
  if (object.answer !== undefined && answers(object.answer, prepared.hash, live)) return object.answer;
  const asked = await ask(doubt);
  if ("dryRun" in asked) object.answer = { ...asked, about: aboutOf(prepared.hash, live) };
  return asked;
}

/** One refusal for want of a right speaks for its kind and namespace. */
async function ask(doubt: Doubt): ReturnType<typeof confirm> {
  const { ref } = doubt.prepared;
  const place = `dry-run ${groupKindKey(ref)} ${ref.namespace ?? ""}`;
  try {
    const told = await unlessForbidden(place, doubt, () => dryRun(doubt));
    return "answer" in told ? { dryRun: told.answer } : told;
  } catch (error) {
    doubt.signal.throwIfAborted();
    const refusal = toProblem(error);
    // A server that is away is everybody's; a webhook that is, or a time that is over, is this object's own.
    if (refusal.code === "PL-KUBE-UNREACHABLE") throw error;
    return { refusal };
  }
}

async function dryRun({ prepared: { ref }, sent, then, cluster, signal }: Doubt): Promise<LiveObject> {
  const applied = (await cluster.apply(sent, { dryRun: true, signal })).object;
  const operations = then(applied);
  return operations.length === 0 ? applied : await cluster.patch(ref, operations, { dryRun: true, signal });
}

function aboutOf(manifestHash: string, live: LiveObject): Answer["about"] {
  const kept = keptAfterApply({ manifestHash, live });
  return kept.entryHash === "" ? contentHash(manifestHash, live) : kept;
}

function answers({ about }: Answer, manifestHash: string, live: LiveObject): boolean {
  return typeof about === "string" ? about === contentHash(manifestHash, live) : isUntouched(about, manifestHash, live);
}

/** The server said a moment ago that it would take exactly this manifest over exactly this object. */
export function isAccepted({ answer }: ObjectMemory, manifestHash: string, live: LiveObject): boolean {
  return answer !== undefined && answers(answer, manifestHash, live);
}

/** Of an object in which nothing is ours: all that an apply could change. Controllers write status all day, and it is none of that. */
export function contentHash(manifestHash: string, live: LiveObject): string {
  const { status: _status, metadata, ...content } = live;
  const { labels, annotations, finalizers, ownerReferences, uid } = metadata;
  return hashJson([manifestHash, content, [labels, annotations, finalizers, ownerReferences, uid]]);
}

/** Milliseconds after which it is worth asking again though nothing has changed. */
export function unconfirmedForMs({ retry }: Problem): number {
  return retry === "soon" ? 2000 : FORBIDDEN_FOR_MS;
}

const MOST_NAMED = 3;

/** Why the verdict stands on ownership and values alone, and where it may be wrong. `doubts` are paths. */
export function unconfirmedSentence(refusal: Problem, doubts: readonly string[], ref: Ref): string {
  const named = doubts.slice(0, MOST_NAMED).join(", ");
  const more = doubts.length > MOST_NAMED ? ` and ${doubts.length - MOST_NAMED} more` : "";
  const why =
    refusal.code === "PL-KUBE-FORBIDDEN"
      ? `the server was not asked (patch of ${groupKindKey(ref)} is forbidden)`
      : `the server does not say (${refusal.code}: ${refusal.message})`;
  return `${why}: ${named}${more} may be the server's own spelling`;
}
