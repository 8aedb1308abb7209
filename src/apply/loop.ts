import { Bell } from "../kit/bell.ts";
import { PlumblineError, type Problem, toProblem } from "../model/index.ts";
import type { Graph, GraphNode } from "../plan/index.ts";
import { awaitHealthy } from "./awaiting.ts";
import { Changes } from "./changes.ts";
import { endPhase } from "./hook-phase.ts";
import { Failed, skip } from "./outcomes.ts";
import { type Fault, Progress } from "./progress.ts";
import { Teller } from "./tell.ts";
import type { Run } from "./types.ts";
import { perform } from "./work.ts";

const DEFAULT_CONCURRENCY = 32;
/** How often it is said anew what waits, where nothing else happens. */
const TELL_MS = 1000;

interface Loop {
  readonly run: Run;
  readonly progress: Progress;
  readonly changes: Changes;
  readonly teller: Teller;
  readonly bell: Bell;
  /** Ends what only waits. */
  readonly waits: AbortSignal;
  /** Faults of what was applied, or of the run as a whole: no outcome tells of them. */
  readonly late: Problem[];
}

/** Every node as soon as all that it waits for is far enough. Returns what no outcome tells of. */
export async function runGraph(
  run: Run,
  graph: Graph,
): Promise<{ readonly whole: boolean; readonly problem?: Problem }> {
  const bell = new Bell();
  const progress = new Progress(graph, ({ step, phase }, fault) => {
    if (step !== undefined && fault !== undefined && phase !== "SyncFail") skip(run, step, fault);
  });
  const waits = run.ending === undefined ? run.signal : AbortSignal.any([run.signal, run.ending]);
  const teller = new Teller(run, progress);
  const loop: Loop = { run, progress, changes: new Changes(run.cluster.live), teller, bell, waits, late: [] };
  waits.addEventListener("abort", bell.ring);
  try {
    while (!progress.isOver) {
      if (waits.aborted) endHere(loop, waits.reason);
      startReady(loop);
      if (progress.isOver) break;
      teller.tell();
      await bell.heard(TELL_MS);
    }
  } finally {
    waits.removeEventListener("abort", bell.ring);
    loop.changes.close();
  }
  const [problem] = loop.late;
  const whole = problem === undefined && graph.nodes.every(({ id }) => progress.faultOf(id) === undefined);
  return { whole, ...(problem === undefined ? {} : { problem }) };
}

function startReady(loop: Loop): void {
  const { progress, run } = loop;
  const limit = Math.max(1, run.concurrency ?? DEFAULT_CONCURRENCY);
  while (progress.applying.size < limit) {
    const node = progress.take();
    if (node === undefined) break;
    start(loop, node);
  }
  if (progress.applying.size + progress.waiting.size > 0 || progress.isOver) return;
  endHere(loop, new PlumblineError("PL-INTERNAL", { message: "nothing is under way, and something still waits" }));
}

/** Nothing that has not begun will begin. */
function endHere({ run, progress, late }: Loop, reason: unknown): void {
  if (progress.blocked.size === 0 && (late.length > 0 || !run.signal.aborted)) return;
  const problem = toProblem(reason);
  late.unshift(problem);
  progress.skipBlocked({ problem });
}

/** Gates open where they stand: only what speaks to the cluster takes its time. */
function start(loop: Loop, node: GraphNode): void {
  const { progress, run } = loop;
  const idle = node.kind === "object" && node.step?.action === "none" && node.step.problem === undefined;
  if (node.kind === "failure") {
    if (progress.hasFaults) progress.pass(node.id);
    else progress.skip(node.id, undefined);
    return;
  }
  if (node.kind === "gate" || (idle && !progress.isAwaited(node.id))) {
    progress.pass(node.id);
    return;
  }
  const way = node.kind === "end" ? endHooks(loop, node) : travel(loop, node, idle);
  void way
    .catch((error: unknown) => {
      const fault = error instanceof Failed ? error.fault : lateFault(run, node, error);
      if (fault.problem.code === "PL-FENCED") run.fence?.end(fault.problem);
      if (fault.late === true) loop.late.push(fault.problem);
      progress.fail(node.id, fault);
    })
    .finally(() => {
      loop.teller.arrived(node.id);
      loop.bell.ring();
    });
}

/** From the first request to where nobody waits for it any more. */
async function travel(loop: Loop, node: GraphNode, idle: boolean): Promise<void> {
  const { progress, run, changes, waits, teller, bell } = loop;
  const { id, ref } = node;
  const say = (message: string): void => {
    if (teller.say(id, message)) bell.ring();
  };
  teller.begun(id);
  const letPass = (message: string): void => {
    progress.accept(id);
    teller.say(id, message, { unsent: true });
    bell.ring();
  };
  const accept = (): void => {
    progress.accept(id);
    teller.accepted(id);
    bell.ring();
  };
  if (!idle && node.kind !== "outside") await mayBegin(run, node);
  if (!idle && node.kind !== "outside") await perform(run, node, { run, changes, signal: waits, say, letPass, accept });
  accept();
  if (ref !== undefined && node.kind !== "prune" && node.kind !== "hook" && progress.isAwaited(id))
    await awaitHealthy({ ...node, ref }, { run, changes, signal: waits, say });
  progress.pass(id);
}

/** Before each stage that writes: is the application still ours to write. */
async function mayBegin(run: Run, node: GraphNode): Promise<void> {
  try {
    await run.fence?.before(node);
  } catch (error) {
    const fault = { problem: toProblem(run.signal.aborted ? run.signal.reason : error) };
    if (node.step !== undefined) skip(run, node.step, fault);
    throw new Failed(fault);
  }
}

async function endHooks({ run, progress }: Loop, node: GraphNode): Promise<void> {
  const ended = await endPhase(run, progress, node);
  if ("skipped" in ended) progress.skip(node.id, ended.skipped);
  else if (ended.failed === undefined) progress.pass(node.id);
  else progress.fail(node.id, ended.failed);
}

function lateFault({ signal }: Run, { ref }: GraphNode, error: unknown): Fault {
  const problem = toProblem(signal.aborted && !(error instanceof PlumblineError) ? signal.reason : error);
  return { problem, late: true, ...(ref === undefined ? {} : { ref }) };
}
