import { type Job, Worker } from "bullmq";
import type { Log } from "../../model/index.ts";
import { type RedisClient, wordsOf } from "../../redis/index.ts";
import { PREFIX } from "./jobs.ts";

export interface TakerParts {
  readonly name: string;
  readonly client: RedisClient;
  readonly log: Log;
  readonly lockMs: number;
  readonly concurrency: number;
  /** Resolves when the job's run is over. */
  readonly take: (job: Job, signal?: AbortSignal) => Promise<void>;
  /** Redis refuses what taking needs. */
  readonly onRefused: (error: Error) => void;
}

/**
 * Takes jobs, and only while Redis does its part: a worker of BullMQ that Redis refuses something asks again without any pause, and one whose first words are refused
 * does so without ever letting go of the processor.
 */
export class Taker {
  readonly #parts: TakerParts;
  #worker: Worker | undefined;
  #isOn = false;
  #more = 0;

  constructor(parts: TakerParts) {
    this.#parts = parts;
  }

  /** After the first words of another connection have been answered. */
  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    if (this.#worker === undefined) this.#worker = this.#make();
    else this.#tell(this.#worker.resume());
  }

  pause(): void {
    this.#isOn = false;
    if (this.#worker !== undefined) this.#tell(this.#worker.pause(true));
  }

  /** So many jobs more than usual. BullMQ looks at a new number only when something ends, or when it goes on after a pause. */
  allow(more: number): void {
    const isHigher = more > this.#more;
    this.#more = more;
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.concurrency = this.#parts.concurrency + more;
    if (isHigher && this.#isOn) this.#tell(worker.pause(true).then(() => (this.#isOn ? worker.resume() : undefined)));
  }

  /** The signals of all jobs that were taken. */
  cancelAll(reason: string): void {
    this.#worker?.cancelAllJobs(reason);
  }

  /** `atOnce`: without waiting for Redis. */
  async close(atOnce: boolean): Promise<void> {
    this.#isOn = false;
    await this.#worker?.close(atOnce);
  }

  #make(): Worker {
    const { name, client, lockMs, log, take, concurrency, onRefused } = this.#parts;
    const worker = new Worker(name, async (job, _token, signal) => await take(job, signal), {
      ...{ connection: client, prefix: PREFIX, concurrency: concurrency + this.#more },
      ...{ lockDuration: lockMs, stalledInterval: lockMs / 2, maxStalledCount: 1_000_000 },
      ...{ drainDelay: 2, runRetryDelay: 1000, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    });
    worker.on("error", (error) => {
      log.debug({ why: wordsOf(error) }, "the worker of the queue in Redis");
      // Redis' own words: whatever else goes wrong is a connection that comes back, or a job whose lock is gone.
      if (error.name === "ReplyError" && this.#isOn) onRefused(error);
    });
    worker.on("lockRenewalFailed", (ids) => {
      for (const id of ids) worker.cancelJob(id, "its lock in Redis is gone");
    });
    return worker;
  }

  #tell(done: Promise<unknown>): void {
    done.catch((error: unknown) => this.#parts.log.debug({ why: wordsOf(error) }, "the worker of the queue in Redis"));
  }
}
