import { PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import type { ReplicaFleet } from "./fleet.ts";

/** What is wrong with this replica's place among the others. */
export function standingProblems(fleet: Pick<ReplicaFleet, "standing"> | undefined): readonly Problem[] {
  if (fleet === undefined) return [];
  const { isHeard, since, problem } = fleet.standing();
  const message = `the other replicas have not heard of this one since ${new Date(since).toISOString()}`;
  const unheard = isHeard ? [] : [toProblem(new PlumblineError("PL-REPLICA-UNHEARD", { message }))];
  return [...unheard, ...(problem === undefined ? [] : [problem])];
}
