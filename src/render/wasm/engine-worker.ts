import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { threadScript } from "../../kit/thread-script.ts";
import { PlumblineError } from "../../model/index.ts";
import { deathError, timeoutError } from "./engine-error.ts";
import type { FromWorker, Job, Question, Rendered, Reply, WorkerData } from "./protocol.ts";

/** Answers what the engine asks for. Must not throw: what it cannot give it refuses. */
export type Answerer = (question: Question) => Promise<Reply>;

export interface EngineWorkerOptions {
  readonly module: WebAssembly.Module;
  /** Milliseconds that one job may compute; waiting for answers does not count. */
  readonly deadlineMs: number;
  /** Called once, when the thread is no more. */
  readonly onEnd: () => void;
}

interface Running {
  readonly answer: Answerer;
  readonly resolve: (rendered: Rendered) => void;
  readonly reject: (error: PlumblineError) => void;
}

/** Threads get 4 MB of stack by default; templates that include each other take more of it than of Go's own. */
const STACK_MB = 16;
/** Questions in one job: a template that asks without end would never reach its deadline. */
const MAX_QUESTIONS = 50_000;

/** One thread with one instance of the engine, one job at a time. */
export class EngineWorker {
  readonly #options: EngineWorkerOptions;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answered = new Int32Array(new SharedArrayBuffer(4));
  #running: Running | undefined;
  #timer: NodeJS.Timeout | undefined;
  #leftMs = 0;
  #since = 0;
  #asked = 0;
  #memoryBytes = 0;
  #ended = false;

  constructor(options: EngineWorkerOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: WorkerData = { module: options.module, questions: port2, answered: this.#answered };
    const script = threadScript(new URL("./worker.ts", import.meta.url), import.meta.url);
    this.#worker = new Worker(script, {
      workerData,
      transferList: [port2],
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: 256 },
    });
    port1.on("message", (question: Question) => void this.#reply(question));
    port1.unref();
    this.#worker.on("message", (message: FromWorker) => this.#heed(message));
    this.#worker.once("error", (error) => this.#fail(deathError({ reason: "fault", message: String(error) })));
    this.#worker.once("exit", () => this.#end());
    this.#worker.unref();
  }

  /** Bytes of the engine's memory after its last job: it never shrinks. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** It is ending or has ended. */
  get failed(): boolean {
    return this.#ended;
  }

  /** Errors: PL-RENDER-*; the thread is of no more use after one. The signal's end is the thread's end too. */
  async render(job: Job, answer: Answerer, signal: AbortSignal): Promise<Rendered> {
    signal.throwIfAborted();
    const stop = (): void => this.#fail(abortError(signal.reason));
    signal.addEventListener("abort", stop, { once: true });
    this.#worker.ref();
    try {
      return await new Promise<Rendered>((resolve, reject) => {
        if (this.#ended) return reject(deathError({ reason: "fault", message: "its thread has ended" }));
        this.#running = { answer, resolve, reject };
        this.#asked = 0;
        this.#leftMs = this.#options.deadlineMs;
        this.#worker.postMessage(job);
        this.#count();
      });
    } finally {
      signal.removeEventListener("abort", stop);
      this.#pause();
      this.#running = undefined;
      this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #heed(message: FromWorker): void {
    if (message.type === "died") this.#fail(deathError(message.death));
    if (message.type !== "rendered") return;
    this.#memoryBytes = message.memoryBytes;
    this.#running?.resolve(message.rendered);
  }

  #count(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#fail(timeoutError(this.#options.deadlineMs)), this.#leftMs);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#leftMs = Math.max(1, this.#leftMs - (performance.now() - this.#since));
  }

  async #reply(question: Question): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#pause();
    this.#asked++;
    const reply = this.#asked > MAX_QUESTIONS ? { refused: tooManyQuestions() } : await running.answer(question);
    if (this.#running !== running) return;
    this.#count();
    this.#port.postMessage(reply);
    Atomics.store(this.#answered, 0, 1);
    Atomics.notify(this.#answered, 0);
  }

  #fail(error: PlumblineError): void {
    this.#ended = true;
    this.#running?.reject(error);
    void this.#worker.terminate();
  }

  #end(): void {
    this.#ended = true;
    this.#port.close();
    this.#running?.reject(deathError({ reason: "fault", message: "its thread has ended" }));
    this.#options.onEnd();
  }
}

function abortError(reason: unknown): PlumblineError {
  if (reason instanceof PlumblineError) return reason;
  return new PlumblineError("PL-PASS-CANCELLED", { message: "the render was ended before its end", cause: reason });
}

function tooManyQuestions() {
  const { code, next, retry } = new PlumblineError("PL-RENDER-TIMEOUT", { message: "" });
  return { code, next, retry, message: `more than ${MAX_QUESTIONS} files and objects were asked for` };
}
