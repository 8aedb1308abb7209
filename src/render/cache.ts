import type { Snapshot } from "../source/index.ts";
import { plainKey, renderPlain } from "./plain.ts";
import type { RenderResult } from "./types.ts";

export interface RendererOptions {
  /** Most bytes of manifests (as JSON, about) that are kept. Default 64 MiB; 0 keeps nothing. */
  readonly cacheBytes?: number;
}

export interface Renderer {
  /** As renderPlain, out of memory where the same files were rendered before. Ends early for this caller alone when `signal` says so. */
  render(snapshot: Snapshot, signal?: AbortSignal): Promise<RenderResult>;
}

interface Kept {
  readonly result: RenderResult;
  readonly bytes: number;
}

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

/** Renders each state of a path once, however many ask at once, and keeps the results that were asked for last. */
export function createRenderer({ cacheBytes = DEFAULT_CACHE_BYTES }: RendererOptions = {}): Renderer {
  const kept = createKept(cacheBytes);
  const running = new Map<string, Promise<RenderResult>>();
  const start = (key: string, snapshot: Snapshot): Promise<RenderResult> => {
    const work = renderPlain(snapshot)
      .then((result) => {
        kept.add(key, result);
        return result;
      })
      .finally(() => running.delete(key));
    running.set(key, work);
    return work;
  };
  return {
    async render(snapshot, signal) {
      signal?.throwIfAborted();
      const key = plainKey(snapshot);
      const result = kept.get(key) ?? (await unlessAborted(running.get(key) ?? start(key, snapshot), signal));
      return from(result, snapshot);
    },
  };
}

/** Least recently used goes first: a Map keeps the order of adding. */
function createKept(cacheBytes: number): {
  get(key: string): RenderResult | undefined;
  add(key: string, result: RenderResult): void;
} {
  const entries = new Map<string, Kept>();
  let bytes = 0;
  return {
    get(key) {
      const found = entries.get(key);
      if (found === undefined) return undefined;
      entries.delete(key);
      entries.set(key, found);
      return found.result;
    },
    add(key, result) {
      const entry = { result, bytes: sizeOf(result) };
      if (entry.bytes > cacheBytes || entries.has(key)) return;
      entries.set(key, entry);
      bytes += entry.bytes;
      for (const [oldest, { bytes: freed }] of entries) {
        if (bytes <= cacheBytes) return;
        entries.delete(oldest);
        bytes -= freed;
      }
    },
  };
}

function sizeOf({ manifests, problems, warnings }: RenderResult): number {
  return JSON.stringify([manifests, problems, warnings]).length;
}

/** The same files in another commit, or another repository: only the origins say where they were read. */
function from(result: RenderResult, { repo, revision }: Snapshot): RenderResult {
  const first = result.manifests[0]?.origin;
  if (first === undefined || (first.repo === repo && first.revision === revision)) return result;
  const manifests = result.manifests.map((manifest) => ({
    ...manifest,
    origin: { ...manifest.origin, repo, revision },
  }));
  return { ...result, manifests };
}

/** The work itself goes on, for whoever else waits for it and for the cache. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
