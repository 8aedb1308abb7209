import { globMatches } from "../kit/glob.ts";
import type { CommitObjects } from "./objects.ts";
import type { TreeEntry } from "./tree.ts";
import { namesOf, normalPath, PathFinder } from "./tree-path.ts";

/**
 * The folders that a glob matches, sorted; `*` and `?` stand for letters of one name. Only the trees on the way are read, and no file. A link counts where it does
 * not lead to a file: what else is wrong with it is told by whoever reads it. Errors: PL-GIT-*, PL-PATH-MISSING for a glob that climbs.
 */
export async function matchingFolders(objects: CommitObjects, glob: string): Promise<readonly string[]> {
  const { tree } = await objects.commit();
  const finder = new PathFinder(objects, tree);
  let found: readonly string[] = [""];
  for (const pattern of namesOf(normalPath(glob))) {
    const next: string[] = [];
    for (const folder of found) next.push(...(await namesIn(folder, pattern, { objects, finder })));
    found = next;
  }
  return found.toSorted();
}

interface Reading {
  readonly objects: CommitObjects;
  readonly finder: PathFinder;
}

async function namesIn(folder: string, pattern: string, { objects, finder }: Reading): Promise<string[]> {
  const place = await finder.find(namesOf(folder === "" ? "." : folder));
  if (place?.kind !== "tree") return [];
  const below = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const found: string[] = [];
  for (const entry of (await objects.tree(place.oid)).values()) {
    if (globMatches(pattern, entry.name) && (await mayBeFolder(entry, { finder, folder })))
      found.push(below(entry.name));
  }
  return found;
}

async function mayBeFolder(
  entry: TreeEntry,
  { finder, folder }: { readonly finder: PathFinder; readonly folder: string },
): Promise<boolean> {
  if (entry.kind !== "link") return entry.kind === "tree";
  try {
    const names = folder === "" ? [] : folder.split("/");
    return (await finder.enter(entry, { folder: names, links: 0 })).kind === "tree";
  } catch {
    // The application of this path says what is wrong with the link.
    return true;
  }
}
