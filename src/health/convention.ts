import { valueAt } from "../kit/json-pointer.ts";
import type { Health, HealthStatus, LiveObject } from "../model/index.ts";
import { BEHIND, type Condition, conditionsOf, isBehind, isStale, progressing, words } from "./read.ts";

/** True of an object with such a condition. */
interface ConditionTest {
  readonly condition: string;
  readonly is: readonly string[];
  readonly reasons?: readonly string[];
  /** Any reason but these. */
  readonly exceptReasons?: readonly string[];
  readonly severities?: readonly string[];
}

/** True of an object with one of these values, as text, at the place; with none given, of one with any value there. */
interface FieldTest {
  readonly at: readonly string[];
  readonly is: readonly string[];
}

/** True where the number at one place is lower than that at the other, or is missing where that is above 0. */
interface FewerTest {
  readonly at: readonly string[];
  readonly fewerThan: readonly string[];
}

/** True where any condition, of whatever type, has this status. */
interface AnyConditionTest {
  readonly anyCondition: string;
}

type Test = ConditionTest | FieldTest | FewerTest | AnyConditionTest;

/** One line of the table: of which objects it holds (all its tests), and the verdict then. */
export type Line = readonly [HealthStatus, ...Test[]];

/** How an operator says how its objects are. The first line that holds decides. */
export interface Convention {
  /** `<Kind>.<group>`; `*` in a group or a kind stands for anything. */
  readonly kinds: readonly string[];
  /** Where the rule comes from. */
  readonly source: string;
  readonly lines: readonly Line[];
  /** Where the status has a sentence beside the verdict. */
  readonly says?: readonly (readonly string[])[];
  /** When no line holds. Progressing where it is left out: nobody has reported yet. */
  readonly otherwise?: Health;
}

export function on(condition: string, ...reasons: readonly string[]): ConditionTest {
  return { condition, is: ["True"], ...(reasons.length === 0 ? {} : { reasons }) };
}

export function off(condition: string, ...reasons: readonly string[]): ConditionTest {
  return { condition, is: ["False"], ...(reasons.length === 0 ? {} : { reasons }) };
}

/** The same test for every reason but these. */
export function but(test: ConditionTest, ...exceptReasons: readonly string[]): ConditionTest {
  return { ...test, exceptReasons };
}

/** `field("status.phase", "Ready")`; the last argument may be a list. A name with dots is given as a list of names. */
export function field(place: string | readonly string[], ...is: readonly string[]): FieldTest {
  return { at: typeof place === "string" ? place.split(".") : place, is };
}

export function fewer(place: string, than: string): FewerTest {
  return { at: place.split("."), fewerThan: than.split(".") };
}

export function anyCondition(status: string): AnyConditionTest {
  return { anyCondition: status };
}

/** Ready is all: True or False, and without a verdict it waits. */
export const READY_OR_BROKEN: readonly Line[] = [
  ["Degraded", off("Ready")],
  ["Healthy", on("Ready")],
];

/** Ready is all, and what is not ready is on its way. */
export const READY_OR_COMING: readonly Line[] = [
  ["Progressing", off("Ready")],
  ["Healthy", on("Ready")],
];

/** What the convention says of the object. Lines about the status wait until it is about the newest spec. */
export function judgeBy({ lines, says, otherwise }: Convention, live: LiveObject): Health {
  const conditions = conditionsOf(live);
  const behind = isBehind(live);
  for (const [status, ...tests] of lines) {
    if (behind && tests.some(readsStatus)) return BEHIND;
    const found = tests.map((test) => holds(test, live, conditions));
    const told = found.filter((one) => one !== undefined);
    if (told.length < found.length) continue;
    if (told.some(({ condition }) => condition !== undefined && isStale(condition, live))) return BEHIND;
    return { status, message: sentence(told, says, live) };
  }
  if (behind) return BEHIND;
  const ready = conditions.find(({ type }) => type === "Ready");
  return otherwise ?? progressing(ready === undefined ? "its controller has not reported yet" : words(ready));
}

interface Found {
  readonly message: string;
  readonly condition?: Condition;
}

function readsStatus(test: Test): boolean {
  return !("at" in test) || test.at[0] === "status";
}

function holds(test: Test, live: LiveObject, conditions: readonly Condition[]): Found | undefined {
  if ("fewerThan" in test) return holdsFewer(test, live);
  if ("at" in test) return holdsField(test, live);
  const condition = conditions.find((one) =>
    "anyCondition" in test ? one.status === test.anyCondition : matches(test, one),
  );
  return condition === undefined ? undefined : { message: words(condition), condition };
}

function matches({ condition, is, reasons, exceptReasons, severities }: ConditionTest, one: Condition): boolean {
  if (one.type !== condition || !is.includes(one.status)) return false;
  if (severities !== undefined && !severities.includes(one.severity ?? "")) return false;
  const reason = one.reason ?? "";
  return (reasons === undefined || reasons.includes(reason)) && exceptReasons?.includes(reason) !== true;
}

function holdsField({ at, is }: FieldTest, live: LiveObject): Found | undefined {
  const value = valueAt(live, at);
  if (value === undefined || value === null) return undefined;
  const text = isPlain(value) ? String(value) : undefined;
  if (is.length === 0) return { message: `${nameOf(at)} is set` };
  return text !== undefined && is.includes(text) ? { message: `${nameOf(at)} is ${text}` } : undefined;
}

function holdsFewer({ at, fewerThan }: FewerTest, live: LiveObject): Found | undefined {
  const [have, want] = [valueAt(live, at) ?? 0, valueAt(live, fewerThan)];
  if (typeof have !== "number" || typeof want !== "number" || have >= want) return undefined;
  return { message: `${nameOf(at)} is ${have} of ${want}` };
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function nameOf(at: readonly string[]): string {
  const names = at[0] === "status" ? at.slice(1) : at;
  return names.join(".");
}

function sentence(found: readonly Found[], says: Convention["says"], live: LiveObject): string {
  const own = found.map(({ message }) => message).join(", ");
  const said = (says ?? []).map((at) => valueAt(live, at)).find((text) => typeof text === "string" && text !== "");
  return typeof said === "string" && !found.some(({ condition }) => condition !== undefined) ? `${own}: ${said}` : own;
}

/** Phases in a field: what each of them means. */
export function phases(place: string, means: { readonly [status in HealthStatus]?: readonly string[] }): Line[] {
  return (Object.entries(means) as [HealthStatus, readonly string[]][]).map(([status, names]) => [
    status,
    field(place, ...names),
  ]);
}
