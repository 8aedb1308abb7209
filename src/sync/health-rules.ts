import { maskObject } from "../diff/index.ts";
import { compileHealthRules, type HealthRules } from "../health/index.ts";
import type { PassInput } from "./pass-input.ts";

/** The application's own rules, compiled once for as long as its document stays. Expressions see objects as they may be shown: they can say what they read. */
export async function healthRulesOf({ application, memory }: PassInput): Promise<HealthRules | undefined> {
  const written = application.spec.health;
  if (memory.healthRules?.written === written) return memory.healthRules.rules;
  const rules = await compileHealthRules(written, { mask: (object) => maskObject(object) });
  memory.healthRules = { written, rules };
  return rules;
}
