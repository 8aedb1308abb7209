import type { HealthStatus, Problem } from "../../model/index.ts";
import type { Expression } from "./expression.ts";

/** One rule, ready to judge. */
export interface CompiledRule {
  /** "spec.health[0]". */
  readonly where: string;
  readonly verdicts: readonly { readonly name: string; readonly status: HealthStatus; readonly holds: Expression }[];
  readonly message: Expression | undefined;
  /** What is wrong with it. A rule with a problem judges nothing: what it is about is Unknown. */
  readonly problems: readonly Problem[];
}
