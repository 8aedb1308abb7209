import { type Log, type Problem, toProblem } from "../model/index.ts";

/** An object that cannot be judged, a fault of ours included, is no reason to judge none. Errors: PL-KUBE-UNREACHABLE, the signal's reason. */
export async function unlessItsOwn<T>(
  judge: () => Promise<T>,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<T | Problem> {
  try {
    return await judge();
  } catch (error) {
    const problem = toProblem(error);
    if (signal.aborted || problem.code === "PL-KUBE-UNREACHABLE") throw error;
    if (problem.code === "PL-INTERNAL")
      log.error({ err: error }, "an object could not be judged on a fault of Plumbline");
    return problem;
  }
}
