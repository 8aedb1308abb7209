/**
 * Executes a Plan and nothing else: the one room, beside the client itself, that changes the cluster.
 *
 * Promises: the inventory is widened before the first write and narrowed after the last deletion, so that a kill between any two
 * calls leaves no object outside it. The order is the graph's (src/plan/graph.ts): each node begins the moment all that it waits for is far
 * enough, at most 32 requests at once. Three small sets (progress.ts): blocked, applying, waiting. One object's failure is its own: what waits
 * for it, in the end, is skipped and says whose fault it is; everything else goes on. Deletions come last, each of exactly the object that was
 * planned (by uid), and are waited for. The set's hash goes onto the parent only after a pass that did everything.
 *
 * What is adopted becomes ours in managedFields before it is applied (adopt.ts), so that what Git dropped really goes.
 *
 * Each object that waits says for what, in an event (`waiting`), and when it waits no more (`arrived`). `ending` lets what is under way end and
 * starts nothing; `signal` cuts. What was not done is `skipped`, with the reason.
 * Failures of the moment (busy, conflict, timeout) are tried again, bounded in number and time (patience.ts); what is in the way and goes by itself
 * (a namespace that is being deleted, a webhook that nobody serves yet) is waited for within the pass (waiting-for-others.ts).
 *
 * Where more than one process may write, the parent says which one does (fence.ts): it is taken before the first write, looked at before each stage, and
 * another one on it ends the run at once, with PL-FENCED. Without a token nothing of that is asked or written.
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
  const hooks = { record: input.plan.inventory.hooks };
  const summary = execute({ ...input, emit: (event) => channel.push(event), outcomes: [], hooks }).finally(() =>
    channel.close(),
  );
  yield* channel;
  return await summary;
}

export { dropInstructions, type InstructionChange, writeInstructions } from "./instructions.ts";
export type { ApplyEvent, ApplyInput, ApplySummary, Waiting } from "./types.ts";
export { type BlockedView, type Verdict, whyBlocked } from "./why-blocked.ts";
