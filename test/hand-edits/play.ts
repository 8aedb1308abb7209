import type { Cluster } from "../../src/cluster/index.ts";
import { type Comparison, keptAfterApply } from "../../src/diff/index.ts";
import { parsePointer, valueAt } from "../../src/kit/json-pointer.ts";
import {
  type FieldChange,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  refOf,
  type SchemaNode,
  toProblem,
} from "../../src/model/index.ts";
import { differences } from "./differences.ts";
import type { Edit } from "./edits.ts";
import { mergePatch } from "./merge-patch.ts";
import { judgeWith } from "./verdict.ts";

const HAND = "hand-edit";

/** One object as it is sent. */
export interface Subject {
  readonly desired: KubeObject;
  readonly hash: string;
  readonly schema: SchemaNode;
}

/** healed: as before, less metadata. kept: the addition was reported and stays. unmoved: the server made nothing of the edit.
 *  absent: live has nothing there. refused: the server does not allow the edit. stuck: nor its healing. */
export type End = "healed" | "kept" | "unmoved" | "absent" | "refused" | "stuck";

export interface Played {
  readonly end: End;
  /** What the server said. */
  readonly reason?: string;
  /** What should not be, a line each. */
  readonly wrong: readonly string[];
}

/** Makes the object, has another manager edit it, and looks at what is reported and at what an apply makes of it. */
export async function play(cluster: Cluster, subject: Subject, edit: Edit): Promise<Played> {
  const { desired } = subject;
  const { object: before } = await cluster.apply(desired);
  const edited = await editByHand(cluster, before, edit);
  if ("end" in edited) return { ...edited, wrong: [] };
  const { live } = edited;
  const isMoved = differences(contentOf(before), contentOf(live)).length > 0;
  const wrong = await reportedWrongly(cluster, subject, { edit, before, live, isMoved });
  const healed = await attempt(() => cluster.apply(desired));
  if ("reason" in healed) return { end: "stuck", reason: healed.reason, wrong };
  const wanted = edit.says === "foreign" ? live : before;
  const left = await leftAfter(cluster, subject, { edit, wanted, live: healed.value.object });
  return { end: !isMoved ? "unmoved" : edit.says === "foreign" ? "kept" : "healed", wrong: [...wrong, ...left] };
}

type Edited = { readonly live: LiveObject } | { readonly end: "absent" | "refused"; readonly reason?: string };

async function editByHand(cluster: Cluster, before: LiveObject, edit: Edit): Promise<Edited> {
  let refused: Edited = { end: "absent" };
  for (const way of edit.ways) {
    const edited = way(jsonOf(before));
    if (edited === undefined) continue;
    const body = mergePatch(jsonOf(before), edited);
    const answer = await attempt(() => cluster.patch(refOf(before), body, { manager: HAND }));
    if ("value" in answer) return { live: answer.value };
    refused = { end: "refused", reason: answer.reason };
  }
  return refused;
}

/** What the server refuses is an answer; that it cannot be asked is an error. */
async function attempt<T>(ask: () => Promise<T>): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await ask() };
  } catch (error) {
    const { code, message } = toProblem(error);
    if (!/^PL-KUBE-(INVALID|IMMUTABLE|UNKNOWN-FIELD|FORBIDDEN|UNEXPECTED)$/.test(code)) throw error;
    return { reason: `${code} ${message}` };
  }
}

interface Moved {
  readonly edit: Edit;
  readonly before: LiveObject;
  readonly live: LiveObject;
  readonly isMoved: boolean;
}

/** Twice: as after our own apply, and as after a restart, with nothing remembered. */
async function reportedWrongly(cluster: Cluster, { desired, hash, schema }: Subject, moved: Moved): Promise<string[]> {
  const input = { desired, manifestHash: hash, live: moved.live, schema, setApplied: true };
  const kept = keptAfterApply({ manifestHash: hash, live: moved.before });
  const judge = judgeWith(cluster, desired);
  const found = [
    ["", await judge({ ...input, kept, base: desired })],
    ["after a restart: ", await judge(input)],
  ] as const;
  return found.flatMap(([when, comparison]) => wrongIn(comparison, moved).map((line) => when + line));
}

