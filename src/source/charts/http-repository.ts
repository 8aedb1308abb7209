import { type Log, PlumblineError, type Problem } from "../../model/index.ts";
import { type ChartIndex, parseIndex } from "./chart-index.ts";
import { type ChartLocation, checkedChartUrl, registryOrigin } from "./chart-url.ts";
import { type ChartWeb, unreadable, type WholeAnswer } from "./chart-web.ts";
import { LastGood } from "./last-good.ts";
import { MAX_ARCHIVE_BYTES, MAX_INDEX_BYTES } from "./limits.ts";
import { OciRegistry } from "./oci-registry.ts";
import type { ChartRepository, ChartVersion, FoundVersion } from "./types.ts";

export interface RepositoryOptions {
  readonly location: ChartLocation;
  readonly web: ChartWeb;
  readonly log: Log;
  readonly now: () => number;
  /** For archives. */
  readonly maxArchiveBytes?: number;
}

interface Held {
  readonly index: ChartIndex;
  readonly etag: string;
  readonly lastModified: string;
}

/** A Helm repository: index.yaml, and the archives that it names. Source: Helm, "The Chart Repository Guide". */
export class HttpRepository implements ChartRepository {
  readonly #options: RepositoryOptions;
  readonly #index: LastGood<Held>;

  constructor(options: RepositoryOptions) {
    this.#options = options;
    const { now } = options;
    this.#index = new LastGood({ ask: (previous) => this.#ask(previous), now, onTurn: turnLogger(options) });
  }

  async refresh(): Promise<Problem | undefined> {
    return this.#index.refresh();
  }

  async refreshOlder(_chart: string, ms: { readonly good: number; readonly failed: number }): Promise<boolean> {
    return this.#index.refreshOlder(ms);
  }

  async find(chart: string, range: string): Promise<FoundVersion> {
    const { value, ...age } = await this.#index.read();
    return { found: value.index.versionsOf(chart).pick(range), ...age };
  }

  async download(_chart: string, version: ChartVersion): Promise<Uint8Array> {
    const { location, maxArchiveBytes = MAX_ARCHIVE_BYTES, web } = this.#options;
    const address = version.urls[0] ?? "";
    if (/^oci:\/\//i.test(address)) return this.#fromRegistry(address);
    const url = this.#archiveUrl(version, address);
    const own = await web.accessOf(location.href);
    const trustedOrigin = location.url.origin;
    const access = url.origin === trustedOrigin ? own : await web.accessElsewhere(url, own);
    const { repo } = location;
    return (await web.get({ repo, operation: "archive", url, access, trustedOrigin, maxBytes: maxArchiveBytes })).body;
  }

  async #ask(previous: Held | undefined): Promise<Held> {
    const { location, web } = this.#options;
    const { repo, url, href } = location;
    const headers = { ...conditions(previous), "accept-encoding": "gzip" };
    const answer = await web.get({
      repo,
      operation: "index",
      url: new URL(`${url.href.replace(/\/$/, "")}/index.yaml`),
      access: await web.accessOf(href),
      trustedOrigin: url.origin,
      maxBytes: MAX_INDEX_BYTES,
      headers,
      accept: [304],
    });
    if (answer.status === 304 && previous !== undefined) return previous;
    return heldOf(answer, repo);
  }

  /** Relative ones stand beside index.yaml. Errors: PL-CHART-URL. */
  #archiveUrl({ version, digest }: ChartVersion, address: string): URL {
    const { repo, url: base } = this.#options.location;
    const folder = `${base.href.replace(/\/$/, "")}/`;
    const fail = (why: string): PlumblineError =>
      new PlumblineError("PL-CHART-URL", { message: `the archive's URL of version ${version} ${why}`, where: repo });
    if (!URL.canParse(address, folder)) throw fail("is no URL");
    const url = new URL(address, folder);
    if (url.protocol !== "http:" && url.protocol !== "https:") throw fail("is neither http, https nor oci");
    if (url.username !== "" || url.password !== "") throw fail("carries a user or password");
    if (base.protocol === "https:" && url.protocol === "http:" && digest === undefined)
      throw fail("leads from https to http, and the index has no digest to compare the archive with");
    return url;
  }

  /** Some indexes lead to a registry, oci://host/folder/chart:tag. It is asked without credentials: the index chose it, not the user. */
  async #fromRegistry(address: string): Promise<Uint8Array> {
    const { location, web, now, maxArchiveBytes = MAX_ARCHIVE_BYTES } = this.#options;
    const { repo } = location;
    const [, path = "", tag = ""] = /^(.*?):([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(address) ?? [];
    const { url } = checkedChartUrl(path);
    const elsewhere = await web.accessElsewhere(url, {});
    const origin = registryOrigin(url, elsewhere.ca !== undefined);
    const registry = new OciRegistry({ repo, web, now, locate: async () => ({ access: elsewhere, origin }) });
    const name = url.pathname.slice(1);
    const layer = await registry.layer(name, tag);
    if (layer === undefined) throw unreadable(repo, "the registry that the index leads to does not have this version");
    return registry.blob(name, layer, maxArchiveBytes);
  }
}

function conditions(previous: Held | undefined): { readonly [header: string]: string } {
  if (previous === undefined) return {};
  if (previous.etag !== "") return { "if-none-match": previous.etag };
  return previous.lastModified === "" ? {} : { "if-modified-since": previous.lastModified };
}

async function heldOf(answer: WholeAnswer, repo: string): Promise<Held> {
  if (answer.status !== 200) throw unreadable(repo, `status ${answer.status} for a question without a condition`);
  const gzip = answer.header("content-encoding").toLowerCase() === "gzip";
  const index = await parseIndex({ bytes: answer.body, gzip }, repo);
  return { index, etag: answer.header("etag"), lastModified: answer.header("last-modified") };
}

/** Says once that a repository went away, and once that it is back. */
export function turnLogger({ log, location: { repo } }: Pick<RepositoryOptions, "log" | "location">) {
  return (problem: Problem | undefined): void => {
    if (problem === undefined) log.info({ repo }, "the chart repository answers again");
    else log.warn({ repo, problem }, "the chart repository cannot be asked; the last good version stays in force");
  };
}
