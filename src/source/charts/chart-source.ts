import { join } from "node:path";
import { sha256 } from "../../kit/hash.ts";
import { PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import type { Connections } from "../connections.ts";
import { SharedCharts } from "../shared/shared-charts.ts";
import type { Sharing } from "../shared/sharing.ts";
import type { SourceAnswer, SourceQuestion } from "../shared/types.ts";
import type { SourceSettings } from "../types.ts";
import { ArchiveCache } from "./archive-cache.ts";
import { type ChartLocation, checkedChartUrl, ociName } from "./chart-url.ts";
import { ChartWatch } from "./chart-watch.ts";
import { ChartWeb } from "./chart-web.ts";
import { HttpRepository } from "./http-repository.ts";
import { KeptVersions } from "./kept-versions.ts";
import {
  DEPENDENCY_FRESH_MS,
  DEPENDENCY_IDLE_MS,
  DEPENDENCY_RETRY_MS,
  MAX_ARCHIVE_BYTES,
  MAX_CACHE_BYTES,
} from "./limits.ts";
import { OciRepository } from "./oci-repository.ts";
import { isExact, rangeOf } from "./pick-version.ts";
import type { ChartArchive, ChartName, ChartRepository, ChartRequest, ResolvedChart } from "./types.ts";

export interface ChartSourceOptions {
  readonly settings: SourceSettings;
  readonly connections: Connections;
  /** Ends every request. */
  readonly closed: AbortSignal;
  /** Absent: this process is the only one. */
  readonly sharing?: Sharing | undefined;
}

interface OneRepository {
  readonly location: ChartLocation;
  readonly repository: ChartRepository;
  /** The same, where several replicas share it. */
  readonly shared: SharedCharts | undefined;
  readonly watches: Map<string, OneChart>;
}

interface OneChart {
  readonly watch: ChartWatch;
  /** Milliseconds since the epoch: when a chart's dependency last led here. */
  neededAt: number;
}

/** Charts of Helm repositories and registries, for applications and for the dependencies of charts. */
export class ChartSource {
  readonly #options: ChartSourceOptions;
  readonly #now: () => number;
  readonly #web: ChartWeb;
  readonly #cache: ArchiveCache;
  readonly #kept: KeptVersions;
  /** By href. */
  readonly #all = new Map<string, OneRepository>();
  readonly #downloads = new Map<string, Promise<ChartArchive>>();

  constructor(options: ChartSourceOptions) {
    this.#options = options;
    const { settings, connections, closed } = options;
    const { dataDir, log, repositories, timeoutMs = 60_000, onChartRequest = () => undefined } = settings;
    this.#now = settings.now ?? Date.now;
    this.#web = new ChartWeb({ connections, repositories, timeoutMs, closed, onRequest: onChartRequest });
    const folder = join(dataDir, "charts");
    const maxBytes = settings.charts?.maxCacheBytes ?? MAX_CACHE_BYTES;
    this.#cache = new ArchiveCache({ folder, maxBytes, log, now: this.#now });
    this.#kept = new KeptVersions({ folder: join(folder, "versions"), log });
  }

  /** Asks the repository anew. Never throws for one that is away. */
  async poll(name: ChartName, withinMs: number): Promise<{ changed: boolean; problem?: Problem }> {
    try {
      return await this.#chart(name).watch.poll(withinMs);
    } catch (error) {
      return { changed: false, problem: toProblem(error) };
    }
  }

  /** Id of the replica that asks for it; "" for this process. Errors: PL-CHART-URL. */
  askedBy({ repo, chart }: ChartName): string {
    return this.#repository(repo).shared?.ownerId(chart) ?? "";
  }

  /** For another replica. Errors: PL-CHART-URL. */
  async answer(question: Extract<SourceQuestion, { ask: "versions" }>): Promise<SourceAnswer> {
    return (await this.#repository(question.repo).shared?.answer(question)) ?? {};
  }

  /** Other replicas may ask for some of them now. */
  divided(): void {
    for (const { shared } of this.#all.values()) shared?.divided();
  }

  /** What the last poll said; asks first when there was none. Errors: PL-CHART-*. */
  async resolve(request: ChartRequest): Promise<ResolvedChart> {
    return this.#chart(request).watch.resolve(request.version);
  }

  /** A version, or the newest of a range, that nobody follows: asked for now. Errors: PL-CHART-*. */
  async look({ repo, chart, version }: ChartRequest): Promise<{ readonly version: string; readonly at: number }> {
    const { repository } = this.#repository(repo);
    await repository.refreshOlder(chart, { good: DEPENDENCY_RETRY_MS, failed: DEPENDENCY_RETRY_MS });
    const { found, at } = await repository.find(chart, rangeOf(version));
    return { version: found.version, at };
  }

  /** The archive of an exact version. With the digest in hand nothing is asked when it is in the cache. Errors: PL-CHART-*. */
  async archive(request: ChartRequest & { readonly digest?: string }): Promise<ChartArchive> {
    const { version } = request;
    const digest = request.digest ?? this.known(request).digest;
    const bytes = digest === undefined ? undefined : await this.#cache.read(digest);
    if (digest !== undefined && bytes !== undefined) return { version, digest, bytes };
    return this.#download(request, request.digest);
  }

  /** What is known of an exact version that was resolved before, without asking. */
  known(request: ChartRequest): { readonly digest?: string; readonly created?: string } {
    return this.#chart(request).watch.known(request.version);
  }

  /**
   * A chart's dependency: resolved and fetched. Nobody polls its repository, so a range is looked up anew when the last answer is older
   * than a minute; an exact version only when the last answer does not have it. Errors: PL-CHART-*.
   */
  async dependency(request: ChartRequest): Promise<ChartArchive> {
    const chart = this.#chart(request);
    chart.neededAt = this.#now();
    const { version } = await this.#resolveFresh(chart.watch, request);
    return this.archive({ ...request, version });
  }

  /** Forgets repositories that no application names and no dependency led to lately. */
  async retain(names: readonly ChartName[]): Promise<void> {
    const kept = new Set(names.flatMap(({ repo, chart }) => placeOf(repo, chart) ?? []));
    for (const [href, { watches }] of this.#all) {
      for (const [chart, { neededAt }] of watches)
        if (!kept.has(`${href} ${chart}`) && this.#now() - neededAt > DEPENDENCY_IDLE_MS) watches.delete(chart);
      if (watches.size === 0) this.#all.delete(href);
    }
    await this.#kept.removeOld(this.#now());
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#downloads.values());
    await this.#kept.settled();
  }

  async #resolveFresh(watch: ChartWatch, request: ChartRequest): Promise<ResolvedChart> {
    const repository = this.#repository(request.repo).repository;
    const refresh = () =>
      repository.refreshOlder(request.chart, { good: DEPENDENCY_FRESH_MS, failed: DEPENDENCY_RETRY_MS });
    if (!isExact(rangeOf(request.version))) await refresh();
    try {
      return await watch.resolve(request.version);
    } catch (error) {
      if (!(await refresh())) throw error;
      return watch.resolve(request.version);
    }
  }

  /** Who asks for the same archive at the same time shares the download. */
  async #download(request: ChartRequest, digest: string | undefined): Promise<ChartArchive> {
    const { repo, chart, version } = request;
    const key = JSON.stringify([repo, chart, version, digest]);
    let shared = this.#downloads.get(key);
    if (shared === undefined) {
      shared = this.#fetch(request, digest).finally(() => this.#downloads.delete(key));
      this.#downloads.set(key, shared);
    }
    return shared;
  }

  /** Errors: PL-CHART-DIGEST when the archive is not what was promised; it is not kept. */
  async #fetch({ repo, chart, version }: ChartRequest, wanted: string | undefined): Promise<ChartArchive> {
    const { repository } = this.#repository(repo);
    const { found } = await repository.find(chart, version);
    const promised = wanted ?? found.digest;
    if (promised !== undefined && found.digest !== undefined && promised !== found.digest)
      throw wrong({ repo, chart, version }, `was ${promised}, and the repository now has ${found.digest}`);
    const bytes = await repository.download(chart, found);
    const digest = sha256(bytes);
    if (promised !== undefined && digest !== promised)
      throw wrong({ repo, chart, version }, `is ${digest}, and ${promised} was promised`);
    await this.#cache.write(digest, bytes);
    this.#chart({ repo, chart }).watch.measured(found.version, digest);
    return { version: found.version, digest, bytes };
  }

  #repository(repo: string): OneRepository {
    const location = checkedChartUrl(repo);
    let one = this.#all.get(location.href);
    if (one === undefined) {
      const { settings, sharing } = this.#options;
      const maxArchiveBytes = settings.charts?.maxArchiveBytes ?? MAX_ARCHIVE_BYTES;
      const options = { location, web: this.#web, log: settings.log, now: this.#now, maxArchiveBytes };
      const alone = location.kind === "oci" ? new OciRepository(options) : new HttpRepository(options);
      const shared = sharing && new SharedCharts({ location, sharing, alone });
      one = { location, repository: shared ?? alone, shared, watches: new Map() };
      this.#all.set(location.href, one);
    }
    return one;
  }

  #chart({ repo, chart }: ChartName): OneChart {
    const { location, repository, watches } = this.#repository(repo);
    let one = watches.get(chart);
    if (one === undefined) {
      if (location.kind === "oci") ociName(location, chart);
      const { href } = location;
      const watch = new ChartWatch({ repository, href, chart, kept: this.#kept, now: this.#now });
      one = { watch, neededAt: Number.NEGATIVE_INFINITY };
      watches.set(chart, one);
    }
    return one;
  }
}

function wrong({ repo, chart, version }: ChartRequest, what: string): PlumblineError {
  const message = `the digest of ${chart} ${version} ${what}`;
  return new PlumblineError("PL-CHART-DIGEST", { message, where: repo });
}

function placeOf(repo: string, chart: string): string | undefined {
  try {
    return `${checkedChartUrl(repo).href} ${chart}`;
  } catch {
    // A URL that is refused was never watched.
    return undefined;
  }
}
