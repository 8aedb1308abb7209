import { abortable } from "../kit/abortable.ts";
import { type Log, PlumblineError, type RedisEvent } from "../model/index.ts";
import { addressesOf, connectRedis, type RedisConnection, type RedisSettings, whyOf, wordsOf } from "../redis/index.ts";
import { DEAD_AFTER_MS } from "./membership.ts";
import type { Notice, NoticeBoard, SeenNotice } from "./notice.ts";
import { MOST_NOTICES, noticeOf, textOf } from "./redis-notices.ts";
import { POST, READ, REMOVE } from "./redis-scripts.ts";

/** Nothing stays of a fleet that has ended. */
const KEPT_MS = 600_000;
const TRIES = 3;

export interface RedisBoardOptions {
  readonly settings: RedisSettings;
  /** Replicas that say the same divide the work among themselves. */
  readonly fleet: string;
  readonly log: Log;
  readonly onEvent: (event: RedisEvent) => void;
  /** Before that age of an epoch nobody reads, in milliseconds. Default: whoever was not heard of in it has no tenure any more. */
  readonly settleMs?: number;
}

/** A connection of its own: a sign of life must not wait behind others. It comes by itself. */
export async function openRedisBoard(options: RedisBoardOptions): Promise<RedisBoard> {
  const connection = await connectRedis(options.settings, "asker");
  const { log } = options;
  connection.client.on("error", (error: unknown) => log.debug({ why: wordsOf(error) }, "the connection to Redis"));
  return new RedisBoard(connection, options);
}

/**
 * A field a replica, in one hash. Redis may lose what it has said that it took: with a restart, a failover, or when somebody empties it. Each of these begins another
 * epoch, and until it is so old that whoever has not been heard of in it cannot be writing any more, it is not read: so nobody takes over what somebody has whose
 * claims were lost, and whoever has something keeps it by posting.
 */
export class RedisBoard implements NoticeBoard {
  readonly #connection: RedisConnection;
  readonly #options: RedisBoardOptions;
  readonly #key: string;
  /** Of the last post. It never begins anew while this process lives, as Redis' own counts would. */
  #number = 0;
  /** Of the last post; "" before the first. */
  #epoch = "";
  #isUp: boolean | undefined;

  constructor(connection: RedisConnection, options: RedisBoardOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#key = `{plumbline}:replicas:${options.fleet}`;
  }

  /** Errors: PL-REPLICA-BOARD. */
  async post(notice: Notice, signal: AbortSignal): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const args = [notice.id, String(++this.#number), textOf(notice), this.#epoch, String(KEPT_MS)];
      const [outcome, said] = listOf(await this.#ask(POST, args, signal)).map(String);
      if (outcome === "epoch" || outcome === "posted") this.#turnTo(said ?? "");
      if (outcome === "posted") return;
      // Nothing of this process can be later than this: somebody else wrote there.
      if (outcome === "late") this.#number = Number(said);
    }
    throw this.#error("what this replica says is not taken; somebody else writes in its place");
  }

  /** Errors: PL-REPLICA-BOARD, also where it is too early in an epoch. */
  async read(signal: AbortSignal): Promise<readonly SeenNotice[]> {
    const { settleMs = DEAD_AFTER_MS } = this.#options;
    const [epoch, age, fields] = listOf(await this.#ask(READ, [String(MOST_NOTICES)], signal));
    if (epoch === "" || epoch !== this.#epoch) throw this.#error("Redis began anew just now: it is told again");
    const ageMs = Number(age);
    if (!(ageMs >= settleMs)) {
      const [seconds, rest] = [ageMs, settleMs - ageMs].map((ms) => (ms / 1000).toFixed(1));
      const why = `Redis began anew ${seconds} s ago (a restart, a failover, or it was emptied)`;
      throw this.#error(`${why}, and may have lost what replicas said before: for ${rest} s more nobody takes over`);
    }
    return await this.#noticesOf(listOf(fields).map(String), signal);
  }

  async remove({ id, version }: SeenNotice, signal: AbortSignal): Promise<void> {
    await this.#ask(REMOVE, [id, `${version} `], signal);
  }

  close(): void {
    this.#connection.client.disconnect();
  }

  async #noticesOf(fields: readonly string[], signal: AbortSignal): Promise<readonly SeenNotice[]> {
    const { log, onEvent, settings } = this.#options;
    const notices: SeenNotice[] = [];
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const [id = "", text = ""] = fields.slice(i, i + 2);
      if (id === ":epoch") continue;
      const notice = noticeOf(id, text);
      if (notice === undefined) {
        const message = `${JSON.stringify(id.slice(0, 80))} on the board in Redis is no replica of Plumbline's; it was taken off`;
        log.warn({ code: "PL-REDIS-JOB", redis: addressesOf(settings) }, message);
        onEvent({ kind: "refused" });
        await this.#ask(REMOVE, [id, text], signal);
      } else notices.push(notice);
    }
    return notices;
  }

  #turnTo(epoch: string): void {
    const { log, onEvent } = this.#options;
    if (this.#epoch !== "" && this.#epoch !== epoch) {
      onEvent({ kind: "emptied" });
      log.warn({}, "Redis began anew (a restart, a failover, or it was emptied): nobody takes over for a while");
    }
    this.#epoch = epoch;
  }

  async #ask(script: string, args: readonly string[], signal: AbortSignal): Promise<unknown> {
    const { onEvent } = this.#options;
    try {
      const began = performance.now();
      const answer = await abortable(this.#connection.client.eval(script, 1, this.#key, ...args), signal);
      onEvent({ kind: "answered", ms: performance.now() - began });
      if (this.#isUp !== true) onEvent({ kind: "up", isUp: true });
      this.#isUp = true;
      return answer;
    } catch (error) {
      if (signal.aborted && !isTimeout(signal.reason)) throw error;
      const reason = signal.aborted ? "the round timed out" : this.#connection.reasonOf(error);
      if (this.#isUp !== false) onEvent({ kind: "up", isUp: false, why: whyOf(reason) });
      this.#isUp = false;
      throw this.#error(reason, error);
    }
  }

  #error(message: string, cause?: unknown): PlumblineError {
    const where = addressesOf(this.#options.settings);
    // The words alone: Redis' error has what was sent.
    const from = cause === undefined ? {} : { cause: new Error(wordsOf(cause)) };
    return new PlumblineError("PL-REPLICA-BOARD", { message, where, ...from });
  }
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "TimeoutError";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
