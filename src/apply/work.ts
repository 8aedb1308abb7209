import { PlumblineError } from "../model/index.ts";
import type { GraphNode } from "../plan/index.ts";
import type { Awaited } from "./awaiting.ts";
import { awaitDefinition, isDefinition } from "./gates.ts";
import { runHook } from "./hook.ts";
import { record } from "./outcomes.ts";
import { deleteStep } from "./prune.ts";
import type { Run } from "./types.ts";
import { writeStep } from "./write.ts";

/**
 * What a node does before the server has it, of a hook until it has ended: its outcome is told as soon as there is one. Errors: Failed; what a
 * definition waits for in vain.
 */
export async function perform(
  run: Run,
  { step, kind }: GraphNode,
  awaited: Awaited & { readonly accept: () => void },
): Promise<void> {
  if (step === undefined)
    throw new PlumblineError("PL-INTERNAL", { message: `a node of the kind ${kind} has no step` });
  const { hook } = step;
  const { ending } = run;
  if (hook !== undefined) {
    if (hook.state === "succeeded") return;
    return await record(run, step, () => runHook(run, { ...step, hook }, awaited), { ending });
  }
  // What others cannot be without is waited for by all of them.
  const { letPass: _, ...patient } = awaited;
  const waiter = isDefinition(step.ref) || step.ref.namespace === undefined ? patient : awaited;
  await record(run, step, kind === "prune" ? deleteStep : (one, of) => writeStep(one, of, waiter), { ending });
  if (kind === "object" && isDefinition(step.ref)) await awaitDefinition(step, awaited);
}
