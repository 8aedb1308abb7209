import { rendezvous } from "../kit/rendezvous.ts";
import type { Log } from "../model/index.ts";
import type { Notice, NoticeBoard, SeenNotice } from "./notice.ts";
import { Others } from "./others.ts";
import type { Standing } from "./standing.ts";
import { type Clocks, momentOf, Term } from "./term.ts";
import type { Division, Replica, Tenure } from "./types.ts";

/** A tenure ends so long after the last sign of life was begun ... */
const TENURE_MS = 6500;
/** ... and so much later at the earliest somebody else takes over: what is between them is for a write that was on its way. */
export const DEAD_AFTER_MS = 9000;

export interface MembershipOptions {
  /** This one. Its id has never been another process's. */
  readonly self: Replica;
  readonly board: NoticeBoard;
  readonly clocks: Clocks;
  readonly log: Log;
  /** There is more to say or to see than at the next time. */
  readonly hurry: () => void;
}

type Listener = () => Promise<void> | void;

/**
 * Divides keys over the replicas that are alive, without anybody who leads. Each says by which set of replicas it divides (its claims), and
 * works on a key only where the key is its own in the set that it sees and in the set that it has said, and where, as it was seen after that was said, no living
 * replica's claims give the key to that one. Of two who say it at once, at least one sees the other's claims: both may wait, never both work.
 * Who loses keys ends its work on them before it says so; who was not heard of for too long has lost all, and begins without claims.
 * No timers: membership-loop.ts has them.
 */
