/**
 * The three-way diff. Says of one object in which fields the cluster is not as Git wants it, whether the cluster moved (drift), Git moved
 * (pending) or both (conflict), and who did it; and which fields others brought along (foreign).
 *
 * By ownership: the server notes in managedFields who has which field, and takes a field from us when another changes its value. So a field
 * that is still ours was touched by nobody, and what differs there is the server's spelling: only a dry run tells (`doubtful`), and what
 * is found clean is remembered as two hashes (`Kept`). By value, with the schema's merge keys, where we own nothing yet.
 *
 * Promises: pure; no clock, no I/O. No managedFields, however spoilt, makes anything here throw: what cannot be read owns nothing.
 * No value of a Secret, and no last-applied annotation, stands in a FieldChange, a printed line or a patch (mask.ts).
 *
 * Refuses: to decide what is done about a difference (plan), and to ask the server anything (cluster).
 *
 * In: manifests as they would be sent (`normaliseDesired`, stamped), live objects, a SchemaNode. Out: Comparison.
 * What the server really does is in server-facts; the rules for field sets and removal are those of structured-merge-diff.
 */
export { type AdoptionContext, isStampedByUs, previousWriters, type Takeover, takeover } from "./adoption.ts";
export { fieldAuthor } from "./author.ts";
export { adoptionDryRun, compare, STAMPS } from "./compare.ts";
export { withDefaults } from "./defaults/built-in.ts";
export { common, fieldsV1Of, isNothing, union, without } from "./field-algebra.ts";
export { childSchema, indexItems, isList, keyElement, setElement } from "./field-path.ts";
export {
  type FieldTree,
  fieldSetOf,
  fieldsOfValue,
  isManifestMetadata,
  isMergedList,
  NO_FIELDS,
  owns,
  ownsAll,
  parseFields,
  pathsOf,
} from "./field-set.ts";
export { annotationRules, concerns, type RuleSet, ruleSetOf } from "./ignore/field-rule.ts";
export { type Sides, sidesOf, toJsonPatch } from "./json-patch.ts";
export { isUntouched, keptAfterApply } from "./kept.ts";
export { leavingOut } from "./leave-out.ts";
export { LAST_APPLIED, maskChange, maskObject, maskText } from "./mask.ts";
export { normaliseDesired } from "./normalise.ts";
export { type PrintOptions, printApplied, printComparison } from "./print.ts";
export { removalPatch, type VersionedPatch } from "./removal-patch.ts";
export type { CompareInput, Comparison, Kept } from "./types.ts";
export { removalOf, withoutServersPart } from "./whole-object.ts";
