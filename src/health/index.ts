/**
 * Judges one live object: is it what it was made to be, and if not, why, in a sentence with numbers.
 *
 * Promises: pure and total. Objects are untrusted; whatever shape a status has, there is a verdict and never an exception.
 * Until a controller has seen the newest spec (observedGeneration), its numbers are about the past and the object is Progressing.
 * Kinds of Kubernetes have one function each (the table is in assess.ts). Kinds whose operators have conventions of their own are lines of data
 * in operators/, read by convention.ts. All others are judged by what most operators keep (observedGeneration, Stalled, Reconciling, Ready,
 * Available); without any of it they are Healthy as soon as they exist. One order of severity (HEALTH_STATUSES in model): an application is as
 * healthy as its worst object, which is named.
 *
 * A workload that is not healthy names the Pod that keeps it, with the kubelet's words, where its Pods are handed in (`reasonBelow`).
 *
 * Rules of users (CEL, rules/) go before all of it; they are bounded in size, in steps and in time (docs/decisions/0013).
 *
 * Refuses: to fetch anything, and to look at events or at a clock. Degraded means that time alone will not mend it.
 *
 * In: a live object, and what is known beside it. Out: Health.
 */
export { type AssessContext, asksForReason, assess } from "./assess.ts";
export { type BelowReason, familyOf, hasPods, podsBelow, reasonBelow } from "./below.ts";
export { eventSentence, eventsToldBy, logPlacesOf } from "./evidence.ts";
export { compileHealthRules, type HealthRules } from "./rules/compile.ts";
export { worstOf } from "./worst.ts";
