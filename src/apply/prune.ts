import { sleep } from "../kit/sleep.ts";
import {
  formatRef,
  isJsonObject,
  type LiveObject,
  PART_OF_LABEL,
  type PlanStep,
  PlumblineError,
  type StepOutcome,
  selects,
} from "../model/index.ts";
import { whatBlocksDeletion } from "../plan/index.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

const LOOK_AGAIN_MS = 250;
const LOOKS_A_LIST = 20;
const MOST_PODS = 500;
const MOST_NAMES = 5;

/**
 * Deletes exactly the object that was planned, and waits until it is gone. Errors: PL-PRUNE-BLOCKED, naming the finalizers;
 * PL-KUBE-CONFLICT where another member took its name meanwhile: were it passed over, the inventory would lose it.
 */
export async function deleteStep(run: Run, step: PlanStep): Promise<Pick<StepOutcome, "outcome" | "warnings">> {
  const { cluster, signal } = run;
  const { ref, uid, propagation } = step;
  const options = { ...(uid === undefined ? {} : { uid }), ...(propagation === undefined ? {} : { propagation }) };
  const answer = await patiently(signal, () => cluster.delete(ref, { ...options, signal }));
  if (answer !== "gone") await awaitGone(run, step);
  return { outcome: "pruned", warnings: [] };
}

async function awaitGone(run: Run, step: PlanStep): Promise<void> {
  const { cluster, signal, ending } = run;
  const ends = ending === undefined ? signal : AbortSignal.any([signal, ending]);
  let said = "";
  let waits = "";
  let looks = 0;
  const since = run.now();
  for (;;) {
    // Not bound to the signal: at the deadline the last look still says what was in the way.
    const object = await patiently(signal, () => cluster.get(step.ref));
    if (object === undefined || isAnother(run, step, object)) return;
    // Which Pods are in the way is asked seldom: it takes a list.
    if (looks++ % LOOKS_A_LIST === 0 || ends.aborted) waits = await blockers(run, object);
    if (signal.aborted) throw blocked(step, waits);
    ending?.throwIfAborted();
    const message = `waits for ${waits} before ${formatRef(step.ref)} is gone`;
    if (message !== said) run.emit({ type: "waiting", ref: step.ref, stage: step.stage, message, since });
    said = message;
    await pause(ends);
  }
}

/** Not the object that was planned, and no member either: it is nobody's business. */
function isAnother({ plan }: Run, { ref, uid }: PlanStep, { metadata }: LiveObject): boolean {
  if (metadata.uid === uid) return false;
  if (metadata.labels?.[PART_OF_LABEL] !== plan.inventory.id) return true;
  const message = `${formatRef(ref)} was made anew since it was looked at, and is not deleted before it is looked at again`;
  throw new PlumblineError("PL-KUBE-CONFLICT", { message, where: formatRef(ref) });
}

function blocked({ ref }: PlanStep, waits: string): PlumblineError {
  return new PlumblineError("PL-PRUNE-BLOCKED", {
    message: `${formatRef(ref)} is still there: it waits for ${waits}`,
    where: formatRef(ref),
  });
}

/** Until the next look, or the signal: then comes the last one. */
async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(LOOK_AGAIN_MS, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** With the Pods by name that are in the way, where they may be listed. */
async function blockers({ cluster, log }: Run, object: LiveObject): Promise<string> {
  const words = whatBlocksDeletion(object);
  const isInTheWay = podsInTheWay(object);
  const { namespace } = object.metadata;
  if (isInTheWay === undefined || namespace === undefined) return words;
  try {
    const pods = await cluster.resource({ group: "", version: "v1", kind: "Pod" });
    const names: string[] = [];
    for await (const pod of cluster.list(pods, { namespace, most: MOST_PODS })) {
      if (isInTheWay(pod)) names.push(pod.metadata.name + holdOf(pod));
    }
    return names.length === 0 ? words : `${words}: ${listed(names)}`;
  } catch (error) {
    log.debug({ err: error }, "the Pods that are in the way cannot be listed");
    return words;
  }
}

function podsInTheWay(object: LiveObject): ((pod: LiveObject) => boolean) | undefined {
  const { finalizers = [], name } = object.metadata;
  const selector = isJsonObject(object["spec"]) ? object["spec"]["selector"] : undefined;
  if (finalizers.includes("kubernetes.io/pvc-protection")) return (pod) => mounts(pod, name);
  if (!finalizers.includes("foregroundDeletion") || !isJsonObject(selector)) return undefined;
  return ({ metadata: { labels = {} } }) => selects(selector, labels);
}

/** A Pod that has ended and is kept. */
function holdOf({ metadata: { finalizers = [] } }: LiveObject): string {
  return finalizers.length === 0 ? "" : ` (finalizer ${finalizers.join(", ")})`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function mounts({ spec }: LiveObject, claim: string): boolean {
  const volumes = isJsonObject(spec) && Array.isArray(spec["volumes"]) ? spec["volumes"].filter(isJsonObject) : [];
  return volumes.some(({ persistentVolumeClaim: one }) => isJsonObject(one) && one["claimName"] === claim);
}
