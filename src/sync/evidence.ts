import type { ApplySummary } from "../apply/index.ts";
import { maskText } from "../diff/index.ts";
import { assess, eventSentence, eventsToldBy, familyOf, hasPods, logPlacesOf, podsBelow } from "../health/index.ts";
import { forEachLimited } from "../kit/pool.ts";
import {
  type ErrorCode,
  type Evidence,
  formatRef,
  type LiveObject,
  type Problem,
  type Ref,
  refKey,
  refOf,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import { objectsBelow } from "./below.ts";
import { unlessForbidden } from "./forbidden.ts";
import type { PassInput } from "./pass-input.ts";

/** Objects that are looked at more closely at one time. */
const MOST_OBJECTS = 5;
/** Of an object and what it has made: those whose Events are asked for. */
const MOST_FAMILY = 5;
/** Events of one object: a page. */
const MOST_EVENTS = 500;
const EVENT = { group: "", version: "v1", kind: "Event" };

/**
 * Asks Kubernetes what it has to say of objects that are not well: the newest warnings about each and about what it has made, and where the
 * logs of its containers are. Kept with the object for as long as it is not well. What logs say is never read.
 */
export async function lookForEvidence(input: PassInput, refs: readonly Ref[]): Promise<void> {
  const { cluster } = input;
  const { healthRules } = input.memory;
  const ailing = new Map<string, LiveObject>();
  for (const ref of refs) {
    const live = cluster.live.get(ref);
    if (live === undefined || ailing.size === MOST_OBJECTS) continue;
    const { status } = assess(live, { rules: healthRules?.rules });
    if (status !== "Healthy" && status !== "Suspended") ailing.set(refKey(ref), live);
  }
  await forEachLimited(ailing, 2, async ([key, live]) => {
    input.memory.of(key).evidence = await evidenceOf(input, live);
  });
}

/** None where we may not ask or nobody answers: it is only there to help. Errors: the signal's reason. */
async function evidenceOf(input: PassInput, live: LiveObject): Promise<Evidence | undefined> {
  const at = new Date(input.now()).toISOString();
  try {
    const below = hasPods(live) ? await objectsBelow(input, live) : [];
    const events = await warningsAbout(input, familyOf(live, below));
    const secrets = input.memory.prepared?.list.map(({ object }) => object) ?? [];
    const told = eventsToldBy(events).map((event) => ({ ...event, message: maskText(event.message, secrets) }));
    return { at, events: told, logs: logPlacesOf(podsBelow(live, below)) };
  } catch (error) {
    input.signal.throwIfAborted();
    const fields = { object: formatRef(refOf(live)), problem: toProblem(error) };
    input.log.warn(fields, "what Kubernetes has to say of an object cannot be read: it is told without");
    return undefined;
  }
}

async function warningsAbout(input: PassInput, family: readonly LiveObject[]): Promise<LiveObject[]> {
  const { signal, cluster } = input;
  const found: LiveObject[] = [];
  for (const { metadata } of family.slice(0, MOST_FAMILY)) {
    const namespace = metadata.namespace ?? "default";
    const fieldSelector = `involvedObject.uid=${metadata.uid},type=Warning`;
    await unlessForbidden(`list Event ${namespace}`, input, async () => {
      const resource = await cluster.resource(EVENT, signal);
      const listed = cluster.list(resource, { namespace, fieldSelector, most: MOST_EVENTS, signal });
      for await (const event of listed) found.push(event);
    });
  }
  return found;
}

/** What ends a pass, or a part of it, because somebody waited in vain. */
const IN_VAIN: ReadonlySet<ErrorCode> = new Set([
  "PL-APPLY-TIMEOUT",
  "PL-WAVE-TIMEOUT",
  "PL-HOOK-TIMEOUT",
  "PL-HOOK-FAILED",
]);

interface Waited {
  /** What was waited for at the end. */
  readonly stuck: readonly Ref[];
  /** An object that was waited for, by its name. */
  readonly named: (name: string | undefined) => Ref | undefined;
}

/** The summary, in which each problem of having waited in vain names what Kubernetes has to say of it and where to look next. */
export async function withEvidence(input: PassInput, summary: ApplySummary, waited: Waited): Promise<ApplySummary> {
  const { problem, outcomes } = summary;
  const inVain = (one: Problem | undefined) => one !== undefined && IN_VAIN.has(one.code);
  const own = inVain(problem) ? refsOf(problem, waited) : [];
  const failed = outcomes.filter((one) => one.outcome === "failed" && inVain(one.problem)).map(({ ref }) => ref);
  if (own.length + failed.length === 0) return summary;
  await lookForEvidence(input, [...own, ...failed]);
  const explained = (one: StepOutcome): StepOutcome =>
    one.outcome === "failed" && one.problem !== undefined && inVain(one.problem)
      ? { ...one, problem: explain(input, one.problem, [one.ref]) }
      : one;
  const first = problem === undefined ? {} : { problem: explain(input, problem, own) };
  return { ...summary, outcomes: outcomes.map(explained), ...first };
}

function refsOf(problem: Problem | undefined, { stuck, named }: Waited): readonly Ref[] {
  const ref = named(problem?.where);
  return ref === undefined ? stuck : [ref];
}

/** The first of these of which there is something to say. */
function explain({ memory }: PassInput, problem: Problem, refs: readonly Ref[]): Problem {
  for (const ref of refs) {
    const evidence = memory.objects.get(refKey(ref))?.evidence;
    const [event] = evidence?.events ?? [];
    const [log] = evidence?.logs ?? [];
    if (event === undefined && log === undefined) continue;
    const said = event === undefined ? "" : `; Kubernetes says: ${eventSentence(event)}`;
    const look =
      log === undefined
        ? ""
        : `see what container ${log.container} of ${formatRef(podOf(log))} logged last: \`${log.command}\`; `;
    return { ...problem, message: problem.message + said, next: look + problem.next };
  }
  return problem;
}

function podOf({ namespace, pod }: { readonly namespace: string; readonly pod: string }) {
  return { kind: "Pod", namespace, name: pod };
}
