import type { Job } from "bullmq";
import { KeyedTimers } from "../../kit/keyed-timers.ts";
import type { Log, Problem, RedisEvent } from "../../model/index.ts";
import { type RedisClient, wordsOf } from "../../redis/index.ts";
import { LocalQueue } from "../local-queue.ts";
import type { Again, QueueOptions, Run, WorkQueue } from "../types.ts";
import { Asking, mergedTurns, type Turn } from "./asking.ts";
import { Jobs, keyOfJob, rankOfPriority } from "./jobs.ts";
import type { RedisLink } from "./link.ts";
import { Locks } from "./locks.ts";
import { RestingRun } from "./resting-run.ts";
import { Schedules } from "./schedules.ts";
import { Taker } from "./taker.ts";
import { Wishes, type WishesParts } from "./wishes.ts";

export interface RedisQueueParts {
  readonly name: string;
  readonly asker: RedisClient;
  readonly worker: RedisClient;
  readonly link: RedisLink;
  readonly log: Log;
  readonly onEvent: (event: RedisEvent) => void;
  readonly now: () => number;
  /** A run's lock ends so long after its process was heard of last, in milliseconds. */
  readonly lockMs: number;
  /** Who has waited for so long goes to those who go first, in milliseconds. */
  readonly risesAfterMs: number;
  readonly wishes: Pick<WishesParts, "everyMs" | "lapseMs">;
}

/**
 * Turns over Redis: a key that some process runs is run by no other. The line of this process does the work in either case, so its promises hold while Redis is away;
 * what Redis gives is the order among processes, the lock, and the time of the intervals.
 */
export class RedisQueue<T> implements WorkQueue<T> {
  readonly #options: QueueOptions<T>;
  readonly #parts: RedisQueueParts;
  readonly #line: LocalQueue<Turn<T>>;
  readonly #asking: Asking<T>;
  readonly #jobs: Jobs;
  readonly #taker: Taker;
  readonly #locks = new Locks();
  readonly #schedules: Schedules;
  readonly #wishes: Wishes;
  readonly #timers = new KeyedTimers();
  #resting = 0;
  #closed = false;

