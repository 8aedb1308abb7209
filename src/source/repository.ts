import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../model/index.ts";
import { readAccess, settingsFor } from "./access.ts";
import type { Connections } from "./connections.ts";
import { matchingFolders } from "./folders.ts";
import { Mirror } from "./mirror.ts";
import { CommitObjects, type ObjectCaches } from "./objects.ts";
import { propose } from "./proposal.ts";
import { lookUpRef } from "./ref-look.ts";
import { RefWatch } from "./ref-watch.ts";
import { Remote } from "./remote.ts";
import { mirrorName } from "./repository-url.ts";
import type { ServerRef } from "./server-ref.ts";
import { type RefAnswer, SharedRefs } from "./shared/shared-refs.ts";
import type { Sharing } from "./shared/sharing.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { Proposal, Resolution, Snapshot, SourceSettings } from "./types.ts";

export interface RepositoryOptions {
  readonly repo: string;
  readonly url: URL;
  readonly settings: SourceSettings;
  readonly connections: Connections;
  readonly caches: ObjectCaches;
  /** Ends every request. */
  readonly closed: AbortSignal;
  /** Absent: this process is the only one. */
  readonly sharing?: Sharing | undefined;
}

type Operation = "ls-refs" | "fetch" | "clone";

/** One repository: its refs, its mirror, and the way to it. */
export class Repository {
  readonly refs: RefWatch;
  /** Absent: this process is the only one. */
  readonly shared: SharedRefs | undefined;
  readonly #options: RepositoryOptions;
  readonly #mirror: Mirror;
  readonly #remote: Remote;
  readonly #gitdir: string;

  constructor(options: RepositoryOptions) {
    const { repo, url, settings, connections, closed, sharing } = options;
    this.#options = options;
    this.#gitdir = mirrorPath(settings.dataDir, url);
    const access = () => readAccess(settingsFor(url, settings.repositories));
    const remote = new Remote({ repo, url, connections, access, closed, timeoutMs: settings.timeoutMs ?? 60_000 });
    this.#remote = remote;
    this.#mirror = new Mirror({
      repo,
      gitdir: this.#gitdir,
      remote,
      log: settings.log,
      counted: (operation, work) => this.#counted(operation, work),
      known: () => this.refs.known,
    });
    const list = (prefixes: readonly string[]) => this.#list(prefixes);
    this.shared = sharing && new SharedRefs({ repo, key: `git ${url.href}`, sharing, list });
    this.refs = this.#watch();
  }

  /** See SourceStore.poll. Where nobody here wants anything of it, only what must be new is asked for: others may want it. */
  async poll(withinMs: number): Promise<{ changed: boolean; problem?: Problem }> {
    if (this.shared === undefined) return await this.refs.poll();
    const isElsewhere = this.shared.ownerId !== "" || withinMs === Number.POSITIVE_INFINITY;
    return this.refs.isIdle && isElsewhere && withinMs > 0 ? { changed: false } : await this.refs.poll(withinMs);
  }

  async snapshot(path: string, resolution: Pick<Resolution, "revision" | "resolvedRef">): Promise<Snapshot> {
    const { repo, caches } = this.#options;
    const wanted = { revision: resolution.revision, want: this.refs.wantOf(resolution) };
    return takeSnapshot(new CommitObjects({ repo, mirror: this.#mirror, wanted, caches }), path);
  }

  async folders(glob: string, resolution: Pick<Resolution, "revision" | "resolvedRef">): Promise<readonly string[]> {
    const { repo, caches } = this.#options;
    const wanted = { revision: resolution.revision, want: this.refs.wantOf(resolution) };
    return await matchingFolders(new CommitObjects({ repo, mirror: this.#mirror, wanted, caches }), glob);
  }

  /** See SourceStore.propose. */
  async propose(ref: string, onto: Pick<Resolution, "revision" | "resolvedRef">): Promise<Proposal> {
    const { repo, caches, settings } = this.#options;
    const found = await lookUpRef(ref, { repo, list: (prefixes) => this.#list(prefixes) });
    return propose({
      found,
      onto: { ...onto, want: this.refs.wantOf(onto) },
      checkedAt: new Date((settings.now ?? Date.now)()).toISOString(),
      place: { repo, gitdir: this.#gitdir, remote: this.#remote },
      ...{ mirror: this.#mirror, caches },
    });
  }

  async #alone(prefixes: readonly string[]): Promise<RefAnswer> {
    return { refs: await this.#list(prefixes), at: (this.#options.settings.now ?? Date.now)() };
  }

  async #list(prefixes: readonly string[]): Promise<ServerRef[]> {
    return await this.#counted("ls-refs", () => this.#remote.listRefs(prefixes));
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#mirror.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#gitdir, { recursive: true, force: true });
  }

  #watch(): RefWatch {
    const { repo, settings } = this.#options;
    return new RefWatch({
      repo,
      now: settings.now ?? Date.now,
      list: async (prefixes, withinMs) => await (this.shared?.list(prefixes, withinMs) ?? this.#alone(prefixes)),
      ...(this.shared === undefined ? {} : { firstWithinMs: Number.POSITIVE_INFINITY }),
      load: () => this.#mirror.loadRefs(),
      save: (known) => void this.#mirror.saveRefs(known),
      onTurn: (problem) => {
        if (problem === undefined) settings.log.info({ repo }, "the repository answers again");
        else
          settings.log.warn({ repo, problem }, "the repository cannot be asked; the last good revision stays in force");
      },
    });
  }

  async #counted<T>(operation: Operation, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    let ok = false;
    try {
      const result = await work();
      ok = true;
      return result;
    } finally {
      const durationMs = performance.now() - started;
      this.#options.settings.onRequest?.({ repo: this.#options.repo, operation, ok, durationMs });
    }
  }
}

export function mirrorPath(dataDir: string, url: URL): string {
  return join(dataDir, "git", `${mirrorName(url)}.git`);
}
