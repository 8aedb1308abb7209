import type { Application, ApplicationStatus } from "../model/index.ts";
import { plainKey } from "../render/index.ts";
import type { Resolution, Snapshot, SourceStore } from "../source/index.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { ApplicationMemory } from "./memory.ts";
import { sourceKey, sourcesOf } from "./source-names.ts";
import { sourceStatus } from "./status.ts";

/** Applications whose trees are looked at before others have their turn. */
const LOOKS_AT_ONCE = 50;

export interface NewerParts {
  readonly entries: Entries;
  readonly source: SourceStore;
  /** A pass of it is asked for and has not begun. */
  readonly isWaiting: (name: string) => boolean;
  /** Its own tree is another one, or cannot be told. */
  readonly onMoved: (name: string) => void;
  /** Its tree is the same, and there is more to do than to name the newer revision. */
  readonly onDoubt: (name: string) => void;
  /** The newer revision is named. */
  readonly onNamed: (name: string, status: ApplicationStatus) => void;
}

/** After the refs of a repository (by sourceKey) have moved: looks at the tree of each application that is rendered from it. */
export async function lookAtNewer(repo: string, parts: NewerParts): Promise<void> {
  const { entries, onMoved, onDoubt } = parts;
  const source = resolvedOnce(parts.source);
  const unmoved: string[] = [];
  let looks = 0;
  for (const [name, entry] of entries.own()) {
    if (!sourcesOf(entry.application.spec).some((one) => sourceKey(one) === repo)) continue;
    const newer = await unmovedAt(entry.application, entry.memory, source);
    if (newer === undefined) onMoved(name);
    else if (!nameNewer(name, { entry, newer, parts })) unmoved.push(name);
    entry.running?.moved();
    // None of that waits for anything, and whoever has moved is to begin. Nothing is known of those that another replica works on: they are many, and begin nothing here.
    const begins = newer === undefined && entry.memory.sources !== undefined;
    if (begins || ++looks % LOOKS_AT_ONCE === 0) await new Promise<void>((begin) => setImmediate(begin));
  }
  for (const name of unmoved) onDoubt(name);
}

type Trees = Pick<SourceStore, "resolve" | "snapshot">;

/** Asks once for what thousands ask alike. */
function resolvedOnce(source: SourceStore): Trees {
  const asked = new Map<string, Promise<Resolution>>();
  return {
    snapshot: (name, resolution) => source.snapshot(name, resolution),
    resolve: (name) => {
      const key = `${sourceKey(name)} ${name.ref}`;
      const resolution = asked.get(key) ?? source.resolve(name);
      asked.set(key, resolution);
      return resolution;
    },
  };
}

interface Naming {
  readonly entry: Entry;
  readonly newer: NewerRevision;
  readonly parts: NewerParts;
}

function nameNewer(name: string, { entry, newer, parts }: Naming): boolean {
  const status = parts.isWaiting(name) ? undefined : atNewer(entry, newer);
  if (status === undefined) return false;
  entry.memory.status = status;
  entry.judged = { application: entry.application, revisions: [newer.resolution.revision] };
  parts.onNamed(name, status);
  return true;
}

/** The newest revision of an application's own source. */
interface NewerRevision {
  readonly resolution: Resolution;
  readonly snapshot: Snapshot;
}

/** The newest revision, where it has the tree that this application was rendered from. What cannot be told counts as moved: its pass says why. */
async function unmovedAt(
  { spec }: Application,
  { sources }: ApplicationMemory,
  source: Trees,
): Promise<NewerRevision | undefined> {
  if (sources === undefined) return undefined;
  try {
    const resolution = await source.resolve(spec.source);
    const snapshot = await source.snapshot(spec.source, resolution);
    return snapshot.key === sources.snapshot.key ? { resolution, snapshot } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where an application was found as its tree wants it, a newer revision with the same tree leaves nothing to do but to name it: the status that does.
 * Undefined where only a pass can tell.
 */
function atNewer({ application, judged, memory, running }: Entry, newer: NewerRevision): ApplicationStatus | undefined {
  const { status, rendered } = memory;
  // A chart or a kustomization may be made of more than its folder.
  if (rendered?.key !== plainKey(newer.snapshot)) return undefined;
  if (status === undefined || running !== undefined || judged?.application !== application) return undefined;
  if (application.spec.source.references !== undefined || !isAtRest(status)) return undefined;
  return { ...status, source: sourceStatus(application, newer) };
}

function isAtRest(status: ApplicationStatus): boolean {
  const { sync, problems, waiting, pin, suspended, lastPass } = status;
  const told = waiting !== undefined || pin !== undefined || suspended !== undefined;
  return sync.status === "Synced" && problems.length === 0 && !told && lastPass?.problem === undefined;
}
