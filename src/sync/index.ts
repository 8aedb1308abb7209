/**
 * The loop: when an application is looked at again, and the one pass that does everything.
 *
 * Promises: one pass an application at a time; a trigger that comes while one runs causes exactly one more. A pass starts from
 * Git and the cluster as they are, never from where another stopped, so any pass may be the first, and a pass with nothing to
 * do asks Kubernetes nothing (what it needs is in the watch) and Git nothing (one poll a repository an interval does that).
 * Whatever ends a pass early leaves a status with a code, and the next pass is on the clock: nothing waits for a person.
 *
 * What a pass may write follows from the policy: new revisions with sync.auto, drift with selfHeal, everything when a person
 * asked, nothing in observe mode, and nothing at all while the newest revision is broken. Drift is then still judged by the last
 * whole revision that this process saw. A field that somebody changes back again and again is healed ever more slowly, up to once a
 * minute, and keeps nothing else waiting (fights.ts, holds.ts).
 *
 * Refuses: to remember anything that a restart must know. Memory here saves work (hashes, renders, verdicts by resourceVersion, how often a field drifted);
 * without it the same verdicts come out of Git, the cluster and the ApplySet parent.
 *
 * In: Applications, triggers (watch, poll, webhook, timer, person). Out: ApplicationStatus values into the report.
 */
import { Engine } from "./engine.ts";
import type { Sync, SyncSettings } from "./types.ts";

export function createSync(settings: SyncSettings): Sync {
  return new Engine(settings);
}

export { findAutoscalers } from "./autoscalers.ts";
export { unconfirmedSentence } from "./confirm.ts";
export type { Declarer } from "./declarers.ts";
export type { RecordsElsewhere } from "./instruction-control.ts";
export { KeptApplications } from "./kept-applications.ts";
export { isNamespaced, isServed, type Kinds, resolveKinds } from "./kinds.ts";
export { liveAnswers } from "./live-answers.ts";
export type { HeldBackAnswer, HeldBackQuestion, LetGoQuestion, Neighbour, Neighbours } from "./neighbours.ts";
export type { Preview, PreviewRequest } from "./proposed.ts";
export type { KnownProjects, ProjectStatus } from "./tenancy.ts";
export type {
  Delivery,
  Difference,
  InstructionControl,
  Rendered,
  Sync,
  SyncControl,
  SyncRequest,
  SyncSettings,
} from "./types.ts";
export { writeRightOf } from "./write-right.ts";
