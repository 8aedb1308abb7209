import { maskText } from "../diff/index.ts";
import { hashJson } from "../kit/hash.ts";
import {
  type LiveObject,
  type Manifest,
  type Pin,
  PlumblineError,
  type Problem,
  refKey,
  toProblem,
} from "../model/index.ts";
import { applySetId, type Prepared, prepare, scopeOf, setHashOf } from "../plan/index.ts";
import { kindOf, type RenderResult } from "../render/index.ts";
import type { Resolution, Snapshot } from "../source/index.ts";
import { isRollback, type Told, toldOf } from "./instructions.ts";
import { followKinds, isNamespaced, type Kinds, resolveKinds, type VainLookups, withoutAway } from "./kinds.ts";
import { liveAnswers } from "./live-answers.ts";
import { newestRevisions } from "./newest-revisions.ts";
import type { FoundParent } from "./parent.ts";
import type { PassInput } from "./pass-input.ts";
import { releaseOf } from "./release.ts";
import { intervalOf } from "./schedule.ts";
import { readSources, type Sources } from "./sources.ts";
import type { Steps } from "./steps.ts";
import { memberNamespaces } from "./tenant-cluster.ts";
import { repositoryPermit, requireAllowed, underRules } from "./under-rules.ts";
import { windowProblems } from "./windows.ts";

