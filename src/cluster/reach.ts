import { backoffDelay } from "../kit/backoff.ts";
import { formatDuration } from "../kit/duration.ts";
import { sleep } from "../kit/sleep.ts";
import { type ClusterReach, PlumblineError, type Problem, toProblem } from "../model/index.ts";

export interface ReachOptions {
  /** Of the cluster. */
  readonly name: string;
  /** Asks the server for little. Absent: who asks is never turned away, and what others hear is all that is known. */
  readonly probe?: (signal: AbortSignal) => Promise<unknown>;
  /** It is away from now on, or answers again. */
  readonly onTurn?: () => void;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** One slow answer makes no server dead: it is away when this little question has no answer in so long, either. */
const PROBE_MS = 5000;
const PAUSE = { baseMs: 1000, capMs: 15_000 };

/**
 * Whether a server answers. While it does not, whoever asks hears so at once with the reason and its age, and one question at a time finds out when it is back:
 * so nobody waits for timeouts, whatever the number of applications there.
 */
export class Reach {
  readonly #options: ReachOptions;
  readonly #stopping = new AbortController();
  #since: number | undefined;
  #silence: { readonly since: number; readonly problem: Problem } | undefined;
  #isAway = false;
  #isProbing = false;

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  state(): ClusterReach {
    const silence = this.#silence;
    if (silence !== undefined && this.#isAway)
      return { state: "Away", since: new Date(silence.since).toISOString(), problem: silence.problem };
    if (this.#since === undefined) return { state: "Unasked" };
    return { state: "Answers", since: new Date(this.#since).toISOString() };
  }

  /** Before a question. Errors: PL-CLUSTER-AWAY. */
  admit(): void {
    const silence = this.#silence;
    if (!this.#isAway || silence === undefined || this.#options.probe === undefined) return;
    const { name } = this.#options;
    const message = `${name} does not answer for ${formatDuration(this.#now() - silence.since)}: ${silence.problem.message}`;
    throw new PlumblineError("PL-CLUSTER-AWAY", { message, where: `cluster ${name}` });
  }

  answered(): void {
    const wasAway = this.#isAway;
    this.#silence = undefined;
    this.#isAway = false;
    if (this.#since === undefined || wasAway) this.#since = this.#now();
    if (wasAway) this.#options.onTurn?.();
  }

  /** A question had no answer. */
  silent(error: unknown): void {
    this.#silence = { since: this.#silence?.since ?? this.#now(), problem: toProblem(error) };
    if (this.#options.probe === undefined) this.#isAway = true;
    else if (!this.#isProbing) void this.#findOut(this.#options.probe);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Until it answers. */
  async #findOut(probe: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    this.#isProbing = true;
    const { signal } = this.#stopping;
    for (let tries = 1; !signal.aborted && this.#silence !== undefined; tries++) {
      try {
        await probe(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
        this.answered();
      } catch (error) {
        if (signal.aborted || this.#silence === undefined) break;
        if (error instanceof PlumblineError) this.#silence = { ...this.#silence, problem: toProblem(error) };
        this.#turnAway();
        const pause = backoffDelay(tries, { ...PAUSE, random: this.#options.random ?? Math.random });
        await sleep(pause, signal).catch(() => {});
      }
    }
    this.#isProbing = false;
  }

  #turnAway(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#options.onTurn?.();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}
