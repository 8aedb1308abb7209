import { globsMatch } from "../../kit/glob.ts";
import {
  type Health,
  type HealthRule,
  type HealthStatus,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type Problem,
  refOf,
  toProblem,
} from "../../model/index.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { evaluateRule } from "./evaluate.ts";
import { compileExpression, type Expression, type Language, loadLanguage, sentenceOf } from "./expression.ts";

/** The order in which expressions decide. */
const VERDICTS = [
  ["suspended", "Suspended"],
  ["degraded", "Degraded"],
  ["progressing", "Progressing"],
  ["healthy", "Healthy"],
] as const satisfies readonly (readonly [keyof HealthRule, HealthStatus])[];

/** A user's rules. Judges and never throws. */
export interface HealthRules {
  /** PL-HEALTH-EXPRESSION, one for each expression that cannot be used. */
  readonly problems: readonly Problem[];
  /** By the first rule that is about the object; undefined where none is. */
  judge(live: LiveObject): Health | undefined;
}

export interface RulesContext {
  /** The object as it may be shown: what an expression reads it may say. */
  readonly mask: (object: KubeObject) => KubeObject;
}

/** undefined where there are no rules. An expression that cannot be read is its own rule's problem and no other's. */
export async function compileHealthRules(
  rules: readonly HealthRule[],
  { mask }: RulesContext,
): Promise<HealthRules | undefined> {
  if (rules.length === 0) return undefined;
  const language = await loadLanguage();
  const compiled = rules.map((rule, i) => ({ rule, compiled: compileRule(language, rule, `spec.health[${i}]`) }));
  const judges = compiled.map(({ rule, compiled }) => ({ rule, evaluate: evaluateRule(compiled, mask) }));
  return {
    problems: compiled.flatMap(({ compiled: { problems } }) => problems),
    judge: (live) => judges.find(({ rule }) => isAbout(rule, live))?.evaluate(live),
  };
}

function isAbout(rule: HealthRule, live: LiveObject): boolean {
  const { group, kind, namespace = "", name } = refOf(live);
  return globsMatch(rule, { group, kind, namespace, name });
}

function compileRule(language: Language, rule: HealthRule, where: string): CompiledRule {
  const problems: Problem[] = [];
  const compile = (name: keyof HealthRule, wanted: "bool" | "string"): Expression | undefined => {
    const text = rule[name];
    if (text === undefined) return undefined;
    try {
      return compileExpression(language, text, wanted);
    } catch (error) {
      problems.push(problemOf(`${where}.${name}`, error));
      return undefined;
    }
  };
  const verdicts = VERDICTS.flatMap(([name, status]) => {
    const holds = compile(name, "bool");
    return holds === undefined ? [] : [{ name, status, holds }];
  });
  return { where, verdicts, message: compile("message", "string"), problems };
}

function problemOf(where: string, cause: unknown): Problem {
  return toProblem(new PlumblineError("PL-HEALTH-EXPRESSION", { where, message: sentenceOf(cause), cause }));
}
