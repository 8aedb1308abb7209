import type { Place } from "../kit/keyed-queue.ts";
import type { Problem } from "../model/index.ts";

/** One run of a key. */
export interface Run extends Place {
  /** Aborted when the queue can no longer promise that nobody else runs this key. Absent where only this process could. */
  readonly signal?: AbortSignal;
}

export interface QueueOptions<T> {
  /** Runs at once in this process; those that rest do not count. */
  readonly concurrency: number;
  /** Two requests for one key that wait together become one. */
  readonly merge: (waiting: T, added: T) => T;
  /** 0 goes first, 2 last. However many come with a lower rank, those with a higher one have their turn. */
  readonly rankOf: (request: T) => Rank;
  /** What a run is told for which somebody else has asked: of the request itself only its rank is known. */
  readonly unasked: (rank: Rank) => T;
  /** Must not throw: whoever works here reports its own failures. What it throws all the same goes to `onError`. */
  readonly work: (key: string, request: T, run: Run) => Promise<void>;
  readonly onError: (key: string, error: unknown) => void;
}

/** 0: somebody waits for it. 1: something of it has changed. 2: it is only looked at again. */
export type Rank = 0 | 1 | 2;

/** When a key is to run again with nobody asking. */
export interface Again<T> {
  readonly request: T;
  /** Milliseconds from now. */
  readonly inMs: number;
  /** Milliseconds between two runs that nothing else causes. */
  readonly everyMs: number;
  /** `inMs` is only the next of these: a queue that keeps the interval itself may move it, to the interval's end at the latest. */
  readonly isRegular: boolean;
}

/**
 * One run a key at a time. A request for a key that waits joins it; a request for a key that runs causes exactly one more run after it, however many come, so the last
 * request is always followed by a whole run. A request may be forgotten only with the process that was asked; what is scheduled, not even then.
 */
export interface WorkQueue<T> {
  /** Keys that wait, as far as this process knows; those that run and will run again included. */
  readonly depth: number;
  /** This process has asked for a run that has not begun. */
  isWaiting(key: string): boolean;
  /** It runs in this process. */
  isRunning(key: string): boolean;
  add(key: string, request: T): void;
  /** Has it run again later, in place of whatever was said of that before. Returns in how many milliseconds that will be. */
  again(key: string, when: Again<T>): number;
  /** Not again, until somebody asks. */
  rest(key: string): void;
  /** Takes a key that has not started out of the line, and ends its schedule. */
  drop(key: string): void;
  /** What keeps this queue from doing what it is for, where it goes on all the same. */
  problems(): readonly Problem[];
  /** Takes nothing more, forgets what waits, and resolves when nothing runs. */
  close(): Promise<void>;
}

/** Makes the queue of one loop. */
export type QueueFactory = <T>(options: QueueOptions<T>) => WorkQueue<T>;
