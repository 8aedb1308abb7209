/**
 * Judges one live object: is it what it was made to be, and if not, why, in a sentence with numbers.
 *
 * Promises: pure and total. Objects are untrusted; whatever shape a status has, there is a verdict and never an exception.
 * Until a controller has seen the newest spec (observedGeneration), its numbers are about the past and the object is Progressing.
 * One function a kind, one table (assess.ts), one order of severity (HEALTH_STATUSES in model). Kinds that are not in the table
 * are judged by the conditions that most operators keep (Stalled, Reconciling, Ready, Available); without any they are Healthy
 * as soon as they exist. An application is as healthy as its worst object, which is named.
 *
 * Refuses: to look at other objects, at events or at a clock. Degraded means that time alone will not mend it.
 *
 * In: a live object. Out: Health.
 */
export { assess } from "./assess.ts";
export { worstOf } from "./worst.ts";
