import { type Context, createContext, Script } from "node:vm";

/** Raised in place of a result that did not come in time. */
export class OutOfTime extends Error {}

interface Box {
  readonly script: Script;
  readonly context: Context & { work: () => unknown };
}

let box: Box | undefined;

/** Made at the first use: few processes need it. */
function theBox(): Box {
  const work = { work: (): unknown => undefined };
  box ??= { script: new Script("work()"), context: createContext(work) as Box["context"] };
  return box;
}

/**
 * Runs synchronous work and ends it, wherever it is, after so many milliseconds: in a loop, in a regular expression, in the arithmetic of large
 * numbers. The work runs in this thread, and V8 ends it from another. Costs a thread for each call, about half a millisecond.
 * Errors: OutOfTime, and whatever the work throws.
 */
export function timeBoxed<T>(work: () => T, timeoutMs: number): T {
  const { script, context } = theBox();
  context.work = work;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as T;
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new OutOfTime(`not done after ${timeoutMs} ms`, { cause: error });
  } finally {
    context.work = () => undefined;
  }
}
