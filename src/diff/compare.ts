import type { Operation } from "fast-json-patch";
import { compareText } from "../kit/compare-text.ts";
import {
  APPLIED_ANNOTATION,
  type ChangeClass,
  type FieldChange,
  ID_ANNOTATION,
  type KubeObject,
  type LiveObject,
  PART_OF_LABEL,
  syncStatusOf,
} from "../model/index.ts";
import { ownershipWhenAdopted } from "./adoption.ts";
import { foreignAuthors } from "./author.ts";
import { isBuiltIn } from "./built-in.ts";
import { APPLIED_PATH, type Classified, type ClassifyContext, classify, gitMoveOf } from "./classify.ts";
import { union } from "./field-algebra.ts";
import { elementsOf, formatPath, jsonOf, pointerOf, valueAtPath } from "./field-path.ts";
import { type FieldTree, fieldSetOf, NO_FIELDS, owns, ownsAll } from "./field-set.ts";
import { type ForeignField, foreignFields, isForeign, policyFor } from "./foreign.ts";
import { type Left, leave } from "./ignore/leave.ts";
import { patchBetween } from "./json-patch.ts";
import { isUntouched, keptAfterApply } from "./kept.ts";
import { maskChange, maskObject } from "./mask.ts";
import { entriesOf, isOneVersion, isOurEntry, type Ownership, readOwnership } from "./ownership.ts";
import { removals } from "./removal-patch.ts";
import { walkRemoved } from "./removed.ts";
import { filledByServer } from "./server-defaults.ts";
import type { CompareInput, Comparison } from "./types.ts";
import { sameJson } from "./value-equality.ts";
import { type Candidate, NOTHING_LEFT, walkManifest } from "./walk.ts";

/** The input with what was worked out of it once. */
interface Case extends CompareInput {
  readonly live: LiveObject;
  readonly ownership: Ownership;
  readonly left: Left | undefined;
  /** What an apply would make ours. */
  readonly fields: FieldTree;
  /** The same, and what the manifest names though it is left. */
  readonly named: FieldTree;
}

/** Three-way: the manifest against live, with ownership (and the base where there is one) to tell who moved.
 *  Pure and total: no live object and no managedFields, however spoilt, makes it throw. */
export function compare(input: CompareInput): Comparison {
  const { live, kept, manifestHash, adopt = false } = input;
  if (live === undefined) return missing(input);
  if (!adopt && kept !== undefined && isUntouched(kept, manifestHash, live)) return untouched(input, live);
  const one = caseOf(input, live);
  const candidates = [...manifestCandidates(one), ...removedCandidates(one)];
  const context = classifyContext(one);
  const classified = candidates.map((candidate) => classify(candidate, context));
  const changes = [
    ...withoutLoneStamp(classified.flatMap(({ change }, i) => (comesBack(one, candidates[i]) ? [] : (change ?? [])))),
    ...foreignChanges(one, candidates),
    ...deletion(live),
  ];
  return conclude(one, changes, input.dryRun === undefined ? doubtsOf(one, candidates, classified) : []);
}

/** Of what is compared by value alone everything, since only the server knows; but our own stamps are sure to be missing. */
function doubtsOf(one: Case, candidates: readonly Candidate[], classified: readonly Classified[]): string[] {
  const unowned = one.adopt || one.ownership.ours === undefined;
  const doubted = candidates.filter(({ path }, i) =>
    unowned ? !STAMPS.has(formatPath(path)) : classified[i]?.doubtful === true,
  );
  return doubted.map(({ path }) => formatPath(path)).sort(compareText);
}

function caseOf(input: CompareInput, live: LiveObject): Case {
  const ownership = input.adopt ? ownershipWhenAdopted(live, input) : readOwnership(live);
  const left = leave(input, ownership);
  const desired = left?.desired ?? input.desired;
  const fields = fieldSetOf(left?.sent ?? desired, input.schema);
  const named = left === undefined ? fields : union(fields, fieldSetOf(input.desired, input.schema));
  return { ...input, desired, live, ownership, left, fields, named };
}

