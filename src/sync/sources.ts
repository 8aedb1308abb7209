import type { Application } from "../model/index.ts";
import type { Resolution, Snapshot, SourceStore } from "../source/index.ts";

/** Snapshots of everything that an application is rendered from. */
export interface Sources {
  readonly snapshot: Snapshot;
  /** Of the whole of each of source.references, by name. */
  readonly references: ReadonlyMap<string, Snapshot>;
}

interface Reading {
  readonly source: Pick<SourceStore, "resolve" | "snapshot">;
  readonly known: Sources | undefined;
  readonly signal?: AbortSignal;
}

/** The tree of a revision never changes, so what was read for it is read no more. */
export async function readSources(
  { spec }: Pick<Application, "spec">,
  resolution: Resolution,
  { source, known, signal }: Reading,
): Promise<Sources> {
  const own = spec.source;
  const same =
    known?.snapshot.revision === resolution.revision &&
    known.snapshot.path === own.path &&
    known.snapshot.repo === own.repo &&
    known.snapshot.chart === own.chart;
  const snapshot = same ? known.snapshot : await source.snapshot(own, resolution, signal);
  const references = new Map<string, Snapshot>();
  for (const { name, repo, ref } of own.references ?? []) {
    const newest = await source.resolve({ repo, ref }, signal);
    const before = known?.references.get(name);
    const kept = before?.repo === repo && before.revision === newest.revision;
    references.set(name, kept ? before : await source.snapshot({ repo, path: "." }, newest, signal));
  }
  return { snapshot, references };
}
