import { PlumblineError, type Problem, type Ref } from "../model/index.ts";
import { type JudgedManifests, judgeManifests, type Prepared } from "../plan/index.ts";
import type { PassInput } from "./pass-input.ts";

/** Before anything is read that the application may not read. Errors: PL-PROJECT-*, PL-SERVICE-ACCOUNT. */
export function requireAllowed({ ruled }: Pick<PassInput, "ruled">): void {
  const [problem] = ruled.problems;
  if (problem !== undefined) throw new PlumblineError(problem.code, problem);
}

/** What of the set breaks a rule of its Project: hooks, namespaces that a manifest names, definitions, everything that would be written. */
export function underRules(
  { ruled }: Pick<PassInput, "ruled">,
  prepared: readonly Prepared[],
  namespaced: (ref: Ref) => boolean | Problem,
): JudgedManifests<Prepared> {
  return ruled.rules === undefined
    ? { list: prepared, problems: [] }
    : judgeManifests(prepared, ruled.rules, namespaced);
}
