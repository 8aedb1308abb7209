import { setTimeout as wait } from "node:timers/promises";
import type { SeenRequest } from "../e2e/write-gate.ts";
import type { Undo } from "./faults/index.ts";
import { INVENTORY } from "./judge/converged.ts";
import { KINDS } from "./kinds.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";

export type Phase = "before a write" | "after a write" | "at rest" | "while it starts";

export interface Kill {
  readonly phase: Phase;
  /** What was being written: "patch ConfigMap", "patch inventory". */
  readonly what: string;
}

const PATIENCE_MS = 2500;

/** Kills the process at one of its next writes, whichever that is; at rest where it has nothing more to write. */
export async function killAtWrite(stage: Stage, random: Random): Promise<Kill> {
  const phase = random.pick(["before", "after"] as const);
  // The first writes of a pass are its inventory's and its namespace's; what comes late is rarer.
  let left = random.pick([1, 1, 1, 2, 2, 3]);
  const alsoStatus = random.chance(0.25);
  const { promise, resolve } = Promise.withResolvers<SeenRequest>();
  const kill = (seen: SeenRequest): boolean => {
    // Statuses are written beside the work, and would be the first write nearly always.
    if (!alsoStatus && seen.url.includes("/applications/")) return false;
    if (--left !== 0 || !stage.plumbline.isRunning || stage.plumbline.pid === undefined) return false;
    process.kill(stage.plumbline.pid, "SIGKILL");
    resolve(seen);
    return true;
  };
  const treat = (seen: SeenRequest & { writes: boolean }) =>
    seen.writes && kill(seen) ? { cut: "before" as const } : {};
  if (phase === "before") stage.treatments.add(treat);
  else stage.gate.onWrite = (seen) => void (seen.phase === "after" && kill(seen));
  const seen = await Promise.race([promise, nothingMore(stage)]);
  stage.treatments.delete(treat);
  stage.gate.onWrite = () => {};
  await stage.plumbline.kill();
  if (seen === undefined) return { phase: "at rest", what: "nothing" };
  return { phase: phase === "before" ? "before a write" : "after a write", what: whatOf(seen) };
}

/** Resolves when no write has come for a while: there is nothing more to do, or no way to do it. */
async function nothingMore({ gate }: Stage): Promise<undefined> {
  const began = performance.now();
  let [seen, since] = [0, began];
  while (performance.now() - since < PATIENCE_MS && performance.now() - began < 4 * PATIENCE_MS) {
    const writes = gate.requests.filter(({ method }) => method !== "GET").length;
    if (writes > seen) [seen, since] = [writes, performance.now()];
    await wait(50);
  }
}

function whatOf({ method, url }: SeenRequest): string {
  const path = url.split("?")[0] ?? "";
  if (path.includes(`/namespaces/${INVENTORY}/`)) return "patch inventory";
  if (path.includes("/applications/")) return "patch status of an Application";
  const kind = KINDS.find(({ plural }) => path.includes(`/${plural}`))?.kind;
  return `${method.toLowerCase()} ${kind ?? path.split("/").slice(-2)[0] ?? path}`;
}

/** Starts it again, as a supervisor does, until it stays; gives how often it did not. What keeps it from starting is undone after a while. */
export async function startAgain({ plumbline }: Stage, undos: Map<string, Undo>): Promise<number> {
  for (let failed = 0; ; failed++) {
    try {
      await plumbline.start();
      return failed;
    } catch (error) {
      if (failed >= 2 && undos.size === 0) throw error;
      if (failed >= 2) await calm(undos);
    }
  }
}

export async function calm(undos: Map<string, Undo>): Promise<void> {
  for (const undo of undos.values()) await undo();
  undos.clear();
}

/** Kills it somewhere between its first moment and its first passes. */
export async function killWhileStarting(stage: Stage, random: Random): Promise<Kill> {
  const starting = stage.plumbline.start().then(
    () => undefined,
    // It is killed before it listens: that is what is asked for.
    () => undefined,
  );
  await wait(random.between(50, 1500));
  await stage.plumbline.kill();
  await starting;
  return { phase: "while it starts", what: "nothing" };
}
