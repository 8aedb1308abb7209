import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  type ChangeClass,
  type FieldChange,
  type Json,
  type LiveObject,
  type SchemaNode,
} from "../model/index.ts";
import { authorsOf, likelyAuthors } from "./author.ts";
import {
  elementsOf,
  type FieldPath,
  formatPath,
  isList,
  itemLabel,
  keyElement,
  pointerOf,
  schemaAtPath,
  setElement,
  valueAtPath,
} from "./field-path.ts";
import { NO_FIELDS, owns } from "./field-set.ts";
import { isNewer, type Ownership, ownerOf } from "./ownership.ts";
import { sameJson, sameValue } from "./value-equality.ts";
import type { Candidate } from "./walk.ts";

/** Where Git stands against what was applied. unknown: somebody took the annotation off, so nothing tells. */
export type GitMove = "moved" | "still" | "unknown";

export interface ClassifyContext {
  readonly git: GitMove;
  readonly ownership: Ownership;
  readonly manifest: Json;
  /** The manifest that was applied before, where it is remembered. */
  readonly base: Json | undefined;
  readonly schema: SchemaNode;
  /** The candidates are what a dry run would change. */
  readonly dry: boolean;
}

export interface Classified {
  /** Absent: still ours and not of Git's making, so taken for the server's spelling until a dry run says otherwise. */
  readonly change: FieldChange | undefined;
  readonly doubtful: boolean;
}

const APPLIED_ELEMENTS = ["f:metadata", "f:annotations", `f:${APPLIED_ANNOTATION}`];
export const APPLIED_PATH = `/metadata/annotations/${APPLIED_ANNOTATION.replace("/", "~1")}`;

export function gitMoveOf(live: LiveObject, ownership: Ownership, manifestHash: string): GitMove {
  if (live.metadata.annotations?.[APPLIED_ANNOTATION] === manifestHash) return "still";
  const { ours } = ownership;
  return ours === undefined || owns(ours.fields, APPLIED_ELEMENTS) ? "moved" : "unknown";
}

/** What a candidate means. Live moved where the field is not ours any more, Git moved where its manifest is another than the one applied;
 *  a field that is still ours was not touched by anybody, for the server takes a field from us when another changes its value. */
export function classify(candidate: Candidate, context: ClassifyContext): Classified {
  const elements = elementsOf(candidate.path);
  const isOurs = !candidate.move && owns(context.ownership.ours?.fields ?? NO_FIELDS, elements);
  const base = valueAtPath(context.base, candidate.path, context.schema);
  const doubtful = !candidate.certain && !context.dry;
  if (isOurs) {
    if (!context.dry && isServersSpelling(candidate, base, context)) return { change: undefined, doubtful: true };
    return { change: changeOf(candidate, context.git === "still" ? "drift" : "pending", base, context), doubtful };
  }
  const kind = candidate.move ? classOfMove(candidate, context) : classOfLost(candidate, base, context);
  return { change: changeOf(candidate, kind, base, context), doubtful };
}

/** Ours, and the same in Git as when it was applied, yet not what live says. */
function isServersSpelling({ path, desired }: Candidate, base: Json | undefined, context: ClassifyContext): boolean {
  if (desired === undefined) return false;
  if (context.git !== "moved") return true;
  return base !== undefined && sameJson(base, valueAtPath(context.manifest, path, context.schema));
}

function classOfLost({ path }: Candidate, base: Json | undefined, context: ClassifyContext): ChangeClass {
  if (context.git !== "moved") return "drift";
  if (context.base === undefined) return classWithoutBase(path, context);
  const desired = valueAtPath(context.manifest, path, context.schema);
  if (base === undefined || desired === undefined) return "pending";
  const verdict = sameValue(desired, base, schemaAtPath(context.schema, path));
  return verdict === "same" || verdict === "alike" ? "drift" : "conflict";
}

function classWithoutBase(path: FieldPath, { ownership }: ClassifyContext): ChangeClass {
  const owner = ownerOf(ownership.others, elementsOf(path));
  return owner && ownership.ours && isNewer(owner, ownership.ours) ? "conflict" : "pending";
}

/** Order is nobody's field, so only what we applied last can tell who changed it. */
function classOfMove({ path, desired, live }: Candidate, context: ClassifyContext): ChangeClass {
  if (context.git !== "moved") return "drift";
  const list = valueAtPath(context.base, path, context.schema);
  if (!isList(list) || !isList(desired) || !isList(live)) return "pending";
  const { keys = [], items, listType } = schemaAtPath(context.schema, path);
  const elementOf = (item: Json) =>
    listType === "set" ? setElement(item) : keyElement(item, keys, items() ?? ANY_SCHEMA);
  const order = list.map((item) => itemLabel(elementOf(item)));
  const inBase = (labels: readonly Json[]) => labels.filter((label) => order.some((known) => known === label));
  const before = order.filter((label) => desired.includes(label));
  if (sameJson(before, inBase(desired))) return "drift";
  return sameJson(before, inBase(live)) ? "pending" : "conflict";
}

function changeOf(
  { path, desired, live, move }: Candidate,
  kind: ChangeClass,
  base: Json | undefined,
  { ownership }: ClassifyContext,
): FieldChange {
  const authors = live === undefined || move ? {} : authorsOf(ownership, elementsOf(path));
  return {
    path: formatPath(path),
    pointer: pointerOf(path),
    ...(desired !== undefined && { desired }),
    ...(live !== undefined && { live }),
    ...(base !== undefined && !move && { base }),
    class: kind,
    ...(authors.manager === undefined && kind !== "pending" ? likelyAuthors(ownership) : authors),
  };
}
