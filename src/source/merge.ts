import { hashJson } from "../kit/hash.ts";
import type { CommitObjects } from "./objects.ts";
import type { Tree, TreeEntry } from "./tree.ts";

export interface MergeSides {
  /** Where both come from. */
  readonly base: CommitObjects;
  /** What is merged into. */
  readonly ours: CommitObjects;
  readonly theirs: CommitObjects;
}

export interface Merge {
  readonly root: string;
  /** Trees that are in no commit. */
  readonly trees: ReadonlyMap<string, Tree>;
  /** Paths that both sides changed, each in its own way. */
  readonly conflicts: readonly string[];
}

/** Merges by whole files: one that only one side changed is that side's. What both changed is a conflict, also where Git could put the lines together. */
export async function mergeTrees(sides: MergeSides): Promise<Merge> {
  const merging = new Merging(sides);
  const [base, ours, theirs] = await Promise.all([sides.base.commit(), sides.ours.commit(), sides.theirs.commit()]);
  const root = await merging.trees3({ base: base.tree, ours: ours.tree, theirs: theirs.tree }, "");
  return { root, trees: merging.trees, conflicts: merging.conflicts };
}

interface Three<T> {
  readonly base: T | undefined;
  readonly ours: T;
  readonly theirs: T;
}

class Merging {
  readonly trees = new Map<string, Tree>();
  readonly conflicts: string[] = [];
  readonly #sides: MergeSides;

  constructor(sides: MergeSides) {
    this.#sides = sides;
  }

  async trees3({ base, ours, theirs }: Three<string>, at: string): Promise<string> {
    const { base: baseObjects, ours: ourObjects, theirs: theirObjects } = this.#sides;
    const [old, own, their] = await Promise.all([
      base === undefined ? new Map<string, TreeEntry>() : baseObjects.tree(base),
      ourObjects.tree(ours),
      theirObjects.tree(theirs),
    ]);
    const merged = new Map<string, TreeEntry>();
    for (const name of new Set([...own.keys(), ...their.keys()])) {
      const three = { base: old.get(name), ours: own.get(name), theirs: their.get(name) };
      const entry = await this.#entries3(three, at === "" ? name : `${at}/${name}`);
      if (entry !== undefined) merged.set(name, entry);
    }
    return this.#idOf(merged, [
      [ours, own],
      [theirs, their],
    ]);
  }

  async #entries3({ base, ours, theirs }: Three<TreeEntry | undefined>, at: string): Promise<TreeEntry | undefined> {
    if (isSame(ours, theirs) || isSame(base, theirs)) return ours;
    if (isSame(base, ours)) return theirs;
    if (ours?.kind === "tree" && theirs?.kind === "tree") {
      const below = base?.kind === "tree" ? base.oid : undefined;
      const oid = await this.trees3({ base: below, ours: ours.oid, theirs: theirs.oid }, at);
      // Git keeps no empty folder.
      return this.trees.get(oid)?.size === 0 ? undefined : { ...ours, oid };
    }
    this.conflicts.push(at);
    return theirs;
  }

  /** A tree that one side has keeps its id, so that what was rendered of it counts. */
  #idOf(merged: Tree, known: readonly (readonly [string, Tree])[]): string {
    for (const [oid, tree] of known) {
      if (tree.size === merged.size && [...merged].every(([name, entry]) => isSame(tree.get(name), entry))) return oid;
    }
    const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
    const oid = hashJson(["merged", ...sorted.map(([, entry]) => [entry.name, entry.kind, entry.oid])]);
    this.trees.set(oid, new Map(sorted));
    return oid;
  }
}

function isSame(one: TreeEntry | undefined, other: TreeEntry | undefined): boolean {
  return one?.oid === other?.oid && one?.kind === other?.kind;
}
