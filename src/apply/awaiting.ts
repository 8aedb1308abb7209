import { assess } from "../health/index.ts";
import { formatDuration } from "../kit/duration.ts";
import { formatRef, type Health, type LiveObject, PlumblineError, type Ref, refKey } from "../model/index.ts";
import type { GraphNode } from "../plan/index.ts";
import type { Changes, Followed } from "./changes.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

/** Where no watch tells of the object: as soon as this, and then ever more slowly up to LOOK_AGAIN_MS. */
const FIRST_LOOK_MS = 100;
/** What keeps a workload's Pods changes without the workload. */
const LOOK_AGAIN_MS = 1000;
const MISSING: Health = { status: "Missing", message: "not in the cluster" };

export interface Awaited {
  readonly run: Run;
  readonly changes: Changes;
  /** Ends the wait: of the run, or of what may still begin. */
  readonly signal: AbortSignal;
  /** Told whenever there is something new to say of the node. */
  readonly say: (message: string) => void;
  /** Its write may take long: what only comes behind it in the order of stages goes on, and what it says is why it is not written yet. */
  readonly letPass?: (message: string) => void;
}

/** Until an object is healthy, for those who wait for that. Errors: PL-WAVE-TIMEOUT, naming it; the signal's reason. */
export async function awaitHealthy(node: GraphNode & { readonly ref: Ref }, awaited: Awaited): Promise<void> {
  const { run } = awaited;
  const limit = run.deadlines?.waveMs;
  const ends = limit === undefined ? Number.POSITIVE_INFINITY : run.now() + limit;
  let health: Health = MISSING;
  const passed = (): PlumblineError => {
    const message = `${formatRef(node.ref)} was not healthy within ${formatDuration(limit ?? 0)}: ${health.message}`;
    return new PlumblineError("PL-WAVE-TIMEOUT", { message, where: formatRef(node.ref) });
  };
  await lookUntil(node.ref, { ...awaited, ends, passed }, async (live) => {
    // What the policy keeps from being made (action none) would be waited for in vain.
    if (live === undefined && node.step?.action === "none") return undefined;
    health = live === undefined ? MISSING : assess(live, { rules: run.rules, below: await run.reasonFor?.(live) });
    return health.status === "Healthy" || health.status === "Suspended" ? undefined : health.message;
  });
}

interface Looking extends Awaited {
  /** Milliseconds since the epoch; beyond it `passed` is thrown. */
  readonly ends: number;
  readonly passed: () => PlumblineError;
}

/** Looks at an object again and again, woken by the watch, until `judge` has nothing to say of it any more. */
export async function lookUntil(
  ref: Ref,
  { run, changes, signal, say, ends, passed }: Looking,
  judge: (live: LiveObject | undefined, followed: Followed) => Promise<string | undefined>,
): Promise<void> {
  await changes.follow(refKey(ref), async (followed) => {
    for (let pause = FIRST_LOOK_MS; ; pause = Math.min(LOOK_AGAIN_MS, pause * 2)) {
      signal.throwIfAborted();
      const seen = run.cluster.live.get(ref);
      const message = await judge(seen ?? (await patiently(signal, () => run.cluster.get(ref, signal))), followed);
      if (message === undefined) return;
      say(message);
      if (run.now() >= ends) throw passed();
      await followed.next(Math.min(seen === undefined ? pause : LOOK_AGAIN_MS, Math.max(1, ends - run.now())), signal);
    }
  });
}
