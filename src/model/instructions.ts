import { isJsonObject, type JsonObject } from "./json.ts";
import { APPROVED_ANNOTATION, PIN_ANNOTATION, SUSPENDED_ANNOTATION } from "./labels.ts";

/** Who said it and when (RFC 3339). */
interface Said {
  readonly by: string;
  readonly at: string;
}

/** This revision is rendered in place of what the ref leads to. */
export interface Pin extends Said {
  /** A commit's full id; of a chart its exact version. */
  readonly revision: string;
  readonly reason: string;
  /** RFC 3339; absent: until somebody unpins. */
  readonly until?: string;
}

/** Nothing is written; it is still looked at. */
export interface Suspension extends Said {
  readonly reason: string;
  /** RFC 3339; absent: until somebody resumes. */
  readonly until?: string;
}

/** Exactly the plan with this hash may be done. */
export interface Approval extends Said {
  readonly plan: string;
}

/** What people have told Plumbline about one application. It stands as annotations on the ApplySet parent: state of the cluster, as everything that must last. */
export interface Instructions {
  readonly pin?: Pin;
  readonly suspended?: Suspension;
  readonly approved?: Approval;
}

/** An annotation that cannot be understood, and so counts for nothing. */
export interface IgnoredInstruction {
  readonly annotation: string;
  readonly reason: string;
}

export interface ReadInstructions {
  readonly instructions: Instructions;
  readonly ignored: readonly IgnoredInstruction[];
}

export const INSTRUCTION_ANNOTATIONS = {
  pin: PIN_ANNOTATION,
  suspended: SUSPENDED_ANNOTATION,
  approved: APPROVED_ANNOTATION,
} as const satisfies Record<keyof Instructions, string>;

/** The longest reason in characters. */
export const LONGEST_REASON = 500;
const LONGEST_ANNOTATION = 4096;

type Fits = (value: string) => boolean;
const isText =
  (longest: number): Fits =>
  (value) =>
    value !== "" && value.length <= longest && !/[\p{Cc}\u2028\u2029]/u.test(value);
const isRevision: Fits = (value) => /^[0-9A-Za-z][0-9A-Za-z._+-]{0,127}$/.test(value);
const isHash: Fits = (value) => /^[0-9a-f]{64}$/.test(value);
const isTime: Fits = (value) => /^\d{4}-\d\d-\d\dT[0-9:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));
const said = { by: isText(253), at: isTime };
const REASON = { reason: isText(LONGEST_REASON) };

/** What must stand in each, and what may. Further fields are left to later versions. */
const SHAPES: {
  readonly [name in keyof Instructions]-?: {
    readonly must: Readonly<Record<string, Fits>>;
    readonly may: Readonly<Record<string, Fits>>;
  };
} = {
  pin: { must: { revision: isRevision, ...REASON, ...said }, may: { until: isTime } },
  suspended: { must: { ...REASON, ...said }, may: { until: isTime } },
  approved: { must: { plan: isHash, ...said }, may: {} },
};

/** Out of the annotations of an ApplySet parent. Whoever may annotate it may have written anything: what does not fit is ignored and named. */
export function readInstructions(annotations: { readonly [name: string]: string } | undefined): ReadInstructions {
  const found: { [name: string]: JsonObject } = {};
  const ignored: IgnoredInstruction[] = [];
  for (const name of ["pin", "suspended", "approved"] as const) {
    const annotation = INSTRUCTION_ANNOTATIONS[name];
    const text = annotations?.[annotation];
    if (text === undefined) continue;
    const read = readOne(text, SHAPES[name]);
    if (typeof read === "string") ignored.push({ annotation, reason: read });
    else found[name] = read;
  }
  return { instructions: found as Instructions, ignored };
}

function readOne(text: string, { must, may }: (typeof SHAPES)[keyof Instructions]): JsonObject | string {
  if (text.length > LONGEST_ANNOTATION) return `it is longer than ${LONGEST_ANNOTATION} characters`;
  const parsed = parse(text);
  if (parsed === undefined) return "it is no JSON object";
  const kept: { [field: string]: string } = {};
  for (const [field, fits] of Object.entries({ ...must, ...may })) {
    const value = parsed[field];
    if (value === undefined && field in may) continue;
    if (typeof value !== "string" || !fits(value)) return `its field ${field} is missing or not as it must be`;
    kept[field] = value;
  }
  return kept;
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // What is wrong with it is told by whoever asked.
    return undefined;
  }
}

/** Those that have not expired, and which have. `now`: milliseconds since the epoch. */
export function instructionsInForce(
  instructions: Instructions,
  now: number,
): { readonly inForce: Instructions; readonly expired: readonly (keyof Instructions)[] } {
  const { pin, suspended } = instructions;
  const expired = [
    ...(isOver(pin?.until, now) ? (["pin"] as const) : []),
    ...(isOver(suspended?.until, now) ? (["suspended"] as const) : []),
  ];
  const { pin: _, suspended: __, ...rest } = instructions;
  const inForce = {
    ...rest,
    ...(pin === undefined || expired.includes("pin") ? {} : { pin }),
    ...(suspended === undefined || expired.includes("suspended") ? {} : { suspended }),
  };
  return { inForce, expired };
}

function isOver(until: string | undefined, now: number): boolean {
  return until !== undefined && Date.parse(until) <= now;
}

/** Milliseconds until the first of them expires; undefined where none does. */
export function expiresIn({ pin, suspended }: Instructions, now: number): number | undefined {
  const ends = [pin?.until, suspended?.until].filter((until) => until !== undefined);
  return ends.length === 0 ? undefined : Math.max(0, Math.min(...ends.map((end) => Date.parse(end))) - now);
}
