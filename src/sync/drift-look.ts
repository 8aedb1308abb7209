import { fieldAuthor } from "../diff/index.ts";
import {
  type ApplicationStatus,
  type DriftEnd,
  formatRef,
  isDifference,
  type PlanStep,
  refKey,
  type StepOutcome,
} from "../model/index.ts";
import { afterHeal, afterLook, type DriftTrack, followed, MOST_FIELDS, QUIET_MS } from "./drift-tracks.ts";
import { episodeOf } from "./fights.ts";
import type { Holds } from "./holds.ts";
import { type Observed, versionOf } from "./observe.ts";
import type { PassInput } from "./pass-input.ts";

interface Looked {
  readonly observed: Observed;
  /** Of the manifests, by refKey. */
  readonly hashes: ReadonlyMap<string, string>;
}

/** Notes which fields drift now, and how it ended for those that do no more. */
export function noteDrift({ memory, now }: PassInput, { observed, hashes }: Looked): void {
  const { plan, live } = observed;
  const fields = plan.steps.flatMap(({ ref, changes }) => {
    const key = refKey(ref);
    const about = { ref, manifestHash: hashes.get(key) ?? "", resourceVersion: versionOf(live.get(key)) };
    return followed(changes).map((change) => ({ ...about, change }));
  });
  const steps = new Map(memory.drift.size === 0 ? [] : plan.steps.map((step) => [refKey(step.ref), step]));
  const endOf = (track: DriftTrack) => endingOf(track, steps.get(refKey(track.ref)), { observed, hashes });
  memory.drift = afterLook(memory.drift, { fields, now: now(), endOf });
}

/** Undefined where nobody looked at the object: then nothing has ended. */
function endingOf(
  { ref, change, manifestHash, resourceVersion }: DriftTrack,
  step: PlanStep | undefined,
  { observed, hashes }: Looked,
): Omit<DriftEnd, "at"> | undefined {
  const key = refKey(ref);
  if (step === undefined) return { how: "git" };
  if (!observed.comparisons.has(key)) return undefined;
  const isPending = step.changes.some(({ path, class: kind }) => path === change.path && kind === "pending");
  if (isPending || hashes.get(key) !== manifestHash) return { how: "git" };
  const live = observed.live.get(key);
  if (versionOf(live) === resourceVersion) return { how: "left" };
  const by = live === undefined || change.class === "foreign" ? undefined : fieldAuthor(live, change.path);
  return by === undefined ? { how: "reverted" } : { how: "reverted", by };
}

/** Notes what a pass has put right: fields of the objects that it wrote, but for those that it left out. */
export function noteHealing({ memory, now, passId }: PassInput, outcomes: readonly StepOutcome[], holds: Holds): void {
  if (memory.drift.size === 0) return;
  const written = new Set(outcomes.filter(({ outcome }) => WRITTEN.has(outcome)).map(({ ref }) => refKey(ref)));
  const isWritten = ({ ref, change }: DriftTrack) => {
    const key = refKey(ref);
    return written.has(key) && change.policy !== "count" && holds.get(key)?.fought.has(change.path) !== true;
  };
  memory.drift = afterHeal(memory.drift, { isWritten, pass: passId, now: now() });
}

const WRITTEN: ReadonlySet<string> = new Set(["created", "configured", "adopted", "replaced"]);

export function driftOf({ memory, now }: Pick<PassInput, "memory" | "now">): ApplicationStatus["drift"] {
  return [...memory.drift.values()].map((track) => episodeOf(track, now()));
}

/** Milliseconds until the first field that came back before has been quiet for long enough to be told so; undefined where none is waited for. */
export function driftEndsIn({ memory, now }: PassInput): number | undefined {
  const ends = [...memory.drift.values()].flatMap(({ count, end }) => (count > 1 && end !== undefined ? [end.at] : []));
  return ends.length === 0 ? undefined : Math.max(1000, Math.min(...ends) + QUIET_MS - now());
}

/** Objects of which not every field is followed. */
export function unfollowed({ plan }: Observed): string[] {
  return plan.steps.flatMap(({ ref, changes }) => {
    const differing = changes.filter((change) => isDifference(change) && change.class !== "pending").length;
    const more = differing - MOST_FIELDS;
    return more <= 0 ? [] : [`${more} more fields of ${formatRef(ref)} drift than are followed: its diff has them all`];
  });
}
