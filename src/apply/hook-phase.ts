import type { DeletePolicy, HookRecord, PlanStep } from "../model/index.ts";
import type { GraphNode } from "../plan/index.ts";
import { writeHookRecord } from "./inventory.ts";
import { patiently } from "./patience.ts";
import type { Fault, Progress } from "./progress.ts";
import type { Run } from "./types.ts";

/**
 * All hooks of a phase are over: that is written on the parent first, and then what their policies say is deleted. So a hook of this set is known
 * to have ended wherever the process dies: by its object, or by the record. Returns the fault that the phase ends with, if any; `undefined` in
 * `skipped` where none of its hooks was begun.
 */
export async function endPhase(
  run: Run,
  progress: Progress,
  end: GraphNode,
): Promise<{ readonly failed?: Fault } | { readonly skipped: Fault | undefined }> {
  const hooks = end.after.flatMap(({ node }) => progress.graph.nodes[node] ?? []);
  const faults = hooks.flatMap(({ id }) => (progress.stateOf(id) === "failed" ? (progress.faultOf(id) ?? []) : []));
  const ended = hooks.filter(({ id }) => progress.stateOf(id) === "through");
  if (ended.length === 0 && faults.length === 0) return { skipped: hooks.map(({ id }) => progress.faultOf(id))[0] };
  const whole = ended.length === hooks.length;
  const lasting = faults.some(({ problem }) => problem.code.startsWith("PL-HOOK-") || problem.retry === "revision");
  await note(run, hooks[0]?.step, { whole, lasting });
  if (whole || lasting) await deleteBy(run, ended, "hook-succeeded");
  if (lasting)
    await deleteBy(
      run,
      hooks.filter(({ id }) => progress.stateOf(id) === "failed"),
      "hook-failed",
    );
  const [fault] = faults;
  const skipped = hooks.map(({ id }) => progress.faultOf(id)).find((one) => one !== undefined);
  if (whole) return {};
  return fault === undefined ? { skipped } : { failed: fault };
}

async function note(
  run: Run,
  step: PlanStep | undefined,
  { whole, lasting }: { readonly whole: boolean; readonly lasting: boolean },
): Promise<void> {
  const phase = step?.hook?.phase;
  const { record } = run.hooks;
  if (phase === undefined || record === undefined || !(whole || lasting)) return;
  const others = (phases: HookRecord["ended"]) => phases.filter((one) => one !== phase);
  const next: HookRecord = {
    set: record.set,
    ended: whole ? [...others(record.ended), phase] : others(record.ended),
    failed: whole ? others(record.failed) : [...others(record.failed), phase],
  };
  const same = record.ended.includes(phase) === whole && record.failed.includes(phase) === !whole;
  run.hooks.record = next;
  if (!same) await writeHookRecord(run);
}

/** Nobody waits until they are gone; where another run of the same name comes, it does. */
async function deleteBy(run: Run, hooks: readonly GraphNode[], policy: DeletePolicy): Promise<void> {
  const { cluster, signal } = run;
  const due = hooks.filter(
    ({ step }) => step?.problem === undefined && step?.hook?.deletePolicies.includes(policy) === true,
  );
  for (const { ref } of due.toReversed()) {
    if (ref === undefined) continue;
    const live = await patiently(signal, () => cluster.get(ref, signal));
    const uid = live?.metadata.uid;
    if (uid !== undefined) await patiently(signal, () => cluster.delete(ref, { uid, signal }));
  }
}
