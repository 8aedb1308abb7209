import type { Cluster } from "../../src/cluster/index.ts";
import { type CompareInput, type Comparison, compare } from "../../src/diff/index.ts";
import { type KubeObject, type LiveObject, toProblem } from "../../src/model/index.ts";

export type Judge = (input: CompareInput) => Promise<Comparison>;

/** Compares as a pass does, live being as it is now: where only the server can tell, it is asked by dry run, once for all questions about
 *  the same live object. Where it refuses, the first verdict stands. */
export function judgeWith(cluster: Cluster, desired: KubeObject): Judge {
  let asked: Promise<LiveObject | undefined> | undefined;
  return async (input) => {
    const first = compare(input);
    if (!first.doubtful) return first;
    asked ??= dryRunOf(cluster, desired);
    const dryRun = await asked;
    return dryRun === undefined ? first : compare({ ...input, dryRun });
  };
}

async function dryRunOf(cluster: Cluster, desired: KubeObject): Promise<LiveObject | undefined> {
  try {
    return (await cluster.apply(desired, { dryRun: true })).object;
  } catch (error) {
    if (toProblem(error).retry === "soon") throw error;
    return undefined;
  }
}
