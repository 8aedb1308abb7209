import type { Application } from "../model/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { ApplicationMemory } from "./memory.ts";

/** Does the newest revision have the tree that this application was rendered from. What cannot be told counts as moved: its pass says why. */
export async function isUnmoved(
  { spec }: Application,
  { snapshot }: ApplicationMemory,
  source: SourceStore,
): Promise<boolean> {
  if (snapshot === undefined) return false;
  try {
    const newest = await source.snapshot(spec.source, await source.resolve(spec.source));
    return newest.key === snapshot.key;
  } catch {
    return false;
  }
}
