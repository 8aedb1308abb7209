import { PlumblineError } from "../model/index.ts";
import { type CommitFacts, parseCommit } from "./commit.ts";
import type { Mirror, Wanted } from "./mirror.ts";
import { WeightedCache } from "./object-cache.ts";
import { corrupt } from "./pkt-line.ts";
import { parseTree, type Tree } from "./tree.ts";

const MAX_TREE_ENTRIES = 60_000;
const MAX_BLOB_BYTES = 16 * 2 ** 20;
const MAX_COMMITS = 1000;
const MAX_SIZES = 100_000;

/** Objects that were read lately, by id: the same bytes whatever the repository, so one cache serves them all. */
export class ObjectCaches {
  readonly trees = new WeightedCache<Tree>({ limit: MAX_TREE_ENTRIES, weigh: (tree) => tree.size + 1 });
  readonly blobs = new WeightedCache<Uint8Array>({ limit: MAX_BLOB_BYTES, weigh: (bytes) => bytes.length + 100 });
  readonly commits = new WeightedCache<CommitFacts>({ limit: MAX_COMMITS, weigh: () => 1 });
  readonly sizes = new WeightedCache<number>({ limit: MAX_SIZES, weigh: () => 1 });
}

/** A tree that no commit has: what a merge would make. */
export interface MergedTree {
  /** Its name as a revision, like no commit's. */
  readonly revision: string;
  readonly root: string;
  /** Those that are in no repository, by a made-up id. */
  readonly trees: ReadonlyMap<string, Tree>;
}

/** The objects of one commit of one repository. */
export class CommitObjects {
  readonly repo: string;
  readonly revision: string;
  readonly #mirror: Mirror;
  readonly #wanted: Wanted;
  readonly #caches: ObjectCaches;
  readonly #merged: MergedTree | undefined;

  constructor(options: {
    repo: string;
    mirror: Mirror;
    wanted: Wanted;
    caches: ObjectCaches;
    merged?: MergedTree | undefined;
  }) {
    this.repo = options.repo;
    this.revision = options.merged?.revision ?? options.wanted.revision;
    this.#merged = options.merged;
    this.#mirror = options.mirror;
    this.#wanted = options.wanted;
    this.#caches = options.caches;
  }

  /** Fetches it when it is not here. Errors: PL-GIT-*; PL-GIT-REF-MISSING where the ref leads to something other than a commit. */
  async commit(): Promise<CommitFacts> {
    const facts = await this.#facts();
    return this.#merged === undefined ? facts : { ...facts, tree: this.#merged.root };
  }

  async #facts(): Promise<CommitFacts> {
    const { revision } = this.#wanted;
    const cached = this.#caches.commits.get(revision);
    if (cached !== undefined) return cached;
    const { type, bytes } = await this.#mirror.read(this.#wanted, revision);
    const facts = type === "commit" ? parseCommit(bytes) : undefined;
    if (facts !== undefined) this.#caches.commits.set(revision, facts);
    if (facts !== undefined) return facts;
    const message = `${revision} is a ${type}, where a commit is wanted`;
    throw new PlumblineError("PL-GIT-REF-MISSING", { message, where: this.repo });
  }

  async tree(oid: string): Promise<Tree> {
    const cached = this.#merged?.trees.get(oid) ?? this.#caches.trees.get(oid);
    if (cached !== undefined) return cached;
    const tree = parseTree(await this.#typed(oid, "tree"));
    this.#caches.trees.set(oid, tree);
    return tree;
  }

  async blob(oid: string): Promise<Uint8Array> {
    const cached = this.#caches.blobs.get(oid);
    if (cached !== undefined) return cached;
    // A copy: a small Buffer is a piece of a large one, which would be kept with it.
    const bytes = new Uint8Array(await this.#typed(oid, "blob"));
    this.#caches.blobs.set(oid, bytes);
    this.#caches.sizes.set(oid, bytes.length);
    return bytes;
  }

  async size(oid: string): Promise<number> {
    return this.#caches.sizes.get(oid) ?? (await this.blob(oid)).length;
  }

  async #typed(oid: string, wanted: "tree" | "blob"): Promise<Uint8Array> {
    const { type, bytes } = await this.#mirror.read(this.#wanted, oid);
    if (type === wanted) return bytes;
    throw corrupt(this.repo, `object ${oid} is a ${type} where a ${wanted} belongs`);
  }
}
