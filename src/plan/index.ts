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
 * An object that is there and not the application's is adopted: the step says from whom. It is refused while another tool that is still
 * there claims it (claims.ts reads claims off the object; whoever asks for the plan looks whether the claimants live).
 *
 * What the server does not change is deleted and made anew where its author allows it (replace.ts), and a problem of its own where not: the
 * plan knows it beforehand, for whoever asks for one has asked the server by dry run wherever a change is in doubt (immutable-fields.ts).
 *
 * Refuses: an object with another application's label, two documents of one object, orders it does not understand. Each is its
 * own object's problem; the siblings are planned all the same.
 */
export { isForAdoption, type JudgedClaim } from "./adoption.ts";
export { isLeftAsItIs } from "./apply-wishes.ts";
export { buildPlan } from "./build.ts";
export { type Claim, type ClaimRecord, claimsOn } from "./claims.ts";
export { dependsOnOf } from "./depends-on.ts";
export { whatBlocksDeletion } from "./finalizers.ts";
export { type Edge, type Graph, type GraphNode, graphOf, type Until } from "./graph.ts";
export { staysForGood } from "./guards.ts";
export { hookMark } from "./hook-record.ts";
export { isRunByDeletion, isRunBySync } from "./hooks.ts";
export { doubtfulChanges } from "./immutable-fields.ts";
export { applicationOfId, applySetId, parentObject, parentRef, sameDeclaration, scopeOf } from "./inventory.ts";
export { joinedRecord, planNamespaces, planNamespacesEnd, recordedNamespaces } from "./namespace-metadata.ts";
export { pictureOf } from "./picture.ts";
export { deletionOf } from "./pods-left.ts";
export { type PrepareOptions, prepare, setHashOf, withoutStamp } from "./prepare.ts";
export { drawPlan, goingSentence, printPlan, summarise, withheldSentences } from "./print.ts";
export {
  type JudgedManifests,
  judgeDeclaration,
  judgeLookup,
  judgeManifests,
  judgeRepository,
  mayNotDelete,
  type ProjectRules,
} from "./project/judge.ts";
export { isNamed } from "./project/patterns.ts";
export { serviceAccountOf, serviceAccountProblem } from "./project/service-account.ts";
export { sendsAnything } from "./reach.ts";
export type { Unchangeable } from "./replace.ts";
export { STAGES, type Stage, stageOf } from "./stages.ts";
export type { HookState, Moving, PlanInput, Prepared } from "./types.ts";
export { isSameWriter, nextWriter, type Writer, writerOn, writtenBy } from "./writer.ts";