export class Membership implements Division {
  readonly #options: MembershipOptions;
  readonly #others: Others;
  readonly #listeners = new Set<Listener>();
  #term: Term | undefined;
  #terms = 0;
  /** Ids of those between whom keys are divided as things stand. */
  #target: readonly string[];
  /** What the next post claims. */
  #intended: readonly string[] | undefined;
  /** What the board was known to say when the others were looked at last: they were seen after it had been said. */
  #claimed: readonly string[] | undefined;
  /** What it may say since, too. */
  #saying: (readonly string[] | undefined)[] = [];
  #settling = 0;
  /** What the listeners were told of last. */
  #told = "";
  #lost = 0;
  #handedOver = 0;
  #released = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    const { id } = options.self;
    this.#others = new Others(id, DEAD_AFTER_MS);
    this.#target = [id];
  }

  /** Whether it may work on anything, and what has been. */
  get standing(): Pick<Standing, "isHeard" | "lost" | "handedOver"> {
    return { isHeard: this.#term?.isValid() === true, lost: this.#lost, handedOver: this.#handedOver };
  }

  owns(key: string): boolean {
    return this.#term?.isValid() === true && this.#isFree(key);
  }

  ownerOf(key: string): Replica {
    const { self } = this.#options;
    const id = rendezvous(key, this.#target);
    return this.#others.alive().find((one) => one.id === id) ?? self;
  }

  tenureOf(key: string): Tenure | undefined {
    return this.owns(key) ? this.#term?.tenureOf(key) : undefined;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The others that are alive. */
  others(): readonly SeenNotice[] {
    return this.#others.alive();
  }

  /** When something is due at the latest, by the monotonic clock: a death, or the end of this one's term. */
  dueAt(): number {
    return Math.min(this.#others.nextDeathAt() + 1, this.#term?.lapsesAt() ?? Number.POSITIVE_INFINITY);
  }

  /** Ends what has lapsed. Needs nobody's answer. */
  expire(): void {
    if (this.#term === undefined || this.#term.isValid()) return;
    const { log, self } = this.#options;
    log.warn(
      { replica: self.id },
      "the others have not heard of this replica for too long: it stops writing and begins anew",
    );
    this.#lost++;
    this.#term.end("this replica was not heard of for too long, so another one may take over");
    this.#term = undefined;
    this.#intended = undefined;
    this.#tell();
  }

  /** One sign of life, and a look at the others. Errors: those of the board; then nothing has changed but the time. */
  async round(signal: AbortSignal): Promise<void> {
    this.expire();
    if (this.#released) return;
    const said = await this.#post(signal);
    if (said !== undefined) await this.#look(said, signal);
  }

  /** Says goodbye. What this replica worked on must have ended. */
  async release(signal: AbortSignal): Promise<void> {
    this.#released = true;
    this.#term?.end("this replica is stopping");
    this.#term = undefined;
    await this.#options.board.post({ ...this.#options.self, released: true }, signal);
  }

  /** What the others can read of this one from now on; undefined where it was said too late. */
  async #post(signal: AbortSignal): Promise<Notice | undefined> {
    const { self, board, clocks } = this.#options;
    const since = momentOf(clocks);
    const claims = this.#intended;
    if (!this.#saying.includes(claims)) this.#saying.push(claims);
    const notice: Notice = { ...self, ...(claims === undefined ? {} : { claims }) };
    await board.post(notice, signal);
    this.expire();
    // Where it lapsed meanwhile, others may have taken over: what was said just now is said no more with the next post.
    if (this.#term === undefined && claims !== undefined) {
      this.#options.hurry();
      return undefined;
    }
    if (this.#term?.renew(since) !== true) this.#begin(since);
    return notice;
  }

  #begin(since: ReturnType<typeof momentOf>): void {
    const { self, clocks } = this.#options;
    this.#term = new Term(`${self.id}.${++this.#terms}`, { clocks, lastsMs: TENURE_MS, since });
  }

  async #look(said: Notice, signal: AbortSignal): Promise<void> {
    const { board, clocks, self, log } = this.#options;
    const askedAt = clocks.monotonic();
    const notices = await board.read(signal);
    const ended = this.#others.look({ notices, askedAt, seenAt: clocks.monotonic() });
    this.expire();
    const target = [self.id, ...this.#others.alive().map(({ id }) => id)].toSorted();
    if (target.join() !== this.#target.join()) log.info({ replicas: target }, "the work is divided anew");
    this.#target = target;
    this.#claimed = said.claims;
    this.#saying = [];
    this.#tell();
    this.#intend();
    for (const notice of ended) await board.remove(notice, signal);
  }

  /** Claims what is its own by now, once nothing runs any more of what was its own before. */
  #intend(): void {
    if (this.#settling > 0 || this.#term === undefined) return;
    if (this.#intended?.join() === this.#target.join()) return;
    this.#intended = this.#target;
    this.#options.hurry();
  }

  /** Whatever `owns` depends on may be another: what is lost is taken back, and whoever listens hears of it once. */
  #tell(): void {
    const state = JSON.stringify([
      this.#term?.token,
      this.#target,
      this.#claimed,
      this.#others.alive().map(({ id, claims }) => [id, claims]),
    ]);
    if (state === this.#told) return;
    this.#told = state;
    const revoked = this.#term?.revoke(
      (key) => !this.#isFree(key),
      (key) => `${key} falls to replica ${this.ownerOf(key).id}`,
    );
    this.#handedOver += revoked ?? 0;
    this.#settling++;
    void this.#settle(Promise.all([...this.#listeners].map(async (listener) => await listener())));
  }

  async #settle(settled: Promise<unknown>): Promise<void> {
    const { log } = this.#options;
    await settled.catch((error: unknown) => log.error({ err: error }, "work was not given up as it should"));
    this.#settling--;
    this.#intend();
  }

  /** Nobody else can be working on it. */
  #isFree(key: string): boolean {
    const { id } = this.#options.self;
    const said = [this.#target, this.#claimed, ...this.#saying];
    if (!said.every((replicas) => replicas !== undefined && rendezvous(key, replicas) === id)) return false;
    return this.#others
      .alive()
      .every(({ id: other, claims }) => claims === undefined || rendezvous(key, claims) !== other);
  }
}
