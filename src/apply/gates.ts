import { assess } from "../health/index.ts";
import { sleep } from "../kit/sleep.ts";
import {
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
import { type Awaited, lookUntil } from "./awaiting.ts";
import { patiently } from "./patience.ts";

const LOOK_AGAIN_MS = 100;
const DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io";

export function isDefinition(ref: Ref): boolean {
  return groupKindKey(ref) === DEFINITION;
}

/**
 * After a definition was written: its kinds are established, and discovery shows them, before anything of them is sent.
 * Errors: PL-APPLY-BLOCKED with the server's reason where waiting does not help, such as names that another definition has; the signal's reason.
 */
export async function awaitDefinition({ ref }: PlanStep, awaited: Awaited): Promise<void> {
  let kinds: readonly GroupVersionKind[] = [];
  const passed = (): PlumblineError => new PlumblineError("PL-INTERNAL", { message: "a wait without an end ended" });
  await lookUntil(ref, { ...awaited, ends: Number.POSITIVE_INFINITY, passed }, async (live) => {
    if (live !== undefined && isEstablished(live)) {
      kinds = servedKinds(live);
      return undefined;
    }
    if (live !== undefined) refuseUnserved(ref, assess(live));
    return "not established yet";
  });
  for (const kind of kinds) await awaitDiscovery(awaited, kind);
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

async function awaitDiscovery({ run: { cluster }, signal }: Awaited, kind: GroupVersionKind): Promise<void> {
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
