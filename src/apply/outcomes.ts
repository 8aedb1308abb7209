import {
  formatRef,
  type LiveObject,
  type PlanStep,
  PlumblineError,
  type Problem,
  type StepOutcome,
  toProblem,
} from "../model/index.ts";
import type { Fault } from "./progress.ts";
import type { ApplyEvent, Run } from "./types.ts";

type Done = Pick<StepOutcome, "outcome" | "warnings"> & Pick<Extract<ApplyEvent, { type: "step" }>, "live">;

/** Does one step's work and tells what became of it. Errors: those of the work, as a Fault that names the object; they are told already. */
export async function record(
  run: Run,
  step: PlanStep,
  work: (run: Run, step: PlanStep) => Promise<Done>,
  { ending }: { readonly ending?: AbortSignal | undefined } = {},
): Promise<void> {
  const { ref, action, stage } = step;
  const startedAt = run.now();
  try {
    if (step.problem !== undefined) throw new PlumblineError(step.problem.code, step.problem);
    const { live, ...done } = await work(run, step);
    tell(run, { ref, action, stage, ...done, durationMs: run.now() - startedAt }, live);
  } catch (error) {
    // What only waited goes on without us.
    if (ending?.aborted === true && error === ending.reason) {
      skip(run, step, { problem: toProblem(error) });
      throw new Failed({ problem: toProblem(error) });
    }
    const known = error instanceof PlumblineError || !run.signal.aborted;
    const problem = toProblem(known ? error : run.signal.reason);
    const whole = { ...problem, where: problem.where ?? formatRef(ref) };
    tell(run, {
      ref,
      action,
      stage,
      outcome: "failed",
      problem: whole,
      warnings: [],
      durationMs: run.now() - startedAt,
    });
    throw new Failed({ problem: whole, ref });
  }
}

function tell(run: Run, outcome: StepOutcome, live?: LiveObject): void {
  run.outcomes.push(outcome);
  run.emit({ type: "step", outcome, ...(live === undefined ? {} : { live }) });
}

/** A Fault that is thrown. */
export class Failed extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.problem.message);
    this.fault = fault;
  }
}

/** What is not tried, and whose fault that is. Nothing is told of what there was nothing to do with. */
export function skip(run: Run, { ref, action, stage, problem: own }: PlanStep, fault: Fault): void {
  if (action === "none" && own === undefined) return;
  const problem = problemOfSkipped(fault);
  tell(run, { ref, action, stage, outcome: "skipped", message: problem.message, problem, warnings: [], durationMs: 0 });
}

function problemOfSkipped({ problem, ref, late }: Fault): Problem {
  if (ref === undefined || late === true) return problem;
  const message = `not tried, since ${formatRef(ref)} failed (${problem.code})`;
  return toProblem(new PlumblineError("PL-APPLY-BLOCKED", { message, where: formatRef(ref) }));
}
