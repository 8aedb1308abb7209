import { assess, worstOf } from "../health/index.ts";
import { forEachLimited } from "../kit/pool.ts";
import { sleep } from "../kit/sleep.ts";
import {
  type ApplicationHealth,
  formatRef,
  type GroupVersionKind,
  groupKindKey,
  type Health,
  isJsonObject,
  type LiveObject,
  type PlanStep,
  PlumblineError,
  type Ref,
} from "../model/index.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

const LOOK_AGAIN_MS = 100;
const DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io";
const MISSING: Health = { status: "Missing", message: "not in the cluster" };

/** Before a wave begins, all objects of the waves before it are healthy. Errors: PL-APPLY-TIMEOUT by the signal, naming the one that is not. */
export async function awaitHealth(run: Run, wave: number): Promise<void> {
  const earlier = run.plan.steps.filter((step) => step.wave < wave && step.problem === undefined);
  let said = "";
  const since = run.now();
  for (;;) {
    run.signal.throwIfAborted();
    const worst = await healthOf(run, earlier);
    if (worst.status === "Healthy" || worst.status === "Suspended" || worst.decidedBy === undefined) return;
    const message = `wave ${wave} waits for ${worst.message}`;
    const stage = earlier.find(({ ref }) => ref === worst.decidedBy)?.stage ?? "workloads";
    if (message !== said) run.emit({ type: "waiting", ref: worst.decidedBy, stage, message, since });
    said = message;
    await sleep(LOOK_AGAIN_MS, run.signal);
  }
}

async function healthOf(
  { cluster, signal, rules, reasonFor }: Run,
  steps: readonly PlanStep[],
): Promise<ApplicationHealth> {
  const judged = await Promise.all(
    steps.map(async ({ ref, action }) => {
      const live = cluster.live.get(ref) ?? (await patiently(signal, () => cluster.get(ref, signal)));
      if (live !== undefined) return [{ ref, health: assess(live, { rules, below: await reasonFor?.(live) }) }];
      // What the policy keeps from being made (action none) would be waited for in vain.
      return action === "none" ? [] : [{ ref, health: MISSING }];
    }),
  );
  return worstOf(judged.flat());
}

/**
 * After definitions were written: their kinds are established, and discovery shows them, before anything of them is sent.
 * Errors: PL-APPLY-BLOCKED with the server's reason where waiting does not help, such as names that another definition has.
 */
export async function awaitDefinitions(run: Run, group: readonly PlanStep[]): Promise<void> {
  const definitions = group.filter(({ ref, action }) => groupKindKey(ref) === DEFINITION && action !== "none");
  await forEachLimited(definitions, definitions.length, (step) => awaitDefinition(run, step));
}

async function awaitDefinition(run: Run, { ref, stage }: PlanStep): Promise<void> {
  const { cluster, signal } = run;
  let live = cluster.live.get(ref);
  const since = run.now();
  for (let waits = 0; live === undefined || !isEstablished(live); waits++) {
    if (waits === 1)
      run.emit({ type: "waiting", ref, stage, message: `waits for ${formatRef(ref)} to be established`, since });
    if (live !== undefined) refuseUnserved(ref, assess(live));
    await sleep(LOOK_AGAIN_MS, signal);
    live = await patiently(signal, () => cluster.get(ref, signal));
  }
  for (const kind of servedKinds(live)) await awaitDiscovery(run, kind);
}

function refuseUnserved(ref: Ref, { status, message }: Health): void {
  if (status !== "Degraded") return;
  throw new PlumblineError("PL-APPLY-BLOCKED", {
    message: `${formatRef(ref)} is not served: ${message}`,
    where: formatRef(ref),
    next: "mend or remove the definition that is named",
  });
}

function isEstablished(live: LiveObject): boolean {
  const status = live["status"];
  const conditions = isJsonObject(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  return conditions.some((one) => isJsonObject(one) && one["type"] === "Established" && one["status"] === "True");
}

function servedKinds(live: LiveObject): GroupVersionKind[] {
  const spec = live["spec"];
  if (!isJsonObject(spec) || !isJsonObject(spec["names"]) || !Array.isArray(spec["versions"])) return [];
  const { kind } = spec["names"] as { kind?: unknown };
  const group = spec["group"];
  if (typeof kind !== "string" || typeof group !== "string") return [];
  return spec["versions"].flatMap((one) =>
    isJsonObject(one) && one["served"] === true && typeof one["name"] === "string"
      ? [{ group, kind, version: one["name"] }]
      : [],
  );
}

async function awaitDiscovery({ cluster, signal }: Run, kind: GroupVersionKind): Promise<void> {
  for (;;) {
    try {
      await patiently(signal, () => cluster.resource(kind, signal));
      return;
    } catch (error) {
      // PL-KIND-REMOVED: of a kind with a new version, discovery still shows the old ones alone.
      if (!(error instanceof PlumblineError) || !error.code.startsWith("PL-KIND-")) throw error;
      await sleep(LOOK_AGAIN_MS, signal);
    }
  }
}
