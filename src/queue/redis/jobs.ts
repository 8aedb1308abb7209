import { randomUUID } from "node:crypto";
import { type Job, Queue } from "bullmq";
import type { RedisClient } from "../../redis/index.ts";
import type { Rank } from "../types.ts";

/** With braces, so that a cluster keeps everything of it in one slot, as the scripts of BullMQ need it. */
export const PREFIX = "{plumbline}";

const JOB = "pass";
const LONGEST_KEY = 512;
/** namespace/name, and what stands for one in a test. No control characters, nothing that a terminal or a log would take for more. */
const KEY_FORM = /^[a-z0-9]([-a-z0-9./]*[a-z0-9])?$/;
/** Gone when it is done: nothing reads old jobs. */
const KEEP = { removeOnComplete: true, removeOnFail: true };

export interface JobsParts {
  readonly client: RedisClient;
  readonly name: string;
  readonly onError: (error: unknown) => void;
}

/** The jobs of one queue: each the name of a key and nothing else. */
export class Jobs {
  readonly #parts: JobsParts;
  #queue: Queue;

  constructor(parts: JobsParts) {
    this.#parts = parts;
    this.#queue = openQueue(parts);
  }

  /** A queue whose first words to Redis have failed stays of no use: then it is another one. Errors: of that one. */
  async ready(): Promise<void> {
    try {
      await this.#queue.waitUntilReady();
    } catch (error) {
      this.#parts.onError(error);
      this.#queue = openQueue(this.#parts);
      await this.#queue.waitUntilReady();
    }
  }

  /**
   * A run of the key after this moment: the one that waits already, or a new one; where one runs, exactly one more when it has ended.
   * Source: BullMQ, "Deduplication", keepLastIfActive. Ids are random, since the count that BullMQ takes begins anew in an emptied Redis, where an old run would end
   * somebody else's job.
   */
  async put(key: string, rank: Rank): Promise<void> {
    const jobId = randomUUID();
    const deduplication = { id: key, keepLastIfActive: true };
    const job = await this.#queue.add(JOB, key, { ...KEEP, jobId, deduplication, priority: priorityOf(rank) });
    if (job.id !== jobId && rank < 2) await this.#raise(job, rank);
  }

  /** No earlier than who waits with the same rank already. */
  async raise(key: string): Promise<void> {
    const job = await this.#waiting(key);
    if (job !== undefined) await this.#raise(job, 0);
  }

  /** Somebody has asked for it, and that run has not ended. */
  async isAsked(key: string): Promise<boolean> {
    return (await this.#queue.getDeduplicationJobId(key)) !== null;
  }

  /** Takes it out of the line; what runs stays. */
  async remove(key: string): Promise<void> {
    const job = await this.#waiting(key);
    if (job !== undefined && !(await job.isActive())) await job.remove();
  }

  /** Puts a tick there every so often: a job of its own, that only asks for the key. */
  async schedule(key: string, { everyMs, offsetMs }: { everyMs: number; offsetMs: number }): Promise<void> {
    await this.#queue.upsertJobScheduler(
      key,
      { every: everyMs, offset: offsetMs },
      { name: JOB, data: key, opts: KEEP },
    );
  }

  async unschedule(key: string): Promise<void> {
    await this.#queue.removeJobScheduler(key);
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }

  async #waiting(key: string): Promise<Job | undefined> {
    const id = await this.#queue.getDeduplicationJobId(key);
    return id === null ? undefined : await this.#queue.getJob(id);
  }

  /** Read anew: a job that the queue has answered for another says the priority that was asked for, not its own. */
  async #raise({ id }: Job, rank: Rank): Promise<void> {
    const job = id === undefined ? undefined : await this.#queue.getJob(id);
    if (job !== undefined && job.priority > priorityOf(rank)) await job.changePriority({ priority: priorityOf(rank) });
  }
}

function openQueue({ client, name, onError }: JobsParts): Queue {
  const queue = new Queue(name, { connection: client, prefix: PREFIX, streams: { events: { maxLen: 100 } } });
  queue.on("error", onError);
  return queue;
}

/** 1 to 3. What has none at all goes before all of them: the ticks, which are done at once. */
function priorityOf(rank: Rank): number {
  return rank + 1;
}

export function rankOfPriority(priority: number): Rank {
  return priority === 1 ? 0 : priority === 2 ? 1 : 2;
}

/** Whoever can write to Redis can put anything there. Undefined for what no process of Plumbline would put. */
export function keyOfJob({ name, data }: Pick<Job, "name" | "data">): string | undefined {
  if (name !== JOB || typeof data !== "string" || data.length > LONGEST_KEY) return undefined;
  return KEY_FORM.test(data) ? data : undefined;
}