function missing(input: CompareInput): Comparison {
  const { desired } = input;
  const kind = classOfMissing(input);
  const change: FieldChange = { path: "", pointer: "", desired: jsonOf(maskObject(desired)), class: kind };
  const { matched = [] } = leave(input) ?? {};
  return {
    ...{ status: syncStatusOf([change]), changes: [change], doubtful: false, owned: false, kept: undefined },
    ...(matched.length > 0 && { matched }),
  };
}

/** What is left is told whatever else is found. */
function leftIn({ left, desired }: Pick<Case, "left" | "desired">): Pick<Comparison, "left" | "matched" | "sent"> {
  if (left === undefined) return {};
  const { fields, matched, sent } = left;
  return {
    ...(fields.length > 0 && { left: fields }),
    ...(matched.length > 0 && { matched }),
    ...(sent !== desired && { sent }),
  };
}

/** What was applied and is not there was deleted by somebody; a manifest that has changed since was changed by Git, too. */
function classOfMissing({ base, manifestHash, setApplied }: CompareInput): ChangeClass {
  if (setApplied) return "drift";
  if (base === undefined) return "pending";
  return base.metadata.annotations?.[APPLIED_ANNOTATION] === manifestHash ? "drift" : "conflict";
}

/** Ours is as it was; others may still have come with fields of their own. */
function untouched(input: CompareInput, live: LiveObject): Comparison {
  const found: Comparison = { status: "Synced", changes: [], doubtful: false, owned: true, kept: input.kept };
  const isAlone = !entriesOf(live).some((entry) => !isOurEntry(entry) && isForeign(entry));
  if (isAlone) return { ...found, ...leftIn({ left: leave(input), desired: input.desired }) };
  const one = caseOf(input, live);
  const changes = foreignChanges(one, []);
  return { ...found, ...leftIn(one), status: syncStatusOf(changes), changes: presentable(changes, live) };
}

function conclude(one: Case, changes: readonly FieldChange[], doubts: readonly string[]): Comparison {
  const doubtful = doubts.length > 0;
  const status = syncStatusOf(changes);
  const owned = !one.adopt && one.ownership.ours !== undefined;
  const isClean = changes.every((change) => change.class === "foreign");
  const kept = isClean && !doubtful && isWholeOurs(one) ? keptAfterApply(one) : undefined;
  const found = { status, changes: presentable(changes, one.live), doubtful, owned, kept, ...leftIn(one) };
  return doubtful ? { ...found, doubts } : found;
}

/** Where another has a field of the manifest, with our value, he can change it without anything of ours moving: not to be remembered. */
function isWholeOurs({ ownership, fields, manifestHash, live }: Case): boolean {
  if (ownership.ours === undefined || gitMoveOf(live, ownership, manifestHash) !== "still") return false;
  return ownsAll(ownership.ours.fields, fields);
}

function presentable(changes: readonly FieldChange[], live: LiveObject): FieldChange[] {
  return changes.map((change) => maskChange(live, change)).sort((one, other) => compareText(one.path, other.path));
}

function classifyContext(one: Case): ClassifyContext {
  const { desired, live, ownership, manifestHash, base, schema, dryRun, adopt } = one;
  return {
    // Nothing of it was ever applied: whatever differs, Git is ahead.
    git: adopt ? "moved" : gitMoveOf(live, ownership, manifestHash),
    ownership,
    manifest: jsonOf(desired),
    // In another version its paths are others.
    base: base?.apiVersion === desired.apiVersion && base && !adopt ? jsonOf(base) : undefined,
    schema,
    dry: dryRun !== undefined,
  };
}

function manifestCandidates({ desired, live, dryRun, schema, ownership, left }: Case): Candidate[] {
  const out: Candidate[] = [];
  const place = { desired: jsonOf(desired), live: jsonOf(live), want: dryRun && jsonOf(dryRun) };
  walkManifest(place, schema, {
    dry: dryRun !== undefined,
    custom: !isBuiltIn(desired.apiVersion),
    isOurs: (path) => owns(ownership.ours?.fields ?? NO_FIELDS, elementsOf(path)),
    left: left ?? NOTHING_LEFT,
    out,
  });
  return left === undefined
    ? out
    : out.map((candidate) => whole(candidate, left, { live, schema, wanted: dryRun ?? left.sent }));
}

