import { hashJson } from "../kit/hash.ts";
import { PlumblineError, type Problem, type Ref } from "../model/index.ts";
import {
  type JudgedManifests,
  judgeManifests,
  judgeRepository,
  type Prepared,
  type ProjectRules,
} from "../plan/index.ts";
import type { Permit } from "../render/index.ts";
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

/** What is fetched while it is rendered is read by nobody who may not name it. */
export function repositoryPermit(rules: ProjectRules): Permit {
  const { metadata, spec } = rules.project;
  return {
    key: hashJson([metadata.name, spec.repositories]),
    require: (source) => {
      const problem = judgeRepository(source, rules);
      // Where it stands is told by whoever reads the manifests that name it.
      if (problem !== undefined) throw new PlumblineError(problem.code, { message: problem.message });
    },
  };
}
