import type { Log } from "../../model/index.ts";
import { type RedisClient, wordsOf } from "../../redis/index.ts";
import { PREFIX } from "./jobs.ts";

export interface WishesParts {
  readonly client: RedisClient;
  /** Of the queue. */
  readonly name: string;
  readonly log: Log;
  /** The keys whose schedules this process wants now. */
  readonly wanted: () => ReadonlySet<string>;
  /** Redis has no schedule of these any more. */
  readonly onMissing: (keys: readonly string[]) => void;
  readonly unschedule: (key: string) => Promise<void>;
  /** Milliseconds between two looks. Default: ten minutes. */
  readonly everyMs?: number;
  /** So long after its last wish a schedule is nobody's, in milliseconds. Default: an hour. */
  readonly lapseMs?: number;
}

const AT_ONCE = 500;

/**
 * KEYS: the wishes, the schedules. ARGV: keys that somebody wants. Answers those of them that have no schedule. Time is Redis' own: clocks of processes are not compared.
 */
const WISH = `
local now = redis.call('TIME')[1]
local missing = {}
for _, key in ipairs(ARGV) do
  redis.call('ZADD', KEYS[1], now, key)
  if not redis.call('ZSCORE', KEYS[2], key) then missing[#missing + 1] = key end
end
return missing
`;

/**
 * KEYS as above. ARGV: after how many seconds without a wish a schedule is nobody's. Of a schedule that nobody has ever wished the time begins now. Answers up to 500 that are
 * nobody's; wishes without a schedule go.
 */
const UNWANTED = `
local now = redis.call('TIME')[1]
local unwanted = {}
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  local wished = redis.call('ZSCORE', KEYS[1], key)
  if not wished then redis.call('ZADD', KEYS[1], now, key)
  elseif now - wished >= tonumber(ARGV[1]) and #unwanted < ${AT_ONCE} then unwanted[#unwanted + 1] = key end
end
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now - ARGV[1], 'BYSCORE')) do
  if not redis.call('ZSCORE', KEYS[2], key) then redis.call('ZREM', KEYS[1], key) end
end
return unwanted
`;

/**
 * Which schedules in Redis are still somebody's. A process that ends leaves its schedules to the others, so those of an application that was deleted while no process
 * ran would tick for ever. Each process says from time to time which it wants, and whoever looks removes what nobody has wanted for an hour. One that is removed
 * wrongly (its process stood still for so long) is found missing by whoever wants it, and told again.
 */
export class Wishes {
  readonly #parts: WishesParts;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: WishesParts) {
    this.#parts = parts;
    this.#everyMs = parts.everyMs ?? 600_000;
  }

  /** Redis does its part: looks at once, and then from time to time. */
  start(): void {
    this.stop();
    this.#timer = setInterval(() => void this.#look(), this.#everyMs).unref();
    void this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.#wish();
      await this.#tidy();
    } catch (error) {
      log.debug({ why: wordsOf(error) }, "what nobody wants in Redis was not looked for");
    }
  }

  async #wish(): Promise<void> {
    const { wanted, onMissing } = this.#parts;
    const keys = [...wanted()];
    for (let i = 0; i < keys.length; i += AT_ONCE) {
      const missing = await this.#ask(WISH, keys.slice(i, i + AT_ONCE));
      if (missing.length > 0) onMissing(missing);
    }
  }

  async #tidy(): Promise<void> {
    const { log, unschedule, lapseMs = 3_600_000 } = this.#parts;
    const unwanted = await this.#ask(UNWANTED, [String(lapseMs / 1000)]);
    const wanted = this.#parts.wanted();
    for (const key of unwanted) if (!wanted.has(key)) await unschedule(key);
    if (unwanted.length > 0)
      log.info({ schedules: unwanted.length }, "schedules that nobody wants were taken out of Redis");
  }

  async #ask(script: string, args: readonly string[]): Promise<readonly string[]> {
    const { client, name } = this.#parts;
    const answer: unknown = await client.eval(
      script,
      2,
      `${PREFIX}:${name}:wishes`,
      `${PREFIX}:${name}:repeat`,
      ...args,
    );
    return Array.isArray(answer) ? answer.map(String) : [];
  }
}
