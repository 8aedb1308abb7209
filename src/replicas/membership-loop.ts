import { Bell } from "../kit/bell.ts";
import { type Log, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { Membership, type MembershipOptions } from "./membership.ts";
import type { Standing } from "./standing.ts";
import type { Division, Replica } from "./types.ts";

/** Between two signs of life. Three may be lost before the tenure is. */
const RENEW_MS = 2000;
const ROUND_MS = 3000;
const AGAIN_MS = 500;
const CLOCKS = { monotonic: () => performance.now(), wall: Date.now };

export interface Replicas extends Division {
  readonly self: Replica;
  /** The others that are alive. */
  others(): readonly Replica[];
  standing(): Standing;
  /** Returns at once; nothing is owned until the board has answered. */
  start(): void;
  /** Says goodbye, so that the others need not wait for a silence. Whatever was owned must have ended. */
  stop(): Promise<void>;
}

/** Takes part in the division by that board, for as long as the process lives. */
export function createReplicas(options: Pick<MembershipOptions, "self" | "board" | "log">): Replicas {
  return new MembershipLoop(options);
}

class MembershipLoop implements Replicas {
  readonly self: Replica;
  readonly #log: Log;
  readonly #membership: Membership;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  #expiry: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #problem: Problem | undefined;
  #turned = { isHeard: false, since: CLOCKS.wall() };

  constructor(options: Pick<MembershipOptions, "self" | "board" | "log">) {
    this.self = options.self;
    this.#log = options.log;
    this.#membership = new Membership({ ...options, clocks: CLOCKS, hurry: this.#bell.ring });
  }

  owns(key: string): boolean {
    return this.#membership.owns(key);
  }

  ownerOf(key: string): Replica {
    return this.#membership.ownerOf(key);
  }

  tenureOf(key: string): ReturnType<Division["tenureOf"]> {
    return this.#membership.tenureOf(key);
  }

  onChange(listener: () => Promise<void> | void): () => void {
    return this.#membership.onChange(listener);
  }

  others(): readonly Replica[] {
    return this.#membership.others();
  }

  standing(): Standing {
    const standing = this.#membership.standing;
    this.#noteTurn(standing.isHeard);
    const { since } = this.#turned;
    return { ...standing, since, ...(this.#problem === undefined ? {} : { problem: this.#problem }) };
  }

  #noteTurn(isHeard: boolean): void {
    if (isHeard !== this.#turned.isHeard) this.#turned = { isHeard, since: CLOCKS.wall() };
  }

  start(): void {
    // A round may wait for its answer while the term lapses.
    this.#expiry = setInterval(() => {
      this.#membership.expire();
      this.#noteTurn(this.#membership.standing.isHeard);
    }, AGAIN_MS).unref();
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
    this.#bell.ring();
    clearInterval(this.#expiry);
    await this.#running;
    try {
      await this.#membership.release(AbortSignal.timeout(ROUND_MS));
    } catch (error) {
      this.#log.warn({ ...toProblem(error) }, "the other replicas could not be told that this one ends; they find out");
    }
  }

  async #run(stopping: AbortSignal): Promise<void> {
    let failed = false;
    while (!stopping.aborted) {
      const error = await this.#round(stopping);
      if (error !== undefined && !stopping.aborted) this.#tell(error, failed);
      this.#problem = error === undefined ? undefined : toProblem(error);
      if (error === undefined && failed) this.#log.info({}, "the other replicas can be seen again");
      failed = error !== undefined;
      const due = this.#membership.dueAt() - performance.now();
      await this.#bell.heard(failed ? AGAIN_MS : Math.max(1, Math.min(RENEW_MS, due)));
    }
  }

  async #round(stopping: AbortSignal): Promise<unknown> {
    try {
      await this.#membership.round(AbortSignal.any([stopping, AbortSignal.timeout(ROUND_MS)]));
      return undefined;
    } catch (error) {
      return error ?? "aborted";
    }
  }

  #tell(error: unknown, again: boolean): void {
    const problem = toProblem(error);
    if (again) this.#log.debug({ ...problem }, "the other replicas still cannot be seen");
    else this.#log.warn({ ...problem }, "the other replicas cannot be seen; it is tried again");
  }
}
