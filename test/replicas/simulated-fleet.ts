import { setImmediate as turn } from "node:timers/promises";
import { SILENT } from "../../src/model/index.ts";
import { DEAD_AFTER_MS, Membership } from "../../src/replicas/membership.ts";
import type { Notice, NoticeBoard, SeenNotice } from "../../src/replicas/notice.ts";
import type { Tenure } from "../../src/replicas/types.ts";

const RENEW_MS = 2000;
const TIMEOUT_MS = 3000;

/** Replicas, their board and everything between them on one driven clock: any seed is the same story every time. */
export class SimulatedFleet {
  readonly keys = Array.from({ length: 60 }, (_, i) => `team/app-${i}`);
  readonly replicas = new Map<string, SimulatedReplica>();
  readonly board = new Map<string, SeenNotice>();
  /** Of the way to the board and of giving up work, in milliseconds. */
  readonly random: () => number;
  now = 1000;
  /** "key at time: a, b" for each moment at which two could write. */
  readonly overlaps: string[] = [];
  /** Since when the board has kept everything that was said. */
  boardSince = 0;
  #pasts: { readonly at: number; readonly board: ReadonlyMap<string, SeenNotice> }[] = [];
  #events: { readonly at: number; readonly run: () => void }[] = [];
  #versions = 0;
  #count = 0;

  constructor(seed: number) {
    this.random = randomOf(seed);
  }

  join(): SimulatedReplica {
    const id = `r${++this.#count}`;
    const replica = new SimulatedReplica(id, this);
    this.replicas.set(id, replica);
    replica.go();
    return replica;
  }

  /** The board is as it was so long ago: a failover has lost what was said since. */
  loseLast(ms: number): void {
    const past = this.#pasts.findLast(({ at }) => at <= this.now - ms)?.board ?? [];
    this.board.clear();
    for (const [id, notice] of past) this.board.set(id, notice);
    this.boardSince = this.now;
  }

  /** What a replica says arrives. */
  put(id: string, notice: SeenNotice): void {
    this.board.set(id, notice);
    this.#pasts.push({ at: this.now, board: new Map(this.board) });
  }

  nextVersion(): string {
    return String(++this.#versions);
  }

  after(ms: number, run: () => void): void {
    const at = this.now + ms;
    const place = this.#events.findIndex((one) => one.at > at);
    this.#events.splice(place === -1 ? this.#events.length : place, 0, { at, run });
  }

  delay(most: number): number {
    return Math.ceil(this.random() * most);
  }

  /** Everything that happens in that time, looked at after each event. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (;;) {
      const [next] = this.#events;
      if (next === undefined || next.at > until) break;
      this.#events.shift();
      this.now = next.at;
      next.run();
      await turn();
      this.#look();
    }
    this.now = until;
    this.#look();
  }

  /** By key: who works on it. */
  owners(): Map<string, string[]> {
    const up = [...this.replicas.values()].filter(({ isUp }) => isUp);
    return new Map(
      this.keys.map((key) => [key, up.filter(({ membership }) => membership.owns(key)).map(({ id }) => id)]),
    );
  }

  unowned(): string[] {
    return [...this.owners()].filter(([, ids]) => ids.length !== 1).map(([key]) => key);
  }

  #look(): void {
    for (const replica of this.replicas.values()) replica.takeWhatItOwns();
    for (const key of this.keys) {
      const writers = [...this.replicas.values()].filter((replica) => replica.mayWrite(key)).map(({ id }) => id);
      if (writers.length > 1) this.overlaps.push(`${key} at ${this.now}: ${writers.join()}`);
    }
  }
}

/** A process: it may be paused, cut off from the board, or killed at any moment. */
export class SimulatedReplica {
  readonly id: string;
  readonly membership: Membership;
  isUp = true;
  isCutOff = false;
  readonly #fleet: SimulatedFleet;
  readonly #held = new Map<string, Tenure>();
  /** Of the last post that the board has taken. */
  #taken = 0;
  #posts = 0;
  #postedIn = 0;
  #deferred: (() => void)[] = [];
  #paused = false;
  #resting = false;
  #rests = 0;
  #hurried = false;

