import { compareText } from "../kit/compare-text.ts";
import { PlumblineError } from "../model/index.ts";
import type { CommitObjects } from "./objects.ts";
import type { TreeEntry } from "./tree.ts";
import type { PathFinder, Place } from "./tree-path.ts";

export interface FoundFile {
  /** As the author sees it: through links. */
  readonly path: string;
  readonly oid: string;
}

export interface Listing {
  /** In order of path, by code units. */
  readonly files: readonly FoundFile[];
  /** "path object" of everything that a link leads to: what the tree's id does not cover. */
  readonly linked: readonly string[];
}

/** Links can multiply files without end. */
const MAX_FILES = 100_000;

/** Lists every file below a place. Errors: PL-LINK-ESCAPES, PL-LINK-LOOP, PL-SUBMODULE. */
export async function listFiles(
  start: Place,
  { path, objects, finder }: { path: string; objects: CommitObjects; finder: PathFinder },
): Promise<Listing> {
  const walk = new FileWalk(objects, finder);
  await walk.visit(start, { shown: path === "." ? "" : path, above: [] });
  walk.files.sort((a, b) => compareText(a.path, b.path));
  return walk;
}

class FileWalk implements Listing {
  readonly files: FoundFile[] = [];
  readonly linked: string[] = [];
  readonly #objects: CommitObjects;
  readonly #finder: PathFinder;

  constructor(objects: CommitObjects, finder: PathFinder) {
    this.#objects = objects;
    this.#finder = finder;
  }

  /** `above`: where the folders that we are in really stand. A link back into one of them would never end. */
  async visit(place: Place, { shown, above }: { shown: string; above: readonly string[] }): Promise<void> {
    if (place.kind === "file") {
      if (this.files.length >= MAX_FILES) throw loop(shown, `more than ${MAX_FILES} files`);
      this.files.push({ path: shown, oid: place.oid });
      return;
    }
    const real = place.at.join("/");
    if (above.includes(real)) throw leadsBack(shown, real);
    for (const entry of (await this.#objects.tree(place.oid)).values()) {
      const path = shown === "" ? entry.name : `${shown}/${entry.name}`;
      await this.visit(await this.#enter(entry, { place, path }), { shown: path, above: [...above, real] });
    }
  }

  async #enter(entry: TreeEntry, { place, path }: { place: Place; path: string }): Promise<Place> {
    const found = await this.#finder.enter(entry, { folder: place.at, links: 0 });
    if (entry.kind !== "link") return found;
    // A folder above holds this link again, so there would be no end.
    if (found.at.every((name, index) => name === place.at[index])) throw leadsBack(path, found.at.join("/"));
    this.linked.push(`${path} ${found.oid}`);
    return found;
  }
}

function leadsBack(where: string, to: string): PlumblineError {
  return loop(where, `the link leads back to ${to === "" ? "the root" : to}`);
}

function loop(where: string, message: string): PlumblineError {
  return new PlumblineError("PL-LINK-LOOP", { message, where });
}