  constructor(options: QueueOptions<T>, parts: RedisQueueParts) {
    this.#options = options;
    this.#parts = parts;
    this.#line = new LocalQueue<Turn<T>>({
      concurrency: options.concurrency,
      merge: (a, b) => mergedTurns(a, b, options.merge),
      rankOf: ({ rank }) => rank,
      unasked: (rank) => ({ rank }),
      work: (key, turn, run) => this.#work(key, turn, run),
      onError: options.onError,
    });
    this.#jobs = new Jobs({
      ...{ client: parts.asker, name: parts.name },
      onError: (error) => parts.log.debug({ why: wordsOf(error) }, "the queue in Redis"),
    });
    this.#asking = new Asking({
      ...{ options, jobs: this.#jobs, link: parts.link, now: parts.now, risesAfterMs: parts.risesAfterMs },
      onFailed: (key, turn) => this.#line.add(key, turn),
    });
    this.#taker = new Taker({
      ...{ name: parts.name, client: parts.worker, log: parts.log, lockMs: parts.lockMs },
      ...{ concurrency: options.concurrency, take: (job, signal) => this.#take(job, signal) },
      onRefused: (error) => parts.link.failed(error),
    });
    this.#schedules = new Schedules({
      upsert: (key, every) => this.#jobs.schedule(key, every),
      remove: (key) => this.#jobs.unschedule(key),
      onTurn: (key) => this.add(key, options.unasked(2)),
      onError: (error) => parts.link.failed(error),
      now: parts.now,
    });
    this.#wishes = new Wishes({
      ...{ client: parts.asker, name: parts.name, log: parts.log, ...parts.wishes },
      wanted: () => this.#schedules.keys,
      onMissing: (keys) => this.#schedules.missing(keys),
      unschedule: (key) => this.#jobs.unschedule(key),
    });
  }

  get depth(): number {
    return this.#line.depth + this.#asking.size;
  }

  isWaiting(key: string): boolean {
    return this.#line.isWaiting(key) || this.#asking.has(key);
  }

  isRunning(key: string): boolean {
    return this.#line.isRunning(key);
  }

  add(key: string, request: T): void {
    if (this.#closed) return;
    if (this.#parts.link.isUp) this.#asking.add(key, request);
    else this.#line.add(key, { request, rank: this.#options.rankOf(request) });
  }

  again(key: string, { inMs, everyMs, isRegular, request }: Again<T>): number {
    if (this.#closed) return inMs;
    const next = this.#schedules.want(key, everyMs);
    if (isRegular) {
      this.#timers.clear(key);
      return next;
    }
    this.#timers.set(key, inMs, () => this.add(key, request));
    return Math.min(inMs, next);
  }

  rest(key: string): void {
    this.#timers.clear(key);
    this.#schedules.forget(key);
  }

  drop(key: string): void {
    this.rest(key);
    this.#asking.take(key);
    this.#line.drop(key);
    this.#locks.release(key);
    if (this.#parts.link.isUp) this.#jobs.remove(key).catch((error: unknown) => this.#parts.link.failed(error));
  }

  problems(): readonly Problem[] {
    return this.#parts.link.problems();
  }

  onUp(): void {
    void this.#seed();
  }

  /** What waits in Redis may be lost, and is done from here. */
  onDown(): void {
    this.#taker.pause();
    this.#wishes.stop();
    this.#schedules.away();
    for (const [key, { request, rank }] of this.#asking.takeAll()) this.#line.add(key, { request, rank });
  }

  /** No lock is there any more, and who asks next may be given the same key. */
  onEmptied(): void {
    this.#taker.cancelAll("Redis was emptied");
    this.#asking.repeat();
    void this.#seed();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#asking.close();
    this.#wishes.stop();
    this.#timers.clearAll();
    this.#schedules.close();
    await this.#leaveToOthers();
    const running = this.#line.close();
    this.#locks.releaseWaiting();
    await running;
    await this.#taker.close(!this.#parts.link.isUp);
    await this.#jobs.close();
  }

  /** What waits here and what is cut short is done by another process, or by the next one. */
  async #leaveToOthers(): Promise<void> {
    const keys = new Set([...this.#locks.keys(), ...this.#asking.takeAll().map(([key]) => key)]);
    if (!this.#parts.link.isUp) return;
    const put = [...keys].map((key) => this.#jobs.put(key, 1));
    for (const { status, ...rest } of await Promise.allSettled(put))
      if (status === "rejected") this.#parts.log.debug({ ...rest }, "a turn could not be left to others");
  }

  /** A job has come. Resolves when its run is over. */
  async #take(job: Job, signal?: AbortSignal): Promise<void> {
    const key = keyOfJob(job);
    if (key === undefined) return this.#refuse(job.id);
    // A tick only asks: by itself it would not know that the key runs already.
    if (job.repeatJobKey !== undefined) return this.add(key, this.#options.unasked(2));
    if (this.#closed) return;
    const over = this.#locks.add(key, signal);
    this.#line.add(key, { rank: rankOfPriority(job.priority) });
    await over;
  }

  #refuse(id: string | undefined): void {
    const message = `job ${id?.slice(0, 80)} of queue ${this.#parts.name} is none of Plumbline's; it was thrown away`;
    this.#parts.log.warn({ code: "PL-REDIS-JOB" }, message);
    this.#parts.onEvent({ kind: "refused" });
  }

  async #work(key: string, turn: Turn<T>, place: Run): Promise<void> {
    this.#timers.clear(key);
    const asked = this.#asking.take(key);
    const { request = this.#options.unasked(turn.rank) } =
      asked === undefined ? turn : mergedTurns(turn, asked, this.#options.merge);
    const lock = this.#locks.begin(key);
    const run = new RestingRun(place, lock.signal, (resting) => this.#rested(resting));
    try {
      if (!lock.signal.aborted) await this.#options.work(key, request, run);
    } finally {
      run.end();
      lock.end();
      if (lock.signal.aborted && !this.#closed) {
        this.#parts.onEvent({ kind: "lock-lost" });
        this.add(key, request);
      }
    }
  }

  /** Whoever rests leaves a place that Redis is to fill. */
  #rested(by: 1 | -1): void {
    this.#resting += by;
    if (!this.#closed) this.#taker.allow(this.#resting);
  }

  /** Redis may have lost everything: schedules, and what waits. */
  async #seed(): Promise<void> {
    try {
      await this.#jobs.ready();
      if (this.#parts.link.isUp && !this.#closed) this.#taker.start();
      await this.#schedules.seed();
      if (this.#parts.link.isUp && !this.#closed) this.#wishes.start();
      this.#parts.onEvent({ kind: "seeded", keys: this.#schedules.size });
    } catch (error) {
      this.#parts.link.failed(error);
    }
  }
}
