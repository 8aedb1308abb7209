import {
  type Comparison,
  compare,
  fieldSetOf,
  isUntouched,
  keptAfterApply,
  NO_FIELDS,
  parseFields,
  pathsOf,
} from "../../src/diff/index.ts";
import { hashJson } from "../../src/kit/hash.ts";
import { parsePointer } from "../../src/kit/json-pointer.ts";
import {
  APPLIED_ANNOTATION,
  type FieldChange,
  isJsonObject,
  type KubeObject,
  type SchemaNode,
} from "../../src/model/index.ts";
import type { SsaCase, TrueChange } from "./ssa-cases.ts";
import { ourEntry } from "./ssa-stamp.ts";

/** What is wrong with our answers to one case: asked with the manifest that was applied before at hand, and without. */
export function faultsOf(one: SsaCase, schema: SchemaNode): string[] {
  const faults = [true, false].flatMap((withBase) => {
    const found = withBase ? faultsOfVerdict(one, schema, one.base) : faultsOfVerdict(one, schema, undefined);
    return found.map((fault) => (withBase ? fault : `without the base: ${fault}`));
  });
  return [...faults, ...faultsOfMemory(one), ...faultsOfOwnership(one, schema)];
}

function faultsOfVerdict(one: SsaCase, schema: SchemaNode, base: KubeObject | undefined): string[] {
  const input = { ...pick(one), schema, setApplied: true, ...(base !== undefined && { base }) };
  const first = compare(input);
  if (one.answer === undefined) return faultsOfRefused(first);
  const found = first.doubtful ? compare({ ...input, dryRun: one.answer }) : first;
  const changes = ownChanges(found.changes);
  return [
    ...faultsOfPaths(one, changes),
    ...faultsOfValues(one, changes),
    ...(base !== undefined && one.isUnmoved ? faultsOfUnmoved(one, found) : []),
  ];
}

function pick({ desired, manifestHash, live }: SsaCase) {
  return { desired, manifestHash, live };
}

/** Asked for in earnest the server refuses it: nobody may have said that it is as Git wants it. */
function faultsOfRefused({ changes, doubtful }: Comparison): string[] {
  return doubtful || ownChanges(changes).length > 0 ? [] : ["nothing differs, though the server refuses the manifest"];
}

/** Our own annotation was not there when it was recorded, and a deletion is no change that an apply would make. */
function ownChanges(changes: readonly FieldChange[]): FieldChange[] {
  const stamp = `/metadata/annotations/${APPLIED_ANNOTATION.replace("/", "~1")}`;
  return changes.filter(({ class: kind, pointer }) => {
    return kind !== "foreign" && pointer !== stamp && pointer !== "/metadata/deletionTimestamp";
  });
}

/** Where Git stands as it stood at the last apply, nothing is pending, and the object is Synced or Drifted. */
function faultsOfUnmoved(one: SsaCase, { status, changes }: Comparison): string[] {
  const isGone = one.live.metadata.deletionTimestamp !== undefined;
  const wanted = truthsOf(one).length > 0 || isGone ? "Drifted" : "Synced";
  const pending = changes.filter(({ class: kind }) => kind === "pending" || kind === "conflict");
  return [
    ...(status === wanted ? [] : [`${status}, and not ${wanted}`]),
    ...pending.map(({ path, class: kind }) => `${kind} at ${path}, though Git did not move`),
  ];
}

function faultsOfPaths(one: SsaCase, changes: readonly FieldChange[]): string[] {
  const truths = truthsOf(one).map(({ path }) => path);
  const shifted = shiftedLists(changes);
  const isConsequence = (truth: string) => changes.length > 0 && !isNamed(one, truth);
  const isSeen = (truth: string) => changes.some((change) => isAbout(change, truth, shifted));
  const missed = truths.filter((truth) => !isSeen(truth) && !isConsequence(truth));
  const invented = changes.filter((change) => !truths.some((truth) => isAbout(change, truth, shifted)));
  return [
    ...missed.map((path) => `${path} is not reported`),
    ...invented.map(({ path }) => `${path} is reported, and the server would not change it`),
  ];
}