function wrongIn({ changes }: Comparison, { edit, before, live, isMoved }: Moved): string[] {
  if (!isMoved) return changes.map((change) => `nothing moved, yet ${lineOf(change)}`);
  const own = changes.filter((change) => isAsExpected(change, edit));
  const missing =
    own.length > 0 ? [] : [`no ${edit.says} at ${edit.path}; there is ${changes.map(lineOf).join("; ") || "nothing"}`];
  const moved = differences(contentOf(before), contentOf(live));
  const others = changes.filter((change) => !own.includes(change) && !moved.some((line) => isAt(change, line)));
  return [...missing, ...own.flatMap(wrongAuthor), ...others.map((change) => `invented: ${lineOf(change)}`)];
}

function isAsExpected({ path, class: kind }: FieldChange, { says, path: at }: Edit): boolean {
  if (says === "foreign") return kind === "foreign" && (path === at || path.startsWith(`${at}/`));
  return kind === "drift" && (path === at || (says === "below" && path.startsWith(at)));
}

/** Positions move when items come and go, so that the field at the end must do. */
function isAt({ pointer }: FieldChange, line: string): boolean {
  const [at = ""] = line.split(": ");
  return at.startsWith(pointer) || pointer.startsWith(at) || at.split("/").at(-1) === pointer.split("/").at(-1);
}

/** The hand has what is there; nobody has what is gone, nor an order. */
function wrongAuthor(change: FieldChange): string[] {
  const { live, desired, manager, operation } = change;
  const isOrder = Array.isArray(live) && Array.isArray(desired) && /^\[.*=.*\]$/.test(String(desired[0]));
  const expected = live === undefined || isOrder ? "nobody" : `${HAND} Update`;
  const found = manager === undefined ? "nobody" : `${manager} ${operation}`;
  return found === expected ? [] : [`by ${found} and not ${expected}: ${lineOf(change)}`];
}

interface Healed {
  readonly edit: Edit;
  readonly wanted: LiveObject;
  readonly live: LiveObject;
}

/** What an apply should have put right. Items that the hand brought along stay its own, and are reported as such. */
async function leftAfter(cluster: Cluster, subject: Subject, { edit, wanted, live }: Healed): Promise<string[]> {
  const { desired, hash, schema } = subject;
  const judge = judgeWith(cluster, desired);
  const { status, changes } = await judge({ desired, manifestHash: hash, live, schema, setApplied: true });
  const theirs = changes.filter((change) => change.class === "foreign" && (edit.brings || isAsExpected(change, edit)));
  const rest = changes.filter((change) => !theirs.includes(change));
  const content = edit.says === "foreign" ? contentOf(live) : theirs.reduceRight(without, contentOf(live));
  const left = differences(contentOf(wanted), content).map((one) => `after healing ${one}`);
  return status === "Synced" && rest.length === 0
    ? left
    : [...left, `${status} after healing: ${rest.map(lineOf).join("; ")}`];
}

function without(object: JsonObject, { pointer }: FieldChange): JsonObject {
  const tokens = parsePointer(pointer) ?? [];
  const parent = valueAt(object, tokens.slice(0, -1));
  const last = tokens.at(-1) ?? "";
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isJsonObject(parent)) Reflect.deleteProperty(parent, last);
  return object;
}

function lineOf({ class: kind, path, desired, live, manager }: FieldChange): string {
  return `${kind} ${path} ${JSON.stringify(desired)} -> ${JSON.stringify(live)} by ${manager ?? "nobody"}`;
}

const SERVERS = new Set(["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"]);
/** A generation, kept in an annotation since before there was one. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** The object less status and what the server keeps of its own in metadata. */
function contentOf(object: KubeObject): JsonObject {
  const { metadata, status: _, ...rest } = jsonOf(object);
  const own = Object.entries(isJsonObject(metadata) ? metadata : {}).filter(([name]) => !SERVERS.has(name));
  const { annotations, ...others } = Object.fromEntries(own);
  const { [TEMPLATE_GENERATION]: _generation, ...notes } = isJsonObject(annotations) ? annotations : {};
  return { ...rest, metadata: Object.keys(notes).length === 0 ? others : { ...others, annotations: notes } };
}

export function jsonOf(object: KubeObject): JsonObject {
  return JSON.parse(JSON.stringify(object)) as JsonObject & { readonly [name: string]: Json };
}
