import { randomUUID } from "node:crypto";
import { type Log, PlumblineError, type Problem, type RedisEvent, toProblem } from "../../model/index.ts";
import { type RedisConnection, whyOf, wordsOf } from "../../redis/index.ts";

export interface LinkParts {
  readonly connection: RedisConnection;
  /** "host:port", as people know it. */
  readonly where: string;
  /** What all keys of this queue begin with. */
  readonly prefix: string;
  readonly log: Log;
  readonly onEvent: (event: RedisEvent) => void;
  readonly now: () => number;
}

export interface LinkListener {
  /** Redis does its part from now on; what it was told before may be gone. */
  onUp(): void;
  /** It does not. */
  onDown(): void;
  /** It does, and has forgotten everything. */
  onEmptied(): void;
}

const SAID = { away: "is away", slow: "is slow", full: "is full", refused: "refuses this process" };
const LOOK_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
/** Up for so long, what failed before is forgiven. */
const STEADY_MS = 60_000;
const POLICY_EVERY = 30;

/** Whether Redis does its part: looked at once a second by a write, since a full server and a replica answer reads all the same. */
export class RedisLink {
  readonly #parts: LinkParts;
  readonly #aliveKey: string;
  readonly #markKey: string;
  #listener: LinkListener | undefined;
  #isUp = false;
  #problem: Problem | undefined;
  #policy: Problem | undefined;
  /** Found beside the queue's keys: another one, or none, means that these keys are not there any more. */
  #mark: string | undefined;
  #looks = 0;
  #failures = 0;
  #changedAt: number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#aliveKey = `${parts.prefix}:alive`;
    this.#markKey = `${parts.prefix}:mark`;
    this.#changedAt = parts.now();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  problems(): readonly Problem[] {
    return [this.#problem, this.#policy].filter((one) => one !== undefined);
  }

  /** Resolves after the first look. */
  async start(): Promise<void> {
    await this.#look();
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
    if (this.#isUp) listener.onUp();
    else listener.onDown();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** A command has failed. */
  failed(error: unknown): void {
    const { connection, where, log, onEvent, now } = this.#parts;
    if (this.#stopped) return;
    const reason = connection.reasonOf(error);
    const why = whyOf(reason);
    const wasUp = this.#isUp;
    if (wasUp) this.#failures = now() - this.#changedAt > STEADY_MS ? 0 : this.#failures + 1;
    if (wasUp) this.#changedAt = now();
    const since = new Date(this.#changedAt).toISOString();
    const message = `Redis ${SAID[why]} since ${since} (${reason}); this process takes its turns from memory`;
    const isNews = wasUp || this.#problem === undefined;
    this.#problem = toProblem(new PlumblineError("PL-REDIS-AWAY", { message, where }));
    this.#isUp = false;
    if (!isNews) return;
    log.warn({ code: "PL-REDIS-AWAY", redis: where, why }, message);
    onEvent({ kind: "up", isUp: false, why });
    if (wasUp) this.#listener?.onDown();
  }

  async #look(): Promise<void> {
    this.#looks++;
    try {
      const began = performance.now();
      const mark = await this.#readMark();
      this.#parts.onEvent({ kind: "answered", ms: performance.now() - began });
      if (this.#looks % POLICY_EVERY === 1 || !this.#isUp) await this.#readPolicy();
      this.#answered(mark);
    } catch (error) {
      this.failed(error);
    }
    if (this.#stopped) return;
    const pause = this.#isUp ? LOOK_MS : Math.min(LONGEST_PAUSE_MS, LOOK_MS * 2 ** this.#failures);
    this.#timer = setTimeout(() => void this.#look(), pause);
  }

  #answered(mark: string): void {
    const { where, log, onEvent, now } = this.#parts;
    if (this.#stopped) return;
    const isNew = this.#mark !== undefined && this.#mark !== mark;
    this.#mark = mark;
    if (!this.#isUp) {
      const away = Math.round((now() - this.#changedAt) / 1000);
      this.#isUp = true;
      this.#changedAt = now();
      this.#problem = undefined;
      log.info({ redis: where, away }, "Redis gives the turns");
      onEvent({ kind: "up", isUp: true });
      this.#listener?.onUp();
    }
    if (!isNew) return;
    log.warn({ redis: where }, "Redis has been emptied: schedules and what waited are put there again");
    onEvent({ kind: "emptied" });
    this.#listener?.onEmptied();
  }

  async #readMark(): Promise<string> {
    const { client } = this.#parts.connection;
    await client.set(this.#aliveKey, "1", "PX", 60_000);
    const found = await client.get(this.#markKey);
    if (found !== null) return found;
    await client.set(this.#markKey, randomUUID(), "NX");
    return (await client.get(this.#markKey)) ?? "";
  }

  /** Not every server tells: then nothing is said of it. */
  async #readPolicy(): Promise<void> {
    const { connection, where, log, onEvent } = this.#parts;
    const policy = await connection.client.info("memory").then(
      (text) => /^maxmemory_policy:(\S+)/m.exec(text)?.[1],
      (error: unknown) => {
        log.debug({ why: wordsOf(error), redis: where }, "Redis does not tell its maxmemory-policy");
        return undefined;
      },
    );
    const mayEvict = policy !== undefined && policy !== "noeviction";
    onEvent({ kind: "evicts", mayEvict });
    const message = `maxmemory-policy is ${policy}: Redis may throw away what waits; set it to noeviction`;
    if (mayEvict && this.#policy === undefined) log.warn({ code: "PL-REDIS-POLICY", redis: where }, message);
    this.#policy = mayEvict ? toProblem(new PlumblineError("PL-REDIS-POLICY", { message, where })) : undefined;
  }
}
