import type { Application } from "../model/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { ApplicationMemory } from "./memory.ts";

/** Does the newest revision have the tree that this application was rendered from. What cannot be told counts as moved: its pass says why. */
export async function isUnmoved(
  { spec }: Application,
  { sources }: ApplicationMemory,
  source: SourceStore,
): Promise<boolean> {
  if (sources === undefined) return false;
  try {
    const newest = await source.snapshot(spec.source, await source.resolve(spec.source));
    return newest.key === sources.snapshot.key;
  } catch {
    return false;
  }
}

/** The newest revisions of everything that an application is rendered from, as far as they are known; empty where that cannot be told. */
export async function newestRevisions(
  { spec }: Application,
  source: Pick<SourceStore, "resolve">,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { references = [], ...own } = spec.source;
  try {
    const all = [own, ...references].map((one) => source.resolve(one, signal));
    return (await Promise.all(all)).map(({ revision }) => revision);
  } catch {
    return [];
  }
}
