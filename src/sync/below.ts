import { asksForReason, type BelowReason, reasonBelow } from "../health/index.ts";
import { forEachLimited } from "../kit/pool.ts";
import { formatRef, type LiveObject, refKey, refOf, toProblem } from "../model/index.ts";
import { podSelectorOf } from "./label-selector.ts";
import type { BelowLook, ObjectMemory } from "./memory.ts";
import type { PassInput } from "./pass-input.ts";
import { intervalOf } from "./schedule.ts";

/** A workload is asked about no more often. Its Pods are not watched, so this is also how old a reason may be. */
const LEAST_MS = 10_000;
/** Of one application, in one pass; the others have their turn in the next. */
const MOST_WORKLOADS = 20;
const AT_ONCE = 4;
/** Pods, or ReplicaSets, of one workload: a page. */
const MOST_OBJECTS = 500;

/**
 * Asks for the Pods of workloads that are not healthy, and keeps with each what they say. The first look is ten seconds after a workload, or a new
 * spec of it, was first seen ailing: most rollouts are over by then and nobody is asked. One that changed is looked at again after ten seconds, one that
 * stays as it is at growing distances, up to the interval. Without the permission, or without an answer, its health is told without reasons.
 * Returns the milliseconds until somebody should look, where time may mend a workload or nobody has looked yet.
 */
export async function lookBelow(input: PassInput, live: Iterable<LiveObject>): Promise<number | undefined> {
  const ailing = [...live].filter((object) => isAiling(input, object));
  const due = ailing.filter((object) => isDue(input, object)).slice(0, MOST_WORKLOADS);
  await forEachLimited(due, AT_ONCE, (object) => lookAt(input, object));
  const waits = ailing.flatMap((object) => {
    const { below } = memoryOf(input, object);
    return below === undefined || below.failed || below.reason?.lasting === true ? [] : [nextIn(input, below)];
  });
  return waits.length === 0 ? undefined : Math.max(LEAST_MS / 10, Math.min(...waits));
}

/** The same for one workload, for whoever waits for it: what its Pods say, looked at no more often. Errors: the signal's reason. */
export async function reasonFor(input: PassInput, live: LiveObject): Promise<BelowReason | undefined> {
  await lookBelow(input, [live]);
  return input.memory.objects.get(refKey(refOf(live)))?.below?.reason;
}

function memoryOf({ memory }: PassInput, object: LiveObject): ObjectMemory {
  return memory.of(refKey(refOf(object)));
}

function nextIn({ now }: PassInput, { at, waitMs }: BelowLook): number {
  return at + waitMs - now();
}

/** Forgets what was found of those that have got well. */
function isAiling(input: PassInput, object: LiveObject): boolean {
  const ailing = asksForReason(object);
  if (!ailing && hasMemory(input, object)) delete memoryOf(input, object).below;
  return ailing;
}

function hasMemory({ memory }: PassInput, object: LiveObject): boolean {
  return memory.objects.has(refKey(refOf(object)));
}

function isDue(input: PassInput, object: LiveObject): boolean {
  const memory = memoryOf(input, object);
  const { resourceVersion, generation } = object.metadata;
  if (memory.below === undefined || memory.below.generation !== generation) {
    memory.below = { resourceVersion, generation, at: input.now(), waitMs: LEAST_MS, reason: undefined, failed: false };
    return false;
  }
  const { below } = memory;
  const changed = below.resourceVersion !== resourceVersion && !below.failed;
  return nextIn(input, changed ? { ...below, waitMs: LEAST_MS } : below) <= 0;
}

async function lookAt(input: PassInput, object: LiveObject): Promise<void> {
  const memory = memoryOf(input, object);
  const last = memory.below;
  const { resourceVersion, generation } = object.metadata;
  const longest = Math.max(LEAST_MS, intervalOf(input.application.spec));
  const waitMs = last?.resourceVersion === resourceVersion ? Math.min(2 * last.waitMs, longest) : LEAST_MS;
  const look = { resourceVersion, generation, at: input.now() };
  try {
    const reason = reasonBelow(object, await objectsBelow(input, object));
    memory.below = { ...look, waitMs, reason, failed: false };
  } catch (error) {
    input.signal.throwIfAborted();
    if (last?.failed !== true) sayUnread(input, object, error);
    memory.below = { ...look, waitMs: longest, reason: undefined, failed: true };
  }
}

function sayUnread({ log }: PassInput, object: LiveObject, error: unknown): void {
  const fields = { object: formatRef(refOf(object)), problem: toProblem(error) };
  log.warn(fields, "the Pods of a workload cannot be read: its health is told without their reasons");
}

/** What a workload has made: its Pods, and of a Deployment its ReplicaSets. Errors: PL-KUBE-*, the signal's reason. */
export async function objectsBelow({ cluster, signal }: PassInput, object: LiveObject): Promise<LiveObject[]> {
  const labelSelector = podSelectorOf(object);
  const { namespace } = object.metadata;
  if (labelSelector === undefined || namespace === undefined) return [];
  const kinds = [{ group: "", version: "v1", kind: "Pod" }];
  if (object.kind === "Deployment") kinds.push({ group: "apps", version: "v1", kind: "ReplicaSet" });
  const found: LiveObject[] = [];
  for (const kind of kinds) {
    const resource = await cluster.resource(kind, signal);
    for await (const one of cluster.list(resource, { namespace, labelSelector, most: MOST_OBJECTS, signal }))
      found.push(one);
  }
  return found;
}