/** What Git wants of the cluster, made ready to compare. */
export interface Desired {
  readonly resolution: Resolution;
  /** The revision that the ref leads to, while something is pinned. */
  readonly ahead?: string;
  readonly snapshot: Snapshot;
  /** Of what the newest revision gave: the same key, the same manifests. */
  readonly renderKey: string;
  /** The newest that was known of everything that it is rendered from, its own first, whatever is pinned. */
  readonly revisions: readonly string[];
  /** The revision whose manifests these are: the newest, or the last whole one while the newest is broken. */
  readonly revision: string;
  readonly prepared: readonly Prepared[];
  /** Hooks among the manifests: they are run, not compared. */
  readonly hooks: readonly Prepared[];
  /** See PlanInput. */
  readonly rollback: boolean;
  /** Hash of each prepared manifest, by refKey. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly setHash: string;
  readonly applySetId: string;
  /** See Inventory.release. */
  readonly release?: string;
  readonly kinds: Kinds;
  readonly manifests: readonly Manifest[];
  /** The ApplySet parent, where it may be got and not followed. */
  readonly unfollowedParent?: LiveObject;
  /** What people have told us of the application. */
  readonly told: Told;
  /** The newest revision is broken in these ways, or what is ours cannot be seen: nothing may be written. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** What Git says, as manifests. */
export interface RenderedState extends Newest {
  readonly resolution: Resolution;
  /** The revision that the ref leads to, while something is pinned. */
  readonly ahead?: string;
  readonly snapshot: Snapshot;
  readonly revisions: readonly string[];
  /** What is in force: the newest, or the last whole one while the newest is broken; undefined where none is known. */
  readonly rendered: RenderResult | undefined;
  /** Of what is in force. */
  readonly revision: string;
  readonly told: Told;
}

/** From the ref to the manifests. */
export async function renderedState(input: PassInput, steps: Steps): Promise<RenderedState> {
  const { application, memory, settings, signal } = input;
  const told = await steps.run("instructions", () => toldOf(input));
  requireAllowed(input);
  // Before anything is read, and whatever is pinned: what is newer than these has not been looked at.
  const revisions = await steps.run("resolve", () => newestRevisions(application, settings.source, signal));
  const { resolution, newest } = await steps.run("resolve", () => ownRevision(input, told.inForce.pin));
  const sources = await steps.run("snapshot", () => readSourcesOnce(input, resolution));
  const made = await steps.run("render", () => renderNewest(input, sources, told.found));
  if (made.newest.problems.length === 0) memory.rendered = made.newest;
  const rendered = made.newest.problems.length === 0 ? made.newest : memory.rendered;
  const revision = rendered?.manifests[0]?.origin.revision ?? resolution.revision;
  const ahead = newest === undefined ? {} : { ahead: newest.revision };
  return { ...made, resolution, ...ahead, snapshot: sources.snapshot, revisions, rendered, revision, told };
}

/** Of its own source: what is pinned, and then also what the ref leads to, as far as that is known; a ref that is gone does not end a pin. */
async function ownRevision(
  { application, settings, signal, unpinned = false }: PassInput,
  pin: Pin | undefined,
): Promise<{ readonly resolution: Resolution; readonly newest?: Resolution }> {
  const own = application.spec.source;
  if (pin === undefined || unpinned) return { resolution: await settings.source.resolve(own, signal) };
  const resolution = await settings.source.resolve({ ...own, ref: pin.revision }, signal);
  try {
    return { resolution, newest: await settings.source.resolve(own, signal) };
  } catch (error) {
    if (error instanceof PlumblineError) return { resolution };
    throw error;
  }
}

export async function desiredState(input: PassInput, steps: Steps): Promise<Desired> {
  const { rendered, newest, release, told, ...state } = await renderedState(input, steps);
  const ready = await steps.run("prepare", () => makeReady(input, rendered, told.found));
  const { kinds, unlisted, parent } = ready;
  const { list: prepared, problems: violations } = underRules(input, ready.prepared, (ref) => isNamespaced(kinds, ref));
  const { observe, windows } = input.application.spec.sync;
  input.memory.looked = state.snapshot.key;
  input.memory.retain(new Set(prepared.map(({ ref }) => refKey(ref))));
  return {
    ...state,
    renderKey: newest.key,
    ...parted(prepared),
    rollback: input.unpinned !== true && takesBack(state, told),
    hashes: new Map(prepared.map(({ ref, hash }) => [refKey(ref), hash])),
    setHash: setHashOf(prepared),
    applySetId: applySetId(input.name, input.inventoryNamespace),
    kinds,
    manifests: rendered?.manifests ?? [],
    told,
    ...(release === undefined ? {} : { release }),
    ...(unlisted.length > 0 && parent !== undefined ? { unfollowedParent: parent } : {}),
    // Who writes must see every member: else the inventory would forget those that cannot be seen.
    problems: [...windowProblems(windows), ...newest.problems, ...violations, ...(observe ? [] : unlisted)],
    warnings: [
      ...told.warnings,
      ...newest.warnings,
      ...prepared.flatMap(({ warnings }) => warnings),
      ...(observe ? unlisted.map(unlistedWarning) : []),
    ],
  };
}

function takesBack({ resolution, ahead }: Pick<Desired, "resolution" | "ahead">, { inForce, found }: Told): boolean {
  const applied = found.parent === undefined ? undefined : scopeOf(found.parent).appliedRevision;
  return isRollback(inForce, { revision: resolution.revision, newest: ahead, applied });
}

/** Hooks apart. Without any the very list, so that what is known of it stays known. */
function parted(all: readonly Prepared[]): Pick<Desired, "prepared" | "hooks"> {
  const hooks = all.filter(({ hook }) => hook !== undefined);
  return { prepared: hooks.length === 0 ? all : all.filter(({ hook }) => hook === undefined), hooks };
}

/** After an apply: kinds that were only defined by the manifests are served and followed now, so that their objects are seen. */
export async function withServedKinds(input: PassInput, desired: Desired): Promise<Desired> {
  const { cluster, signal } = input;
  const { coming, resources } = desired.kinds;
  if ([...coming.keys()].every((key) => resources.has(key))) return desired;
  const kinds = await resolveKinds(desired.manifests, { cluster, signal });
  // What may not be listed of these is told by the next pass, which looks at all kinds anew.
  const namespaces = () => memberNamespaces(input.application.spec, desired.manifests, undefined);
  const whose = { applySetId: desired.applySetId, namespaces };
  await followKinds({ resources: kinds.resources.values(), groupKinds: [], ...whose }, { ...input, cluster });
  return { ...desired, kinds };
}

async function readSourcesOnce(
  { application, memory, settings, signal }: PassInput,
  resolution: Resolution,
): Promise<Sources> {
  memory.sources = await readSources(application, resolution, {
    source: settings.source,
    known: memory.sources,
    signal,
  });
  return memory.sources;
}

/** What was rendered, and of a chart what the parent will say of the release. */
interface Newest {
  readonly newest: RenderResult;
  readonly release?: string;
}

/** A path that is missing or cannot be read is a broken render like any other: nothing is written, and drift is still watched. */
async function renderNewest(
  input: PassInput,
  { snapshot, references }: Sources,
  { parent }: FoundParent,
): Promise<Newest> {
  const { application, settings, signal, ruled } = input;
  const { source, destination } = application.spec;
  const { rules } = ruled;
  const cluster = liveAnswers(input.cluster, destination.namespace ?? "default", {
    refuse: input.refuseLookups,
    rules,
  });
  const permit = rules === undefined ? {} : { permit: repositoryPermit(rules) };
  try {
    const isChart = (await kindOf(snapshot, snapshot.path, source)) === "helm";
    const { release, record } = releaseOf(
      application,
      [snapshot, ...references.values()],
      isChart ? parent : undefined,
    );
    const newest = maskedNotes(
      await settings.renderer.render({ snapshot, source, references, release, cluster, ...permit }, signal),
    );
    return isChart ? { newest, release: record } : { newest };
  } catch (error) {
    const problem = toProblem(error);
    if (problem.retry !== "revision") throw error;
    return { newest: { manifests: [], problems: [problem], warnings: [], key: snapshot.key } };
  }
}

/** Notes are kept and shown, so what they say of Secrets is masked before: also of those that only a hook has. */
function maskedNotes(rendered: RenderResult): RenderResult {
  if (rendered.notes === undefined) return rendered;
  const objects = rendered.manifests.map(({ object }) => object);
  return { ...rendered, notes: maskText(rendered.notes, objects) };
}

function unlistedWarning({ message, where }: Problem): string {
  return `objects of kind ${where ?? ""} are got one by one, and those that Git does not want any more are not seen: ${message}`;
}

const NO_KINDS: Kinds = { resources: new Map(), coming: new Map(), problems: new Map() };

interface Ready {
  readonly kinds: Kinds;
  readonly prepared: readonly Prepared[];
  /** Why kinds with objects of ours may not be listed. */
  readonly unlisted: readonly Problem[];
  readonly parent: LiveObject | undefined;
}

async function makeReady(
  input: PassInput,
  rendered: RenderResult | undefined,
  { parent, refusal }: FoundParent,
): Promise<Ready> {
  const { cluster, signal } = input;
  const known =
    rendered === undefined
      ? NO_KINDS
      : await resolveKinds(rendered.manifests, { cluster, signal, vain: vainLookups(input) });
  const groupKinds = parent === undefined ? [] : scopeOf(parent).groupKinds;
  const namespaces = () => memberNamespaces(input.application.spec, rendered?.manifests ?? [], parent);
  const { unlisted, away } = await followKinds(
    {
      ...{ resources: known.resources.values(), groupKinds, namespaces },
      applySetId: applySetId(input.name, input.inventoryNamespace),
    },
    { ...input, cluster },
  );
  const kinds = withoutAway(known, away);
  return {
    kinds,
    prepared: rendered === undefined ? [] : prepareOnce(input, rendered, kinds),
    unlisted: refusal === undefined ? unlisted : [refusal, ...unlisted],
    parent,
  };
}

/** For half an interval, so that events of the siblings do not make the server list all its kinds again; a person's sync asks anew. */
function vainLookups({ memory, manual, now, application }: PassInput): VainLookups {
  const until = () => now() + intervalOf(application.spec) / 2;
  return {
    recall: (key) => (manual ? undefined : memory.unknownKinds.recall(key, now())),
    note: (key, problem) => memory.unknownKinds.note(key, problem, { until: until(), now: now() }),
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
