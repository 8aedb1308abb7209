import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { abortable } from "../kit/abortable.ts";
import { type Problem, toProblem } from "../model/index.ts";
import { chartSnapshot } from "./charts/chart-snapshot.ts";
import { ChartSource } from "./charts/chart-source.ts";
import type { ChartArchive, ChartName, ChartRequest } from "./charts/types.ts";
import { Connections } from "./connections.ts";
import { downloadFile } from "./download.ts";
import { ObjectCaches } from "./objects.ts";
import { isMissing } from "./refs-file.ts";
import { mirrorPath, Repository } from "./repository.ts";
import { checkedUrl } from "./repository-url.ts";
import { createSharing, type Sharing } from "./shared/sharing.ts";
import type { SourceAnswer, SourceQuestion } from "./shared/types.ts";
import type { SourceName } from "./source-name.ts";
import type { PollOptions, Proposal, Resolution, Snapshot, SourceSettings, SourceStore } from "./types.ts";

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
  readonly #charts: ChartSource;

  readonly #sharing: Sharing | undefined;
  readonly #unsubscribe: (() => void) | undefined;

  constructor(settings: SourceSettings) {
    this.#settings = settings;
    const { log, shared, now: wall = Date.now } = settings;
    const sharing = shared && createSharing(shared, { log, wall });
    this.#sharing = sharing;
    this.#unsubscribe = shared?.onChange(() => this.#divided());
    this.#charts = new ChartSource({ settings, connections: this.#connections, closed: this.#closed.signal, sharing });
  }

  async poll(source: string | SourceName, options: PollOptions = {}): Promise<{ changed: boolean; problem?: Problem }> {
    const name = nameOf(source);
    const { signal, withinMs = 0 } = options;
    if (isChart(name)) return abortable(this.#charts.poll(name, withinMs), signal);
    let repository: Repository;
    try {
      repository = this.#repository(name.repo);
    } catch (error) {
      return { changed: false, problem: toProblem(error) };
    }
    return abortable(repository.poll(withinMs), signal);
  }

  askedBy(source: SourceName): string {
    if (this.#sharing === undefined) return "";
    try {
      return isChart(source) ? this.#charts.askedBy(source) : (this.#repository(source.repo).shared?.ownerId ?? "");
    } catch {
      // A URL that is refused is asked by nobody.
      return "";
    }
  }

  async answer(question: SourceQuestion): Promise<SourceAnswer> {
    if (question.ask === "versions") return await this.#charts.answer(question);
    return (await this.#repository(question.repo).shared?.answer(question)) ?? {};
  }

  #divided(): void {
    for (const { shared } of this.#all.values()) shared?.divided();
    this.#charts.divided();
  }

  async resolve(source: SourceName & { ref: string }, signal?: AbortSignal): Promise<Resolution> {
    if (isChart(source)) return abortable(this.#resolveChart(source), signal);
    return abortable(this.#repository(source.repo).refs.resolve(source.ref), signal);
  }

  async snapshot(
    source: SourceName & { path: string },
    resolution: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<Snapshot> {
    const { repo, path } = source;
    if (!isChart(source)) return abortable(this.#repository(repo).snapshot(path, resolution), signal);
    const { chart } = source;
    return abortable(chartSnapshot({ charts: this.#charts, repo, chart, path, version: resolution.revision }), signal);
  }

  async folders(
    { repo, path }: { repo: string; path: string },
    resolution: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    return abortable(this.#repository(repo).folders(path, resolution), signal);
  }

  async propose(
    source: SourceName & { ref: string },
    onto: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<Proposal> {
    if (isChart(source)) return abortable(this.#proposeChart(source), signal);
    return abortable(this.#repository(source.repo).propose(source.ref, onto), signal);
  }

  async chart(request: ChartRequest, signal?: AbortSignal): Promise<ChartArchive> {
    return abortable(this.#charts.dependency(request), signal);
  }

  async download(url: string, signal?: AbortSignal): Promise<Uint8Array> {
    const { repositories, timeoutMs = 60_000 } = this.#settings;
    const closed = this.#closed.signal;
    const work = downloadFile(new URL(url), { connections: this.#connections, repositories, timeoutMs, closed });
    return abortable(work, signal);
  }

  async retain(sources: Iterable<string | SourceName>): Promise<void> {
    const names = [...sources].map(nameOf);
    await this.#charts.retain(names.filter(isChart));
    const urls = names.filter((name) => !isChart(name)).flatMap(({ repo }) => usable(repo) ?? []);
    const kept = new Set(urls.map((url) => url.href));
    for (const [href, repository] of this.#all) {
      if (kept.has(href)) continue;
      this.#all.delete(href);
      await repository.remove();
    }
    await this.#removeFoldersBut(new Set(urls.map((url) => basename(mirrorPath(this.#settings.dataDir, url)))));
  }

  async close(): Promise<void> {
    this.#unsubscribe?.();
    this.#closed.abort();
    await Promise.all([this.#charts, ...this.#all.values()].map((one) => one.close()));
    await this.#connections.close();
  }

  async #resolveChart({ repo, chart, ref }: ChartName & { ref: string }): Promise<Resolution> {
    const { version, checkedAt, stale } = await this.#charts.resolve({ repo, chart, version: ref });
    const resolution = { revision: version, resolvedRef: `${chart}@${version}`, checkedAt };
    return stale === undefined ? resolution : { ...resolution, stale };
  }

  async #proposeChart({ repo, chart, ref }: ChartName & { ref: string }): Promise<Proposal> {
    const { version, at } = await this.#charts.look({ repo, chart, version: ref });
    return {
      resolution: { revision: version, resolvedRef: `${chart}@${version}`, checkedAt: new Date(at).toISOString() },
      head: version,
      standing: { kind: "as-it-is" },
      snapshot: (path) => chartSnapshot({ charts: this.#charts, repo, chart, path, version }),
    };
  }

  #repository(repo: string): Repository {
    const url = checkedUrl(repo);
    let repository = this.#all.get(url.href);
    if (repository === undefined) {
      const closed = this.#closed.signal;
      const [settings, connections, caches] = [this.#settings, this.#connections, this.#caches];
      const sharing = this.#sharing;
      repository = new Repository({ repo, url, settings, connections, caches, closed, sharing });
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

function nameOf(source: string | SourceName): SourceName {
  return typeof source === "string" ? { repo: source } : source;
}

function isChart<T extends SourceName>(source: T): source is T & ChartName {
  return source.chart !== undefined;
}

function usable(repo: string): URL | undefined {
  try {
    return checkedUrl(repo);
  } catch {
    // A URL that is refused never had a mirror.
    return undefined;
  }
}
