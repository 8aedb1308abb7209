import { abortable } from "../../kit/abortable.ts";
import { PlumblineError } from "../../model/index.ts";
import { abortError, busyError, spoiltError } from "./engine-error.ts";
import { type Answerer, EngineWorker } from "./engine-worker.ts";
import { PAGE_BYTES, withMemoryCeiling } from "./memory-ceiling.ts";
import type { Job, Rendered } from "./protocol.ts";

export interface EngineOptions {
  /** The module's bytes. Read when the first render asks. Errors: PL-ENGINE-MISSING. */
  readonly load: () => Promise<Uint8Array>;
  /** Part of every key: other engines may render otherwise. Known only where there is a module. */
  readonly version: () => Promise<string>;
  /** Renders at once. Default 2. */
  readonly workers?: number;
  /** Milliseconds that one render may compute. Default 20,000. */
  readonly deadlineMs?: number;
  /** Most memory of one instance, in bytes. Default 256 MiB. */
  readonly memoryBytes?: number;
  /** Renders that may wait. Default 10,000. */
  readonly queue?: number;
  /** Milliseconds after which an idle thread is ended. Default 30,000. */
  readonly idleMs?: number;
}

/** Helm's and Kustomize's engines, in threads of their own, started when they are needed. */
export interface Engine {
  readonly version: () => Promise<string>;
  /** Errors: PL-ENGINE-MISSING, PL-RENDER-*. What a template does wrong is in the answer. */
  render(job: Job, answer: Answerer, signal?: AbortSignal): Promise<Rendered>;
  close(): Promise<void>;
}

interface Waiting {
  readonly start: (worker: EngineWorker) => void;
}

const MIB = 2 ** 20;
/** An instance that has grown beyond this is replaced: its memory never shrinks. */
const RETIRE_BYTES = 112 * MIB;

export function createEngine(options: EngineOptions): Engine {
  return new WorkerPool(options);
}

class WorkerPool implements Engine {
  readonly #options: EngineOptions;
  readonly #workers = new Set<EngineWorker>();
  /** Each with the timer that ends it; the last one was used last. */
  readonly #idle = new Map<EngineWorker, NodeJS.Timeout>();
  readonly #waiting: Waiting[] = [];
  readonly #closing = new AbortController();
  #module: Promise<WebAssembly.Module> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  version(): Promise<string> {
    return this.#options.version();
  }

  async render(job: Job, answer: Answerer, signal?: AbortSignal): Promise<Rendered> {
    const ends = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    try {
      const module = await abortable(this.#compiled(), ends);
      const worker = await this.#worker(module, ends);
      try {
        return await worker.render(job, answer, ends);
      } finally {
        this.#release(worker);
      }
    } catch (error) {
      throw ends.aborted && error === ends.reason ? abortError(error) : error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "the renderer is being closed" }));
    for (const timer of this.#idle.values()) clearTimeout(timer);
    await Promise.all([...this.#workers].map((worker) => worker.end()));
  }

  /** Compiled once, for all threads; tried again after an error. */
  #compiled(): Promise<WebAssembly.Module> {
    this.#module ??= this.#compile().catch((error: unknown) => {
      this.#module = undefined;
      throw error;
    });
    return this.#module;
  }

  async #compile(): Promise<WebAssembly.Module> {
    const { load, memoryBytes = 256 * MIB } = this.#options;
    const bytes = await load();
    try {
      return await WebAssembly.compile(withMemoryCeiling(bytes, Math.floor(memoryBytes / PAGE_BYTES)));
    } catch (error) {
      throw spoiltError(error);
    }
  }

  async #worker(module: WebAssembly.Module, signal: AbortSignal): Promise<EngineWorker> {
    const idle = this.#takeIdle();
    if (idle !== undefined) return idle;
    const { workers = 2, queue = 10_000 } = this.#options;
    if (this.#workers.size < workers) return this.#start(module);
    if (this.#waiting.length >= queue) throw busyError(this.#waiting.length);
    const { promise, resolve } = Promise.withResolvers<EngineWorker>();
    const waiting: Waiting = { start: resolve };
    this.#waiting.push(waiting);
    try {
      return await abortable(promise, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      // A thread that came at the same moment is somebody else's.
      else this.#release(await promise);
      throw error;
    }
  }

  /** Fewest stay in use, so that the others come to their end. One that has died by itself is on its way out. */
  #takeIdle(): EngineWorker | undefined {
    for (const [worker, timer] of [...this.#idle].reverse()) {
      this.#idle.delete(worker);
      clearTimeout(timer);
      if (!worker.failed) return worker;
    }
    return undefined;
  }

  #start(module: WebAssembly.Module): EngineWorker {
    const { deadlineMs = 20_000 } = this.#options;
    const worker: EngineWorker = new EngineWorker({ module, deadlineMs, onEnd: () => this.#ended(worker, module) });
    this.#workers.add(worker);
    return worker;
  }

  #release(worker: EngineWorker): void {
    if (!this.#workers.has(worker)) return;
    if (worker.failed || worker.memoryBytes > RETIRE_BYTES || this.#closing.signal.aborted) {
      void worker.end();
      return;
    }
    const next = this.#waiting.shift();
    if (next === undefined) this.#park(worker);
    else next.start(worker);
  }

  /** Where nobody has a use for it for a while, its thread and memory go back; the compiled module stays. */
  #park(worker: EngineWorker): void {
    const rest = (): void => {
      this.#idle.delete(worker);
      void worker.end();
    };
    this.#idle.set(worker, setTimeout(rest, this.#options.idleMs ?? 30_000).unref());
  }

  #ended(worker: EngineWorker, module: WebAssembly.Module): void {
    this.#workers.delete(worker);
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    const next = this.#closing.signal.aborted ? undefined : this.#waiting.shift();
    if (next !== undefined) next.start(this.#start(module));
  }
}
