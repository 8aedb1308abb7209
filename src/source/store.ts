import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { abortable } from "../kit/abortable.ts";
import { type Problem, toProblem } from "../model/index.ts";
import { Connections } from "./connections.ts";
import { ObjectCaches } from "./objects.ts";
import { isMissing } from "./refs-file.ts";
import { mirrorPath, Repository } from "./repository.ts";
import { checkedUrl } from "./repository-url.ts";
import type { Resolution, Snapshot, SourceSettings, SourceStore } from "./types.ts";

/** All repositories of a process. Close it at the end. */
export function createSourceStore(settings: SourceSettings): SourceStore {
  return new Repositories(settings);
}

class Repositories implements SourceStore {
  readonly #settings: SourceSettings;
  readonly #connections = new Connections();
  readonly #caches = new ObjectCaches();
  readonly #closed = new AbortController();
  /** By the URL in one spelling. */
  readonly #all = new Map<string, Repository>();

  constructor(settings: SourceSettings) {
    this.#settings = settings;
  }

  async poll(repo: string, signal?: AbortSignal): Promise<{ changed: boolean; problem?: Problem }> {
    let repository: Repository;
    try {
      repository = this.#repository(repo);
    } catch (error) {
      return { changed: false, problem: toProblem(error) };
    }
    return abortable(repository.refs.poll(), signal);
  }

  async resolve({ repo, ref }: { repo: string; ref: string }, signal?: AbortSignal): Promise<Resolution> {
    return abortable(this.#repository(repo).refs.resolve(ref), signal);
  }

  async snapshot(
    { repo, path }: { repo: string; path: string },
    resolution: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<Snapshot> {
    return abortable(this.#repository(repo).snapshot(path, resolution), signal);
  }

  async retain(repos: ReadonlySet<string>): Promise<void> {
    const urls = [...repos].flatMap((repo) => usable(repo) ?? []);
    const kept = new Set(urls.map((url) => url.href));
    for (const [href, repository] of this.#all) {
      if (kept.has(href)) continue;
      this.#all.delete(href);
      await repository.remove();
    }
    await this.#removeFoldersBut(new Set(urls.map((url) => basename(mirrorPath(this.#settings.dataDir, url)))));
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all([...this.#all.values()].map((repository) => repository.close()));
    await this.#connections.close();
  }

  #repository(repo: string): Repository {
    const url = checkedUrl(repo);
    let repository = this.#all.get(url.href);
    if (repository === undefined) {
      const closed = this.#closed.signal;
      const [settings, connections, caches] = [this.#settings, this.#connections, this.#caches];
      repository = new Repository({ repo, url, settings, connections, caches, closed });
      this.#all.set(url.href, repository);
    }
    return repository;
  }

  /** Mirrors that an earlier process left, and what it left half done. */
  async #removeFoldersBut(kept: ReadonlySet<string>): Promise<void> {
    const folder = join(this.#settings.dataDir, "git");
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      const mirror = /^[0-9a-f]{64}\.git/.exec(name)?.[0];
      if (mirror !== undefined && !kept.has(mirror)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }
}

function usable(repo: string): URL | undefined {
  try {
    return checkedUrl(repo);
  } catch {
    // A URL that is refused never had a mirror.
    return undefined;
  }
}
