import { Worker } from "node:worker_threads";
import { threadScript } from "../../kit/thread-script.ts";
import { PlumblineError } from "../../model/index.ts";
import { type IndexJob, type IndexOutcome, isObject, type ParsedIndex, parseIndexHere } from "./index-parse.ts";
import { pickVersion } from "./pick-version.ts";
import type { ChartVersion } from "./types.ts";

/** Smaller indexes are read in less time than a thread takes to start. */
const INLINE_BYTES = 32 * 1024;
/** 64 MiB of YAML take five seconds. */
const DEADLINE_MS = 60_000;
const WORKER_LIMITS = { maxOldGenerationSizeMb: 1536 };

/** Errors: PL-CHART-INDEX, PL-CHART-TOO-LARGE. */
export async function parseIndex(job: IndexJob, repo: string): Promise<ChartIndex> {
  const outcome = job.bytes.length <= INLINE_BYTES ? parseIndexHere(job) : await parseInWorker(job);
  if (outcome.ok) return new ChartIndex(outcome.index, repo);
  const code = outcome.tooLarge ? "PL-CHART-TOO-LARGE" : "PL-CHART-INDEX";
  throw new PlumblineError(code, { message: `index.yaml cannot be read: ${outcome.message}`, where: repo });
}

/** The worker gives its outcome, or ends without a word: out of memory, or of time. */
async function parseInWorker(job: IndexJob): Promise<IndexOutcome> {
  const script = threadScript(new URL("./index-parse-worker.ts", import.meta.url), import.meta.url);
  const worker = new Worker(script, { workerData: job, stdout: true, stderr: true, resourceLimits: WORKER_LIMITS });
  const deadline = setTimeout(() => void worker.terminate(), DEADLINE_MS);
  try {
    return await new Promise((resolve) => {
      const silent = { ok: false, tooLarge: false, message: "it takes more memory or time than it is given" } as const;
      worker.once("message", (outcome: IndexOutcome) => resolve(outcome));
      worker.once("error", () => resolve(silent));
      worker.once("exit", () => resolve(silent));
    });
  } finally {
    clearTimeout(deadline);
  }
}

/** What one index.yaml says, kept as text but for the charts that were asked for. */
export class ChartIndex {
  readonly #bytes: Uint8Array;
  readonly #places = new Map<string, { readonly start: number; readonly end: number }>();
  readonly #repo: string;
  readonly #lists = new Map<string, VersionList<ChartVersion>>();

  constructor({ bytes, charts }: ParsedIndex, repo: string) {
    this.#bytes = bytes;
    this.#repo = repo;
    for (const { name, start, end } of charts) this.#places.set(name, { start, end });
  }

  /** Errors: PL-CHART-NOT-FOUND. */
  versionsOf(chart: string): VersionList<ChartVersion> {
    const known = this.#lists.get(chart);
    if (known !== undefined) return known;
    const place = this.#places.get(chart);
    if (place === undefined) {
      const message = `none of the ${this.#places.size} charts of the index is called ${JSON.stringify(chart)}`;
      throw new PlumblineError("PL-CHART-NOT-FOUND", { message, where: this.#repo });
    }
    const parsed: unknown = JSON.parse(Buffer.from(this.#bytes.subarray(place.start, place.end)).toString("utf8"));
    const list = new VersionList(Array.isArray(parsed) ? parsed.filter(isVersion) : [], { repo: this.#repo, chart });
    this.#lists.set(chart, list);
    return list;
  }
}

/** Our own text, read back. */
function isVersion(value: unknown): value is ChartVersion {
  return isObject(value) && typeof value["version"] === "string" && Array.isArray(value["urls"]);
}

/** The versions of one chart that its repository named at one time; each range is looked for once. */
export class VersionList<T extends { readonly version: string }> {
  readonly #versions: readonly T[];
  readonly #of: { readonly repo: string; readonly chart: string };
  readonly #picked = new Map<string, T>();

  constructor(versions: readonly T[], of: { readonly repo: string; readonly chart: string }) {
    this.#versions = versions;
    this.#of = of;
  }

  /** Errors: PL-CHART-RANGE, PL-CHART-VERSION-MISSING. */
  pick(range: string): T {
    let found = this.#picked.get(range);
    if (found === undefined) {
      found = pickVersion({ ...this.#of, range, versions: this.#versions });
      this.#picked.set(range, found);
    }
    return found;
  }
}