/** What the server changed for what we do not send (stringData as such, status, empty rules of an aggregated role) is no change of ours. */
function truthsOf({ changes, sent, desired }: SsaCase): TrueChange[] {
  return changes.filter(({ path }) => {
    const tokens = parsePointer(path) ?? [];
    return !names(sent, tokens) || names(desired, tokens);
  });
}

/**
 * The manifest, or the one before it, has the place or something above it that is no object. At other places the server changes something
 * as the consequence of one of our changes (a Service that is no NodePort any more has no node ports), which a diff need not foretell.
 */
function isNamed({ desired, base }: SsaCase, truth: string): boolean {
  const tokens = parsePointer(truth) ?? [];
  return names(desired, tokens) || (base !== undefined && names(base, tokens));
}

/** Positions in lists are those of live, so that any item of the manifest may be the one. */
function names(value: unknown, [token, ...rest]: readonly string[]): boolean {
  if (token === undefined) return true;
  if (Array.isArray(value)) return value.some((item) => names(item, rest));
  if (!isJsonObject(value)) return true;
  return Object.hasOwn(value, token) && names(value[token], rest);
}

/** Lists in which an item comes, goes or moves: the positions that the recording names are then those of other items. */
function shiftedLists(changes: readonly FieldChange[]): string[] {
  const isOrder = (value: unknown) => Array.isArray(value) && /^\[.*=.*\]$/.test(String(value[0]));
  const moved = changes.filter(({ desired, live }) => isOrder(desired) && isOrder(live)).map(({ pointer }) => pointer);
  const items = changes.filter(({ path }) => path.endsWith("]")).map(({ pointer }) => pointer.replace(/\/[^/]*$/, ""));
  // The outermost first: what is inside an item that moves is somewhere else altogether.
  return [...moved, ...items].sort((one, other) => one.length - other.length);
}

/** One is the other or stands above it. */
function isAbout({ pointer }: FieldChange, truth: string, shifted: readonly string[]): boolean {
  const own = shifted.find((list) => pointer.startsWith(`${list}/`)) ?? pointer;
  return truth === own || truth.startsWith(`${own}/`) || own.startsWith(`${truth}/`);
}

/** Where a change is at the very place that the server changed, live is what it was. A Secret's values are masked. */
function faultsOfValues(one: SsaCase, changes: readonly FieldChange[]): string[] {
  if (one.live.kind === "Secret") return [];
  const shifted = shiftedLists(changes);
  return changes.flatMap(({ pointer, path, live }) => {
    const truth = one.changes.find((change) => change.path === pointer);
    const isComparable = truth !== undefined && !shifted.some((list) => pointer.startsWith(list));
    if (!isComparable || hashJson(truth.live ?? null) === hashJson(live ?? null)) return [];
    return [`${path}: live is said to be ${JSON.stringify(live)}, and was ${JSON.stringify(truth.live)}`];
  });
}

/** What is remembered after an apply never hides a change: untouched by the two hashes means that nothing would be written. */
function faultsOfMemory(one: SsaCase): string[] {
  if (!one.isUnmoved || one.lastApplied === undefined) return [];
  const kept = keptAfterApply({ manifestHash: one.manifestHash, live: one.lastApplied });
  const isHidden = isUntouched(kept, one.manifestHash, one.live) && truthsOf(one).length > 0;
  return isHidden ? ["the remembered hashes say untouched, and the server would change it"] : [];
}

/** The manifest's field set is what the server notes as ours; told only where the manifest was sent as we would send it. */
function faultsOfOwnership({ answer, sent, desired }: SsaCase, schema: SchemaNode): string[] {
  const told = answer && ourEntry(answer);
  const same = (["stringData", "rules"] as const).every(
    (field) => hashJson(sent[field] ?? null) === hashJson(desired[field] ?? null),
  );
  if (told === undefined || !same) return [];
  const noted = new Set([...pathsOf(parseFields(told.fieldsV1) ?? NO_FIELDS)].map(String));
  const found = new Set([...pathsOf(fieldSetOf(desired, schema))].map(String));
  return [
    ...[...noted.difference(found)].map((path) => `${path} becomes ours, and is not in the manifest's field set`),
    ...[...found.difference(noted)].map((path) => `${path} is in the manifest's field set, and does not become ours`),
  ];
}
