import semver from "semver";
import { PlumblineError, type Problem } from "../../model/index.ts";
import { VersionList } from "./chart-index.ts";
import { ociName, registryOrigin } from "./chart-url.ts";
import { type RepositoryOptions, turnLogger } from "./http-repository.ts";
import { LastGood } from "./last-good.ts";
import { MAX_ARCHIVE_BYTES } from "./limits.ts";
import { type ChartLayer, OciRegistry } from "./oci-registry.ts";
import { isExact } from "./pick-version.ts";
import type { ChartRepository, ChartVersion, FoundVersion } from "./types.ts";

type Tags = VersionList<{ readonly version: string }>;
type KnownLayer = ChartLayer & { readonly at: number };

/** What was asked for of one chart. */
interface Chart {
  /** The registry's name for it. */
  readonly name: string;
  readonly tags: LastGood<Tags>;
  /** Somebody wants a range: only then the tags can say something new. */
  ranged: boolean;
  /** By version. A version is a promise: what it is, is asked once. */
  readonly layers: Map<string, Promise<KnownLayer | undefined>>;
}

/** Charts in a folder of a registry, one repository a chart, one tag a version. Source: Helm, "Use OCI-based registries". */
export class OciRepository implements ChartRepository {
  readonly #options: RepositoryOptions;
  readonly #registry: OciRegistry;
  readonly #charts = new Map<string, Chart>();

  constructor(options: RepositoryOptions) {
    this.#options = options;
    const { location, web, now } = options;
    const locate = async () => {
      const access = await web.accessOf(location.href);
      return { access, origin: registryOrigin(location.url, access.ca !== undefined) };
    };
    this.#registry = new OciRegistry({ repo: location.repo, web, now, locate });
  }

  /** Nothing is asked for where everybody wants one version each. */
  async refresh(chart: string): Promise<Problem | undefined> {
    const known = this.#charts.get(chart);
    return known?.ranged === true ? known.tags.refresh() : undefined;
  }

  async refreshOlder(chart: string, ms: { readonly good: number; readonly failed: number }): Promise<boolean> {
    const known = this.#charts.get(chart);
    return known?.ranged === true && (await known.tags.refreshOlder(ms));
  }

  /** One version is asked for by its tag, as not every registry lists its tags to everybody. */
  async find(chart: string, range: string): Promise<FoundVersion> {
    const known = this.#chart(chart);
    const exact = isExact(range) ? await this.#layer(known, range) : undefined;
    if (exact !== undefined) return foundVersion(range, exact);
    known.ranged = true;
    const { value, ...age } = await known.tags.read();
    const { version } = value.pick(range);
    const layer = await this.#layer(known, version);
    if (layer === undefined) throw this.#gone(chart, version);
    return { ...foundVersion(version, layer), ...age };
  }

  async download(chart: string, version: ChartVersion): Promise<Uint8Array> {
    const { maxArchiveBytes = MAX_ARCHIVE_BYTES } = this.#options;
    const known = this.#chart(chart);
    const digest = version.digest ?? "";
    const size = (await this.#layer(known, version.version))?.size ?? 0;
    return this.#registry.blob(known.name, { digest, size }, maxArchiveBytes);
  }

  #gone(chart: string, version: string): PlumblineError {
    const message = `version ${version} of the chart ${chart} is listed, and is not there`;
    return new PlumblineError("PL-CHART-VERSION-MISSING", { message, where: this.#options.location.repo });
  }

  #of(chart: string): { repo: string; chart: string } {
    return { repo: this.#options.location.repo, chart };
  }

  #chart(chart: string): Chart {
    let known = this.#charts.get(chart);
    if (known === undefined) {
      const name = ociName(this.#options.location, chart);
      const tags = new LastGood({
        ask: async () => new VersionList(versionsOf(await this.#registry.tags(name)), this.#of(chart)),
        now: this.#options.now,
        onTurn: turnLogger(this.#options),
      });
      known = { name, tags, ranged: false, layers: new Map() };
      this.#charts.set(chart, known);
    }
    return known;
  }

  async #layer({ name, layers }: Chart, version: string): Promise<KnownLayer | undefined> {
    let asked = layers.get(version);
    if (asked === undefined) {
      asked = this.#askLayer(name, version);
      layers.set(version, asked);
    }
    try {
      const layer = await asked;
      if (layer === undefined) layers.delete(version);
      return layer;
    } catch (error) {
      layers.delete(version);
      throw error;
    }
  }

  async #askLayer(name: string, version: string): Promise<KnownLayer | undefined> {
    // A tag cannot hold a plus. Source: Helm, pkg/registry.
    const layer = await this.#registry.layer(name, version.replaceAll("+", "_"));
    return layer === undefined ? undefined : { ...layer, at: this.#options.now() };
  }
}

function foundVersion(version: string, { digest, created, at }: KnownLayer): FoundVersion {
  return { found: { version, digest, urls: [], ...(created === undefined ? {} : { created }) }, at };
}

/** Other tags, like "latest" or those of signatures, are no versions. */
function versionsOf(tags: readonly string[]): { version: string }[] {
  return tags
    .map((tag) => tag.replaceAll("_", "+"))
    .filter((version) => /^\d/.test(version) && semver.valid(version) !== null)
    .map((version) => ({ version }));
}
