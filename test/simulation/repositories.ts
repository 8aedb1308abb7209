import type { Snapshot, SourceName, SourceStore } from "../../src/source/index.ts";
import type { SimulatedClock } from "./clock.ts";
import type { Processor } from "./way.ts";

interface Repository {
  revision: number;
  /** By path: the revision that changed it last. */
  readonly changed: Map<string, number>;
}

/** What Git servers have: of each path one ConfigMap, which says in which revision it was changed. */
export class SimulatedRepositories {
  readonly #all = new Map<string, Repository>();

  /** The number of the revision. */
  commit(repo: string, paths: Iterable<string>): number {
    const known = this.of(repo);
    known.revision++;
    for (const path of paths) known.changed.set(path, known.revision);
    return known.revision;
  }

  of(repo: string): Repository {
    const known = this.#all.get(repo) ?? { revision: 1, changed: new Map<string, number>() };
    this.#all.set(repo, known);
    return known;
  }

  changedIn(repo: string, path: string): number {
    return this.of(repo).changed.get(path) ?? 1;
  }
}

export interface SourceOptions {
  readonly clock: SimulatedClock;
  readonly processor: Processor;
  readonly repositories: SimulatedRepositories;
  /** What a pass that finds nothing to do takes of the processor, and a look at the tree of one that a commit does not touch. */
  readonly passMs: number;
  readonly lookMs: number;
  /** What Git takes to answer. */
  readonly gitMs: number;
  /** A question to another replica is no request to Git. */
  readonly onRequest: (repo: string, operation: "ls-refs" | "fetch" | "question") => void;
  /** Who asks a repository for all; undefined: this replica. */
  readonly ownerOf: (repo: string) => string | undefined;
}

/** The repositories as one replica knows them: by its polls, by what another replica polls for it (whose answer is new here, not up to an interval old), and by what it has fetched. */
export function sourceOf(options: SourceOptions): SourceStore {
  const { clock, processor, repositories, onRequest, passMs, lookMs, gitMs, ownerOf } = options;
  const polled = new Map<string, number>();
  const fetched = new Map<string, { revision: number; done: Promise<void> }>();
  const repoOf = (source: string | SourceName): string => (typeof source === "string" ? source : source.repo);

  const asking = new Map<string, Promise<{ changed: boolean }>>();
  /** Those who ask at once share one request. */
  const poll = (source: string | SourceName): Promise<{ changed: boolean }> => {
    const repo = repoOf(source);
    const asked = asking.get(repo) ?? ask(repo).finally(() => asking.delete(repo));
    asking.set(repo, asked);
    return asked;
  };
  const ask = async (repo: string): Promise<{ changed: boolean }> => {
    onRequest(repo, ownerOf(repo) === undefined ? "ls-refs" : "question");
    await clock.wait(gitMs);
    const { revision } = repositories.of(repo);
    const changed = polled.get(repo) !== revision;
    polled.set(repo, revision);
    return { changed };
  };
  /** Whoever needs what is not there waits for one fetch. */
  const fetch = async (repo: string, revision: number): Promise<void> => {
    const known = fetched.get(repo);
    if (known !== undefined && known.revision >= revision) return await known.done;
    onRequest(repo, "fetch");
    const done = clock.wait(10 * gitMs);
    fetched.set(repo, { revision, done });
    await done;
  };
  return {
    poll,
    resolve: async ({ repo }) => {
      await processor.take(passMs);
      if (!polled.has(repo)) await poll(repo);
      const checkedAt = new Date(clock.now).toISOString();
      return { revision: String(polled.get(repo)), resolvedRef: "refs/heads/main", checkedAt };
    },
    snapshot: async ({ repo, path }, { revision }) => {
      await fetch(repo, Number(revision));
      await processor.take(lookMs);
      return snapshotOf({ repo, path, revision, changed: repositories.changedIn(repo, path) });
    },
    askedBy: ({ repo }) => ownerOf(repo) ?? "",
    retain: async () => {},
    close: async () => {},
    ...{ answer: notHere, folders: notHere, propose: notHere, chart: notHere, download: notHere },
  };
}

function notHere(): never {
  throw new Error("the simulation has no such question");
}

interface At {
  readonly repo: string;
  readonly path: string;
  readonly revision: string;
  readonly changed: number;
}

function snapshotOf({ repo, path, revision, changed }: At): Snapshot {
  const key = `${repo} ${path} ${changed}`;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data: { changed: String(changed), level: "info" },
  };
  const text = Buffer.from(JSON.stringify(object));
  const file = { path: `${path}/config.json`, size: text.length, oid: key, read: async () => text };
  return {
    ...{ repo, revision, path, key, tree: key, author: "Ada <ada@example.com>", subject: "A change" },
    committedAt: "2026-01-01T00:00:00Z",
    files: async () => [file],
    entry: async () => undefined,
  };
}
