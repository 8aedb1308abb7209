import { isJsonObject, type JsonObject, type Problem } from "../../model/index.ts";
import { coversPrefixes } from "../ref-spec.ts";
import { parseListedRef, printListedRef, type ServerRef } from "../server-ref.ts";
import { isAge, problemIn } from "./problem-in.ts";

/** What a repository said last, and since when it says nothing any more. Moments are of the clock of whoever asked. */
export interface ToldRefs {
  readonly good?: {
    readonly refs: readonly ServerRef[];
    /** Prefixes. */
    readonly asked: readonly string[];
    /** Another one whenever `refs` are others. */
    readonly tag: number;
    /** When the question was begun. */
    readonly at: number;
  };
  readonly failing?: { readonly since: number; readonly problem: Problem };
}

interface AnsweredTo {
  readonly repo: string;
  readonly prefixes: readonly string[];
  /** Of the answer that whoever asks has already. */
  readonly tag?: number;
}

/** For another machine: ages in place of moments, one ref a line as the server lists them. */
export function printRefsAnswer({ good, failing }: ToldRefs, to: AnsweredTo, now: number): JsonObject {
  const known = good !== undefined && coversPrefixes(good.asked, to.prefixes) ? good : undefined;
  return {
    ...(known === undefined ? {} : { tag: known.tag, ageMs: now - known.at }),
    ...(known === undefined || known.tag === to.tag ? {} : { refs: textOf(known.refs, to.prefixes) }),
    ...(failing === undefined ? {} : { failing: { forMs: now - failing.since, problem: { ...failing.problem } } }),
  };
}

function textOf(refs: readonly ServerRef[], prefixes: readonly string[]): string {
  const wanted = refs.filter(({ ref }) => prefixes.some((prefix) => ref.startsWith(prefix)));
  return wanted.map(printListedRef).join("\n");
}

export interface ReadRefs {
  /** `refs` undefined: they are those of the tag that was asked with. */
  readonly good?: { readonly tag: number; readonly ageMs: number; readonly refs?: readonly ServerRef[] };
  readonly failing?: { readonly forMs: number; readonly problem: Problem };
}

/** Undefined where it is no answer to that question: another shape, an object id that is none, a ref that nobody asked for. */
export function readRefsAnswer(answer: JsonObject, to: AnsweredTo): ReadRefs | undefined {
  const { tag, ageMs, refs, failing } = answer;
  const away = failing === undefined ? undefined : failingIn(failing);
  if (failing !== undefined && away === undefined) return undefined;
  if (tag === undefined) return away === undefined ? undefined : { failing: away };
  if (typeof tag !== "number" || !isAge(ageMs)) return undefined;
  const list = typeof refs === "string" ? refsIn(refs, to) : undefined;
  if (list === undefined && (refs !== undefined || tag !== to.tag)) return undefined;
  const good = { tag, ageMs, ...(list === undefined ? {} : { refs: list }) };
  return away === undefined ? { good } : { good, failing: away };
}

function failingIn(told: unknown): ReadRefs["failing"] {
  if (!isJsonObject(told) || !isAge(told["forMs"])) return undefined;
  const problem = problemIn(told["problem"]);
  return problem === undefined ? undefined : { forMs: told["forMs"], problem };
}

function refsIn(text: string, { repo, prefixes }: AnsweredTo): readonly ServerRef[] | undefined {
  const lines = text === "" ? [] : text.split("\n");
  const refs = lines.map((line) => readLine(line, repo));
  const isAsked = (one: ServerRef | undefined): one is ServerRef =>
    one !== undefined && prefixes.some((prefix) => one.ref.startsWith(prefix));
  return refs.every(isAsked) ? refs : undefined;
}

function readLine(line: string, repo: string): ServerRef | undefined {
  try {
    return parseListedRef(line, repo);
  } catch {
    // An object id that is none: whoever reads takes the whole answer for none.
    return undefined;
  }
}
