import type { Cluster } from "../cluster/index.ts";
import type { Comparison } from "../diff/index.ts";
import { formatField } from "../kit/format-field.ts";
import { forEachLimited } from "../kit/pool.ts";
import {
  type FieldChange,
  formatOrigin,
  groupKindKey,
  isJsonObject,
  type Json,
  type KubeObject,
  type LiveObject,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";
import { doubtfulChanges, type Prepared, type Unchangeable, withoutStamp } from "../plan/index.ts";
import { contentHash, isAccepted } from "./confirm.ts";
import { type Asking, unlessForbidden } from "./forbidden.ts";
import type { ApplicationMemory, ObjectMemory } from "./memory.ts";

interface Seeking extends Omit<Asking, "memory"> {
  readonly prepared: readonly Prepared[];
  readonly comparisons: ReadonlyMap<string, Comparison>;
  readonly live: ReadonlyMap<string, LiveObject>;
  readonly memory: ApplicationMemory;
  readonly cluster: Pick<Cluster, "apply" | "schema">;
  readonly signal: AbortSignal;
}

const AT_ONCE = 8;

/**
 * Objects that the server would refuse to change as Git wants them, by refKey. Asked by dry run where a change is in doubt, once for a manifest
 * and what is there; a server that does not say leaves it to the write.
 */
export async function findUnchangeable(seeking: Seeking): Promise<ReadonlyMap<string, Unchangeable>> {
  const found = new Map<string, Unchangeable>();
  const suspects = seeking.prepared.flatMap((prepared) => suspectOf(prepared, seeking));
  await forEachLimited(suspects, AT_ONCE, async (suspect) => {
    const unchangeable = await judge(suspect, seeking);
    if (unchangeable !== undefined) found.set(refKey(suspect.prepared.ref), unchangeable);
  });
  return found;
}

interface Suspect {
  readonly prepared: Prepared;
  readonly live: LiveObject;
  readonly comparison: Comparison;
  readonly object: ObjectMemory;
}

function suspectOf(prepared: Prepared, { comparisons, live: all, memory }: Seeking): Suspect[] {
  const key = refKey(prepared.ref);
  const [live, comparison] = [all.get(key), comparisons.get(key)];
  if (prepared.problem !== undefined || live === undefined || comparison === undefined) return [];
  return comparison.status === "Synced" ? [] : [{ prepared, live, comparison, object: memory.of(key) }];
}

async function judge(suspect: Suspect, seeking: Seeking): Promise<Unchangeable | undefined> {
  const { prepared, live, object } = suspect;
  const about = contentHash(prepared.hash, live);
  if (object.unchangeable?.about === about) return object.unchangeable.found;
  const doubts = await doubtsOf(suspect, seeking);
  const asked = doubts === undefined ? { found: undefined } : await ask(suspect, doubts, seeking);
  if (asked !== undefined) object.unchangeable = { about, found: asked.found };
  return asked?.found;
}

type Doubts = readonly Pick<FieldChange, "path" | "pointer">[];

/** Undefined: nothing speaks for asking. None, all the same: the server refused it when it was written. */
async function doubtsOf(
  { prepared: { ref, hash }, live, comparison, object }: Suspect,
  { cluster, signal }: Seeking,
): Promise<Doubts | undefined> {
  if (isAccepted(object, hash, live)) return undefined;
  // It was asked for to compare; where that went wrong, the object has a problem and is no suspect.
  const schema = await cluster.schema(ref, signal);
  const doubts = doubtfulChanges(ref, { live, changes: comparison.changes, schema });
  const { refusal } = object;
  const wasRefused = refusal?.problem.code === "PL-KUBE-IMMUTABLE" && refusal.manifestHash === hash;
  return doubts.length > 0 || wasRefused ? doubts : undefined;
}

/** Undefined: the server did not say. Errors: the signal's reason. */
async function ask(
  { prepared, comparison }: Suspect,
  doubts: Doubts,
  seeking: Seeking,
): Promise<{ readonly found: Unchangeable | undefined } | undefined> {
  const refusal = await refusalOf(comparison.sent ?? prepared.object, prepared.ref, seeking);
  if (refusal === "unknown" || refusal === undefined) return refusal === undefined ? { found: undefined } : undefined;
  if (!REFUSALS.has(refusal.code)) return { found: undefined };
  const probe = probeOf(prepared.object);
  const anew = probe && (await refusalOf(probe, prepared.ref, seeking));
  if (anew === "unknown") return undefined;
  const isBadAnyway = anew !== undefined && REFUSALS.has(anew.code);
  // Wrong whether it is there or not: that is no matter of change, and the write says it in its own words.
  if (refusal.code !== "PL-KUBE-IMMUTABLE" && (probe === undefined || isBadAnyway)) return { found: undefined };
  const fields = doubts.map(formatField);
  const where = formatOrigin(prepared.origin);
  return { found: { fields, problem: { ...refusal, where }, ...(isBadAnyway ? { anew: { ...anew, where } } : {}) } };
}

/** What is about the object itself, and not about the moment or our rights. A rule of a definition has words of its own: PL-KUBE-INVALID. */
const REFUSALS: ReadonlySet<string> = new Set(["PL-KUBE-IMMUTABLE", "PL-KUBE-INVALID"]);

async function refusalOf(
  sent: KubeObject,
  ref: Ref,
  { cluster, signal, ...asking }: Seeking,
): Promise<Problem | "unknown" | undefined> {
  const place = `dry-run ${groupKindKey(ref)} ${ref.namespace ?? ""}`;
  try {
    const told = await unlessForbidden(place, asking, () => cluster.apply(sent, { dryRun: true, signal }));
    return "refusal" in told ? "unknown" : undefined;
  } catch (error) {
    signal.throwIfAborted();
    const problem = toProblem(error);
    return problem.retry === "soon" ? "unknown" : problem;
  }
}

/** The same under a name that nobody has: would the server make it anew. Not where the name is part of what is validated. */
function probeOf(object: KubeObject): KubeObject | undefined {
  if (object.kind === "CustomResourceDefinition" || object.kind === "Namespace") return undefined;
  const bare = withoutStamp(object);
  const name = bare.metadata.name.slice(0, 40).replace(/[^a-z0-9]+$/, "");
  return { ...withoutAddresses(bare), metadata: { ...bare.metadata, name: `${name}-plumb-probe` } };
}

/** A Service's own addresses are taken as long as it is there. */
function withoutAddresses(object: KubeObject): KubeObject {
  const { spec } = object;
  if (object.kind !== "Service" || !isJsonObject(spec)) return object;
  const { clusterIP, clusterIPs: _ips, healthCheckNodePort: _check, ports, ...rest } = spec;
  const headless = clusterIP === "None" ? { clusterIP } : {};
  const bare = Array.isArray(ports) ? { ports: ports.map(withoutNodePort) } : {};
  return { ...object, spec: { ...rest, ...headless, ...bare } };
}

function withoutNodePort(port: Json): Json {
  if (!isJsonObject(port)) return port;
  const { nodePort: _, ...rest } = port;
  return rest;
}