  constructor(id: string, fleet: SimulatedFleet) {
    this.id = id;
    this.#fleet = fleet;
    const clocks = { monotonic: () => fleet.now, wall: () => 1_000_000 + fleet.now };
    const hurry = () => this.#hurry();
    this.membership = new Membership({ self: { id }, board: this.#board(), clocks, log: SILENT, hurry });
    // Work that is given up takes its time.
    this.membership.onChange(() => this.#answer(300, () => {}));
  }

  go(): void {
    this.#hurried = false;
    this.#resting = false;
    void this.membership
      .round(new AbortController().signal)
      .catch(() => {})
      .finally(() => this.#rest());
  }

  #rest(): void {
    this.#resting = true;
    const due = Math.max(1, Math.min(RENEW_MS, this.membership.dueAt() - this.#fleet.now));
    const number = ++this.#rests;
    this.#soon(this.#hurried ? 1 : due, () => {
      if (this.#resting && this.#rests === number) this.go();
    });
  }

  #hurry(): void {
    this.#hurried = true;
    if (this.#resting) this.#rest();
  }

  kill(): void {
    this.isUp = false;
    this.#held.clear();
  }

  pause(): void {
    this.#paused = true;
  }

  goOn(): void {
    this.#paused = false;
    for (const run of this.#deferred.splice(0)) this.#fleet.after(0, run);
  }

  takeWhatItOwns(): void {
    if (!this.isUp || this.#paused) return;
    for (const key of this.#fleet.keys) {
      const tenure = this.membership.tenureOf(key);
      if (tenure !== undefined) this.#held.set(key, tenure);
    }
  }

  /** As a write would ask that it begins now, also of the tenure that it began its pass with. */
  mayWrite(key: string): boolean {
    return this.isUp && this.#held.get(key)?.isValid() === true;
  }

  #soon(ms: number, run: () => void): void {
    this.#fleet.after(ms, () => {
      if (!this.isUp) return;
      if (this.#paused) this.#deferred.push(run);
      else run();
    });
  }

  #answer<T>(most: number, value: () => T): Promise<T> {
    return new Promise((resolve) => this.#soon(this.#fleet.delay(most), () => resolve(value())));
  }

  #board(): NoticeBoard {
    return {
      post: (notice) => this.#post(notice),
      read: () => this.#read(),
      remove: async ({ id }) => void this.#fleet.board.delete(id),
    };
  }

  /** It may get lost on the way there, or on the way back. */
  #post(notice: Notice): Promise<void> {
    const number = ++this.#posts;
    return new Promise((resolve, reject) => {
      if (this.isCutOff) return this.#soon(TIMEOUT_MS, () => reject(new Error("timed out")));
      this.#fleet.after(this.#fleet.delay(400), () => {
        if (number > this.#taken) {
          this.#taken = number;
          this.#fleet.put(this.id, { ...notice, version: this.#fleet.nextVersion() });
        }
        const { boardSince } = this.#fleet;
        const taken = (): void => {
          this.#postedIn = boardSince;
          resolve();
        };
        if (this.isCutOff) this.#soon(TIMEOUT_MS, () => reject(new Error("timed out")));
        else this.#soon(this.#fleet.delay(400), taken);
      });
    });
  }

  #read(): Promise<readonly SeenNotice[]> {
    return new Promise((resolve, reject) => {
      if (this.isCutOff) return this.#soon(TIMEOUT_MS, () => reject(new Error("timed out")));
      this.#fleet.after(this.#fleet.delay(400), () => {
        const { board, boardSince, now } = this.#fleet;
        const all = [...board.values()];
        // As a board does that may have lost something.
        const isWhole = boardSince === this.#postedIn && (boardSince === 0 || now - boardSince >= DEAD_AFTER_MS);
        this.#soon(this.#fleet.delay(400), () => (isWhole ? resolve(all) : reject(new Error("it began anew"))));
      });
    });
  }
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
