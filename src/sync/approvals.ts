import { writeInstructions } from "../apply/index.ts";
import { type StepOutcome, toProblem } from "../model/index.ts";
import type { Told } from "./instructions.ts";
import type { PassInput } from "./pass-input.ts";

/** Whether any of them left an object otherwise than it was. */
export function hasDone(outcomes: readonly StepOutcome[]): boolean {
  return outcomes.some(({ outcome }) => outcome !== "failed" && outcome !== "skipped" && outcome !== "unchanged");
}

/** An approval is for one time: the same plan, should it ever come again, is another's to approve. */
export async function useUp(input: PassInput, { inForce }: Told): Promise<void> {
  const { approved } = inForce;
  if (approved === undefined || input.application.spec.sync.observe) return;
  const { name, inventoryNamespace, cluster, log } = input;
  const signal = AbortSignal.timeout(10_000);
  try {
    const target = { cluster, application: name, inventoryNamespace, signal };
    await writeInstructions(target, { approved: null });
  } catch (error) {
    log.warn(
      { problem: toProblem(error), application: name, plan: approved.plan },
      "the approval of a plan that is done could not be taken back; the next pass tries again",
    );
  }
}
