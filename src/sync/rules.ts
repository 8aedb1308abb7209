import { concerns, type RuleSet, ruleSetOf } from "../diff/index.ts";
import type { IgnoreRule } from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";
import type { Observed } from "./observe.ts";
import type { PassInput } from "./pass-input.ts";

/** The rules that hold for an application: its own, then those of the settings. Read once. Errors: PL-IGNORE-INVALID. */
export function rulesOf({
  application,
  settings,
  memory,
}: Pick<PassInput, "application" | "settings" | "memory">): RuleSet {
  const { ignore } = application.spec;
  if (memory.rules?.written === ignore) return memory.rules.set;
  const set = ruleSetOf(
    { source: "application", rules: ignore, where: "spec.ignore" },
    { source: "settings", rules: settings.ignore ?? [], where: "ignore" },
  );
  memory.rules = { written: ignore, set };
  return set;
}

/** The application's rules that named no field of any object, a sentence each. Of a rule about objects that could not be compared nothing is said. */
export function idleRules(
  rules: readonly IgnoreRule[],
  { comparisons, prepared }: Pick<Observed, "comparisons"> & { readonly prepared: readonly Prepared[] },
): readonly string[] {
  if (rules.length === 0) return [];
  const matched = matchedRules(comparisons);
  const unseen = prepared.filter(({ problem }) => problem !== undefined);
  return rules.flatMap((rule, position) => {
    if (matched.has(rule) || unseen.some(({ ref }) => concerns(rule, ref))) return [];
    return [`spec.ignore[${position}] (${ruleText(rule)}) names no field of any object`];
  });
}

export function matchedRules(comparisons: Observed["comparisons"]): ReadonlySet<IgnoreRule> {
  return new Set([...comparisons.values()].flatMap(({ matched }) => matched ?? []));
}

/** "kind Deployment, path /spec/replicas" */
export function ruleText({ reason: _, ...rule }: IgnoreRule): string {
  return Object.entries(rule)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
