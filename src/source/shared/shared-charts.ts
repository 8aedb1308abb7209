import { PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import type { ChartLocation } from "../charts/chart-url.ts";
import { DEPENDENCY_FRESH_MS, DEPENDENCY_RETRY_MS } from "../charts/limits.ts";
import type { ChartRepository, ChartVersion, FoundVersion } from "../charts/types.ts";
import { newness } from "./newness.ts";
import { withinPatience } from "./patience.ts";
import { type Awaited, Rounds } from "./rounds.ts";
import type { Sharing } from "./sharing.ts";
import type { RepositoryOwner, SourceAnswer, SourceQuestion } from "./types.ts";
import { printVersionsAnswer, readVersionsAnswer, type ToldVersion, type ToldVersions } from "./versions-answer.ts";

export interface SharedChartsOptions {
  readonly location: ChartLocation;
  readonly sharing: Sharing;
  /** The way to the repository itself. */
  readonly alone: ChartRepository;
}

/** What is known of one chart. */
interface Chart {
  /** Whose it was when that was looked at last. */
  owner: string;
  /** Every range that was asked for; what another replica told of it last. */
  readonly ranges: Map<string, ToldVersion | undefined>;
  /** What each range meant when this replica asked for all last. */
  readonly meanings: Map<string, string>;
  /** Who told it last ("" for this replica), and when the repository was asked at the latest, by the monotonic clock. */
  last: { readonly by: string; readonly before: number } | undefined;
  problem: Problem | undefined;
}

interface Looked {
  readonly problem: Problem | undefined;
  /** Charts of which a range means something else than before. */
  readonly news: readonly string[];
}

type Asked = Rounds<Looked>;
type VersionsQuestion = Extract<SourceQuestion, { ask: "versions" }>;

const EVER = Number.POSITIVE_INFINITY;

/**
 * The versions of a repository's charts, for which one of several replicas asks for all: its index, or the tags of each chart. Archives are fetched by each replica itself.
 */
export class SharedCharts implements ChartRepository {
  readonly #options: SharedChartsOptions;
  readonly #charts = new Map<string, Chart>();
  /** By the name in the division. */
  readonly #rounds = new Map<string, Asked>();

  constructor(options: SharedChartsOptions) {
    this.#options = options;
  }

  ownerId(chart: string): string {
    return this.#owner(chart)?.id ?? "";
  }

  divided(): void {
    for (const [name, chart] of this.#charts) this.#dividedOne(name, chart);
  }

  #dividedOne(name: string, chart: Chart): void {
    const id = this.ownerId(name);
    if (id === chart.owner) return;
    this.#rounds.delete(this.#key(name));
    chart.owner = id;
    chart.meanings.clear();
  }

  async refresh(name: string, withinMs = 0): Promise<Problem | undefined> {
    const chart = this.#chart(name);
    const owner = this.#owner(name);
    if (owner === undefined) return (await this.#round(name, withinMs === EVER ? EVER : 0).done).value.problem;
    if (chart.ranges.size === 0 && withinMs > 0) return undefined;
    const told = await this.#ask(owner, { name, chart, ranges: [...chart.ranges.keys()], withinMs });
    return told === undefined ? await this.#options.alone.refresh(name) : told.problem;
  }

  async refreshOlder(name: string, { good, failed }: { good: number; failed: number }): Promise<boolean> {
    const chart = this.#chart(name);
    const owner = this.#owner(name);
    const { now } = this.#options.sharing;
    const since = now();
    const withinMs = chart.problem === undefined ? good : failed;
    if (owner === undefined) return (await this.#round(name, withinMs).done).beganAt >= since;
    if (chart.last !== undefined && since - chart.last.before < withinMs) return false;
    const told = await this.#ask(owner, { name, chart, ranges: [...chart.ranges.keys()], withinMs });
    return told === undefined ? await this.#options.alone.refreshOlder(name, { good, failed }) : true;
  }

  async find(name: string, range: string): Promise<FoundVersion> {
    const chart = this.#chart(name);
    const owner = this.#owner(name);
    if (owner === undefined) return await this.#findHere(name, range);
    if (chart.ranges.get(range) === undefined) {
      chart.ranges.set(range, undefined);
      await this.#ask(owner, { name, chart, ranges: [range], withinMs: EVER });
    }
    const told = chart.ranges.get(range);
    if (told === undefined) return await this.#findAlone(name, range);
    if ("problem" in told) throw asError(told.problem);
    return told;
  }

  async download(name: string, version: ChartVersion): Promise<Uint8Array> {
    return await this.#options.alone.download(name, version);
  }

  /** For another replica. Asked by mistake, this one asks the repository, and nobody else. */
  async answer({ chart: name, ranges, withinMs, after }: VersionsQuestion): Promise<SourceAnswer> {
    this.#chart(name);
    const { now, wall } = this.#options.sharing;
    const newest = this.#owner(name) === undefined ? (withinMs ?? EVER) : 0;
    const awaited = this.#round(name, newest, after);
    const told = await withinPatience(
      awaited.done.then(async ({ beganAt, value: { problem } }): Promise<ToldVersions> => {
        const versions = ranges.map(async (range) => [range, await this.#meant(name, range)] as const);
        const known = { ageMs: now() - beganAt, versions: new Map(await Promise.all(versions)) };
        return problem === undefined ? known : { ...known, problem };
      }),
    );
    return told === undefined ? { pending: awaited.after } : printVersionsAnswer(told, wall());
  }

  #key(name: string): string {
    const { kind, href } = this.#options.location;
    return kind === "oci" ? `charts ${href} ${name}` : `charts ${href}`;
  }

  #owner(name: string): RepositoryOwner | undefined {
    return this.#options.sharing.sources.ownerOf(this.#key(name));
  }

  #chart(name: string): Chart {
    let chart = this.#charts.get(name);
    if (chart === undefined) {
      const owner = this.ownerId(name);
      chart = { owner, ranges: new Map(), meanings: new Map(), last: undefined, problem: undefined };
      this.#charts.set(name, chart);
    }
    this.#dividedOne(name, chart);
    return chart;
  }

  /** Undefined: the owner is away. What it told before counts no more then. */
  async #ask(
    owner: RepositoryOwner,
    { name, chart, ranges, withinMs }: { name: string; chart: Chart; ranges: readonly string[]; withinMs: number },
  ): Promise<ToldVersions | undefined> {
    const { sharing, location } = this.#options;
    const { last } = chart;
    const newest =
      last === undefined || last.by === owner.id ? withinMs : Math.min(withinMs, sharing.now() - last.before);
    const question = { ask: "versions", repo: location.repo, chart: name, ranges, ...newness(newest) } as const;
    const told = await sharing.owners.ask(owner, question, (answer) =>
      readVersionsAnswer(answer, { ranges, wall: sharing.wall() }),
    );
    for (const range of ranges) chart.ranges.set(range, told?.versions.get(range));
    chart.problem = told?.problem;
    chart.last =
      told === undefined ? { by: "", before: sharing.now() } : { by: owner.id, before: sharing.now() - told.ageMs };
    return told;
  }

  #round(name: string, withinMs: number, after?: number): Awaited<Looked> {
    const { sharing, location } = this.#options;
    const { now, draw, sources } = sharing;
    const key = this.#key(name);
    const rounds =
      this.#rounds.get(key) ??
      new Rounds({
        ...{ now, draw, merged: () => [], covers: () => true },
        ask: () => this.#askRepository(name, key),
        onEnd: ({ news }) => {
          for (const chart of news) sources.moved({ repo: location.repo, chart });
        },
      });
    this.#rounds.set(key, rounds);
    return rounds.take({ names: [], withinMs, ...(after === undefined ? {} : { after }) });
  }

  async #askRepository(name: string, key: string): Promise<Looked> {
    const { alone, sharing } = this.#options;
    const news: string[] = [];
    const before = sharing.now();
    const problem = await alone.refresh(name).catch(toProblem);
    for (const [other, chart] of this.#charts) {
      if (this.#key(other) !== key) continue;
      chart.last = { by: "", before };
      chart.problem = problem;
      if (await this.#isNews(other, chart)) news.push(other);
    }
    return { problem, news };
  }

  /** Whether a range means something else than it did. */
  async #isNews(name: string, { ranges, meanings }: Chart): Promise<boolean> {
    let isNews = false;
    for (const range of ranges.keys()) {
      const told = await this.#foundAlone(name, range);
      const meaning = meaningOf(told);
      if (meanings.get(range) !== undefined && meanings.get(range) !== meaning) isNews = true;
      meanings.set(range, meaning);
    }
    return isNews;
  }

  /** As this replica knows it since it asks for all. */
  async #findHere(name: string, range: string): Promise<FoundVersion> {
    await this.#round(name, EVER).done;
    const told = await this.#meant(name, range);
    if ("problem" in told) throw asError(told.problem);
    return told;
  }

  async #meant(name: string, range: string): Promise<ToldVersion> {
    const chart = this.#chart(name);
    const told = await this.#foundAlone(name, range);
    if (!chart.ranges.has(range)) chart.ranges.set(range, undefined);
    if (!chart.meanings.has(range)) chart.meanings.set(range, meaningOf(told));
    return told;
  }

  async #foundAlone(name: string, range: string): Promise<ToldVersion> {
    return await this.#options.alone.find(name, range).catch((error: unknown) => ({ problem: toProblem(error) }));
  }

  /** What this replica knows itself may be of long ago. */
  async #findAlone(name: string, range: string): Promise<FoundVersion> {
    const { alone } = this.#options;
    await alone.refreshOlder(name, { good: DEPENDENCY_FRESH_MS, failed: DEPENDENCY_RETRY_MS });
    return await alone.find(name, range);
  }
}

function meaningOf(told: ToldVersion): string {
  if ("problem" in told) return told.problem.code;
  const { found, failing } = told;
  return `${found.version} ${found.digest ?? ""} ${failing === undefined ? "" : "away"}`;
}

function asError({ code, message, where, next }: Problem): PlumblineError {
  return new PlumblineError(code, { message, next, ...(where === undefined ? {} : { where }) });
}
