/**
 * Decides what must happen, in which order, and what must not. Pure: manifests, comparisons and live objects in, a Plan out.
 *
 * Promises: a Plan is a value. It is JSON, holds no object and no secret, and is exactly what is shown and what is executed.
 * The same facts in any order give the same plan. Order is by wave (the author's), then by stage (STAGES, each with its reason),
 * then by name; deletion is the exact reverse. Every step says why.
 *
 * Nothing is deleted that does not carry, all three, the application's label, its own id and a kind that the inventory names;
 * nothing while any wanted object has a problem; nothing above sync.pruneLimit; no Namespace or CustomResourceDefinition without
 * `plumbline.dev/prune: confirm`; nothing with `plumbline.dev/prune: disabled`; nothing that a controller made. What a guard
 * holds back is in the plan with its sentence, and stays in the inventory.
 *
 * The inventory is an ApplySet (KEP-3659): `before` is what the parent must say before the first write, `after` what it may say
 * when the last deletion is through, so that a crash in between leaves a superset of what is there.
 *
 * Refuses: an object with another application's label, two documents of one object, orders it does not understand. Each is its
 * own object's problem; the siblings are planned all the same.
 */
export { buildPlan } from "./build.ts";
export { applicationOfId, applySetId, parentObject, parentRef, scopeOf } from "./inventory.ts";
export { type PrepareOptions, prepare, setHashOf } from "./prepare.ts";
export { printPlan, summarise } from "./print.ts";
export { STAGES, type Stage, stageOf } from "./stages.ts";
export type { PlanInput, Prepared } from "./types.ts";
