import type { Environment } from "@marcbachmann/cel-js";
import { OutOfTime } from "../../kit/time-box.ts";
import { type CelValue, OutOfSteps } from "./cel-value.ts";

/** What a rule's author may write: enough for a page of conditions. */
const LIMITS = { maxAstNodes: 500, maxDepth: 40, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };
/** Loops in loops. Every loop goes over what the object, or the expression, holds. */
const DEEPEST_LOOP = 3;
const LOOPS = new Set(["all", "exists", "exists_one", "map", "filter"]);

/** A compiled expression over `object`. Throws what evaluating throws. */
export interface Expression {
  readonly text: string;
  evaluate(object: CelValue): unknown;
}

export type Language = Environment;

/** The library is loaded when the first rule is there: most processes have none. */
export async function loadLanguage(): Promise<Language> {
  const { Environment: Cel } = await import("@marcbachmann/cel-js");
  const options = { limits: LIMITS, homogeneousAggregateLiterals: false, enableOptionalTypes: true };
  return new Cel(options).registerVariable("object", "dyn");
}

/** Parses and checks types. Errors: Error with the parser's sentence, in one line. */
export function compileExpression(language: Language, text: string, wanted: "bool" | "string"): Expression {
  const parsed = language.parse(text);
  const { valid, type, error } = parsed.check();
  if (!valid) throw error ?? new Error("its types do not fit");
  if (type !== wanted && type !== "dyn") throw new Error(`gives ${type}, not ${wanted}`);
  const depth = loopDepth(parsed.ast);
  if (depth > DEEPEST_LOOP) throw new Error(`${depth} loops in one another, at most ${DEEPEST_LOOP} are allowed`);
  return { text, evaluate: (object) => parsed({ object }) };
}

/** How deep loops stand in one another. The parser's own limits bound the tree. */
function loopDepth(node: unknown): number {
  if (Array.isArray(node)) return Math.max(0, ...node.map(loopDepth));
  if (typeof node !== "object" || node === null || !("op" in node) || !("args" in node)) return 0;
  const { op, args } = node;
  const loops = op === "rcall" && Array.isArray(args) && LOOPS.has(String(args[0])) ? 1 : 0;
  return loops + loopDepth(args);
}

/** What is missing cannot be true, and a status is missing until a controller has written one. */
export function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === "no_such_key" || code === "index_out_of_bounds";
}

/** The library draws the expression below its sentence, which is the first line. */
export function sentenceOf(error: unknown): string {
  if (error instanceof OutOfTime || error instanceof OutOfSteps) return `takes too long: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n")[0] ?? "").slice(0, 300);
}