/** A value of which a part is left is shown as it would be sent, and as it is. */
function whole(
  candidate: Candidate,
  left: Left,
  { live, schema, wanted }: Pick<Case, "live" | "schema"> & { readonly wanted: KubeObject },
): Candidate {
  const { path, move } = candidate;
  if (move || !left.reaches(path)) return candidate;
  const desired = valueAtPath(jsonOf(wanted), path, schema) ?? candidate.desired;
  return { ...candidate, desired, live: valueAtPath(jsonOf(live), path, schema) ?? candidate.live };
}

function removedCandidates({ live, dryRun, schema, ownership, left, fields }: Case): Candidate[] {
  if (ownership.ours === undefined) return [];
  const out: Candidate[] = [];
  const staying = [fields, ...ownership.others.map((owner) => owner.fields)];
  const place = { path: [], live: jsonOf(live), schema };
  walkRemoved(place, ownership.ours.fields, staying, {
    oneVersion: isOneVersion(ownership, live.apiVersion),
    isLeft: (path) => left?.covers(path) === true,
    out,
  });
  if (dryRun === undefined) return out;
  return out.filter(({ path, live: value }) => !sameJson(valueAtPath(jsonOf(dryRun), path, schema), value));
}

/** Whoever created an object owns the server's defaults, too: while the server is not asked, they are taken to come back when they go. */
function comesBack({ adopt, dryRun, live, schema }: Case, candidate: Candidate | undefined): boolean {
  if (!adopt || dryRun !== undefined || candidate?.desired !== undefined || candidate?.live === undefined) return false;
  const { path, live: value } = candidate;
  return filledByServer(live, [{ path, live: value }], schema).size > 0;
}

/**
 * What to ask the server by dry run in place of an apply, so that it tells what an adoption leads to: the answer of the dry-run apply without the
 * fields that go when the older manifests are ours, as a JSON patch of live. What the server fills in again (defaults, allocated
 * addresses) is then no change.
 */
export function adoptionDryRun(input: CompareInput, applied: LiveObject): readonly Operation[] {
  const { live } = input;
  if (live === undefined) return [];
  const { dryRun: _, ...rest } = input;
  const gone = removedCandidates(caseOf({ ...rest, live: applied, adopt: true }, applied)).map(({ path }) =>
    pointerOf(path),
  );
  return [...patchBetween(live, applied), ...removals(gone)];
}

function foreignChanges(one: Case, candidates: readonly Candidate[]): FieldChange[] {
  const gone = new Set(candidates.filter(({ desired }) => desired === undefined).map(({ path }) => formatPath(path)));
  return foreignFields(one.live, one.ownership.others, one.named, one.schema)
    .filter(({ path }) => one.left?.covers(path) !== true)
    .filter(({ path }) => !path.some((_step, depth) => gone.has(formatPath(path.slice(0, depth + 1)))))
    .map((field) => foreignChange(field, one));
}

function foreignChange(field: ForeignField, { foreign = "report", ownership, left }: Case): FieldChange {
  const { path, live, owner } = field;
  const policy = policyFor(field, left?.reaches(path) === true ? "report" : foreign);
  return {
    path: formatPath(path),
    pointer: pointerOf(path),
    live,
    class: "foreign",
    ...foreignAuthors(owner, ownership.others, elementsOf(path)),
    ...(policy !== undefined && { policy }),
  };
}

/** Every change of the manifest changes our stamp too: it is only worth a line where it is the only thing that differs. */
function withoutLoneStamp(changes: readonly FieldChange[]): readonly FieldChange[] {
  const others = changes.filter(({ path, class: kind }) => path !== APPLIED_PATH || kind !== "pending");
  return others.length > 0 ? others : changes;
}

function deletion(live: LiveObject): FieldChange[] {
  const time = live.metadata.deletionTimestamp;
  const path = "/metadata/deletionTimestamp";
  return time === undefined ? [] : [{ path, pointer: path, live: time, class: "drift" }];
}

/** Plumbline's own marks, as paths of changes. */
export const STAMPS: ReadonlySet<string> = new Set([
  APPLIED_PATH,
  `/metadata/annotations/${ID_ANNOTATION.replace("/", "~1")}`,
  `/metadata/labels/${PART_OF_LABEL.replace("/", "~1")}`,
]);
