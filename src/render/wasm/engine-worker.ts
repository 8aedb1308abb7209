import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { threadScript } from "../../kit/thread-script.ts";
import { type PlumblineError, toProblem } from "../../model/index.ts";
import {
  abortError,
  deathError,
  slowFilesError,
  startError,
  threadError,
  timeoutError,
  tooMuchAskedError,
} from "./engine-error.ts";
import type { FromWorker, Job, Question, Rendered, Reply, WorkerData } from "./protocol.ts";

/** Answers what the engine asks for. What it cannot give it refuses; what it throws is refused with that. */
export type Answerer = (question: Question) => Promise<Reply>;

export interface EngineWorkerOptions {
  readonly module: WebAssembly.Module;
  /** Milliseconds that one job may compute; neither the thread's start nor waiting for answers counts. Waiting for files may take three times that. */
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
const MAX_QUESTIONS = 20_000;
/** Bytes of all answers in one job: the engine's memory is bounded, but what it reads and forgets is not. */
const MAX_ANSWER_BYTES = 256 * 2 ** 20;
/** Waiting for files is bounded by this many times the deadline: a repository can be made so that looking for them takes long. */
const FILE_SHARE = 3;
/** A thread that has not started by then never will: it takes some hundred milliseconds, and more on a busy machine. */
const START_MS = 60_000;

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
  #answeredBytes = 0;
  #fileMs = 0;
  #memoryBytes = 0;
  #isReady = false;
  #isSpoilt = false;
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
    this.#worker.once("error", (error) => this.#fail(threadError(error)));
    this.#worker.once("exit", () => this.#end());
    this.#worker.unref();
  }

  /** Bytes of the engine's memory after its last job: it never shrinks. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** It is ending or has ended, or what a fault left in it could reach the next render. */
  get failed(): boolean {
    return this.#ended || this.#isSpoilt;
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
        this.#answeredBytes = 0;
        this.#fileMs = 0;
        this.#leftMs = this.#options.deadlineMs;
        this.#worker.postMessage(job);
        if (this.#isReady) this.#count();
        else this.#timer = setTimeout(() => this.#fail(startError(START_MS)), START_MS);
      });
    } finally {
      signal.removeEventListener("abort", stop);
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#running = undefined;
      this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #heed(message: FromWorker): void {
    if (message.type === "died") this.#fail(deathError(message.death));
    if (message.type === "ready") this.#ready();
    if (message.type !== "rendered") return;
    this.#memoryBytes = message.memoryBytes;
    this.#isSpoilt = message.rendered.isSpoilt;
    this.#running?.resolve(message.rendered);
  }

  /** It says so, or shows it by a question, which may come first: they come through different ports. */
  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    clearTimeout(this.#timer);
    if (this.#running !== undefined) this.#count();
  }

  #count(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#expire(), this.#leftMs);
  }

  /** Where this thread was busy all the time, what the other said meanwhile lies unread: it is heard first. */
  #expire(): void {
    const expired = this.#timer;
    setImmediate(() => {
      if (this.#timer === expired) this.#fail(timeoutError(this.#options.deadlineMs));
    });
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(1, this.#leftMs - (performance.now() - this.#since));
  }

  async #reply(question: Question): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#ready();
    this.#pause();
    const reply = await this.#answerOf(running, question);
    if (this.#running !== running) return;
    this.#count();
    this.#port.postMessage(reply);
    Atomics.store(this.#answered, 0, 1);
    Atomics.notify(this.#answered, 0);
  }

  async #answerOf({ answer }: Running, question: Question): Promise<Reply> {
    try {
      this.#asked++;
      if (this.#asked > MAX_QUESTIONS) throw tooMuchAskedError(`${MAX_QUESTIONS} files and objects`);
      const start = performance.now();
      const reply = await answer(question);
      if ("path" in question) this.#fileMs += performance.now() - start;
      const mostMs = this.#options.deadlineMs * FILE_SHARE;
      if (this.#fileMs > mostMs) throw slowFilesError(mostMs);
      this.#answeredBytes += "content" in reply ? reply.content.length : 0;
      if (this.#answeredBytes > MAX_ANSWER_BYTES) throw tooMuchAskedError(`${MAX_ANSWER_BYTES} bytes of files`);
      return reply;
    } catch (error) {
      return { refused: toProblem(error) };
    }
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
