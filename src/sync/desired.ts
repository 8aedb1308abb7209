import { hashJson } from "../kit/hash.ts";
import { type Manifest, type Problem, refKey, toProblem } from "../model/index.ts";
import { applySetId, type Prepared, parentRef, prepare, scopeOf, setHashOf } from "../plan/index.ts";
import type { RenderResult } from "../render/index.ts";
import type { Resolution, Snapshot } from "../source/index.ts";
import { followKinds, isNamespaced, type Kinds, resolveKinds, type VainLookups } from "./kinds.ts";
import type { PassInput } from "./pass-input.ts";
import { intervalOf } from "./schedule.ts";
import type { Steps } from "./steps.ts";

/** What Git wants of the cluster, made ready to compare. */
export interface Desired {
  readonly resolution: Resolution;
  readonly snapshot: Snapshot;
  /** The revision whose manifests these are: the newest, or the last whole one while the newest is broken. */
  readonly revision: string;
  readonly prepared: readonly Prepared[];
  /** Hash of each prepared manifest, by refKey. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly setHash: string;
  readonly applySetId: string;
  readonly kinds: Kinds;
  readonly manifests: readonly Manifest[];
  /** The newest revision is broken in these ways: nothing may be written. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

export async function desiredState(input: PassInput, steps: Steps): Promise<Desired> {
  const { application, memory, settings, signal } = input;
  const resolution = await steps.run("resolve", () => settings.source.resolve(application.spec.source, signal));
  const snapshot = await steps.run("snapshot", () => readSnapshot(input, resolution));
  const newest = await steps.run("render", () => renderNewest(input, snapshot));
  if (newest.problems.length === 0) memory.rendered = newest;
  const rendered = newest.problems.length === 0 ? newest : memory.rendered;
  const { kinds, prepared } = await steps.run("prepare", () => makeReady(input, rendered));
  memory.retain(new Set(prepared.map(({ ref }) => refKey(ref))));
  return {
    resolution,
    snapshot,
    revision: rendered?.manifests[0]?.origin.revision ?? resolution.revision,
    prepared,
    hashes: new Map(prepared.map(({ ref, hash }) => [refKey(ref), hash])),
    setHash: setHashOf(prepared),
    applySetId: applySetId(input.name, input.inventoryNamespace),
    kinds,
    manifests: rendered?.manifests ?? [],
    problems: newest.problems,
    warnings: [...newest.warnings, ...prepared.flatMap(({ warnings }) => warnings)],
  };
}

/** After an apply: kinds that were only defined by the manifests are served and followed now, so that their objects are seen. */
export async function withServedKinds(
  { settings: { cluster }, signal }: PassInput,
  desired: Desired,
): Promise<Desired> {
  const { coming, resources } = desired.kinds;
  if ([...coming.keys()].every((key) => resources.has(key))) return desired;
  const kinds = await resolveKinds(desired.manifests, { cluster, signal });
  await followKinds({ resources: kinds.resources.values(), groupKinds: [] }, cluster, signal);
  return { ...desired, kinds };
}

/** The tree of a revision never changes, so what was read for it is read no more. */
async function readSnapshot(
  { application, memory, settings, signal }: PassInput,
  resolution: Resolution,
): Promise<Snapshot> {
  const { source } = application.spec;
  const known = memory.snapshot;
  if (known?.revision === resolution.revision && known.path === source.path && known.repo === source.repo) return known;
  memory.snapshot = await settings.source.snapshot(source, resolution, signal);
  return memory.snapshot;
}

/** A path that is missing or cannot be read is a broken render like any other: nothing is written, and drift is still watched. */
async function renderNewest({ settings, signal }: PassInput, snapshot: Snapshot): Promise<RenderResult> {
  try {
    return await settings.renderer.render(snapshot, signal);
  } catch (error) {
    const problem = toProblem(error);
    if (problem.retry !== "revision") throw error;
    return { manifests: [], problems: [problem], warnings: [], key: snapshot.key };
  }
}

const NO_KINDS: Kinds = { resources: new Map(), coming: new Map(), problems: new Map() };

async function makeReady(
  input: PassInput,
  rendered: RenderResult | undefined,
): Promise<{ kinds: Kinds; prepared: readonly Prepared[] }> {
  const { settings, signal, inventoryNamespace, name } = input;
  const { cluster } = settings;
  await cluster.live.follow(
    await cluster.resource({ group: "", version: "v1", kind: "ConfigMap" }, signal),
    "parents",
    signal,
  );
  const parent = cluster.live.get(parentRef(name, inventoryNamespace));
  const kinds =
    rendered === undefined
      ? NO_KINDS
      : await resolveKinds(rendered.manifests, { cluster, signal, vain: vainLookups(input) });
  const groupKinds = parent === undefined ? [] : scopeOf(parent).groupKinds;
  await followKinds({ resources: kinds.resources.values(), groupKinds }, cluster, signal);
  return { kinds, prepared: rendered === undefined ? [] : prepareOnce(input, rendered, kinds) };
}

/** For half an interval, so that events of the siblings do not make the server list all its kinds again; a person's sync asks anew. */
function vainLookups({ memory, manual, now, application }: PassInput): VainLookups {
  const standing = (key: string) => memory.unknownKinds.get(key);
  return {
    recall: (key) => (manual || now() >= (standing(key)?.until ?? 0) ? undefined : standing(key)?.problem),
    note: (key, problem) => memory.unknownKinds.set(key, { problem, until: now() + intervalOf(application.spec) / 2 }),
  };
}

/** Preparing is arithmetic on manifests, kinds and destination; its result stands until one of them changes. */
function prepareOnce(
  { application, memory, name, inventoryNamespace }: PassInput,
  rendered: RenderResult,
  kinds: Kinds,
): readonly Prepared[] {
  const known = [...kinds.resources].map(([key, { namespaced }]) => [key, namespaced]);
  const key = hashJson([rendered.key, application.spec.destination, known, [...kinds.problems], [...kinds.coming]]);
  if (memory.prepared?.key === key) return memory.prepared.list;
  const list = prepare(rendered.manifests, {
    application: name,
    inventoryNamespace,
    namespaced: (ref) => isNamespaced(kinds, ref),
    ...(application.spec.destination.namespace === undefined
      ? {}
      : { destinationNamespace: application.spec.destination.namespace }),
  });
  memory.prepared = { key, list };
  return list;
}
