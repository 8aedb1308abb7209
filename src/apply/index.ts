/**
 * Executes a Plan and nothing else: the one room, beside the client itself, that changes the cluster.
 *
 * Promises: the inventory is widened before the first write and narrowed after the last deletion, so that a kill between any two
 * calls leaves no object outside it. Within a wave, stages go one after the other, the objects of a stage at once (32 unless
 * told); the next stage starts when the server has accepted this one, and after definitions when their kinds are established.
 * Between waves everything before must be healthy. One object's failure is its own: its siblings go on, later stages are skipped
 * and say whose fault it is. Deletions come last, only when every step went well, in reverse order, each of exactly the object
 * that was planned (by uid), and are waited for. The set's hash goes onto the parent only after a pass that did everything.
 *
 * What is adopted becomes ours in managedFields before it is applied (adopt.ts), so that what Git dropped really goes.
 *
 * Whatever waits says for what, in an event. A signal ends the run at the next safe point; what was not done is `skipped`.
 * Failures of the moment (busy, conflict, timeout) are tried three times.
 *
 * What people tell Plumbline of an application is written here, too (instructions.ts), since it stands on the ApplySet parent.
 *
 * In: a Plan, the objects it names, a Cluster. Out: events as they happen, and a summary; it throws nothing.
 */
import { Channel } from "../kit/channel.ts";
import { execute } from "./run.ts";
import type { ApplyEvent, ApplyInput, ApplySummary } from "./types.ts";

export async function* applyPlan(input: ApplyInput): AsyncGenerator<ApplyEvent, ApplySummary> {
  const channel = new Channel<ApplyEvent>();
  const summary = execute({ ...input, emit: (event) => channel.push(event), outcomes: [] }).finally(() =>
    channel.close(),
  );
  yield* channel;
  return await summary;
}

export { type InstructionChange, writeInstructions } from "./instructions.ts";
export type { ApplyEvent, ApplyInput, ApplySummary, Waiting } from "./types.ts";
