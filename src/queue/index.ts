/**
 * Who runs next: one run an application at a time, in the order of who waits for it.
 *
 * Promises: what types.ts says of WorkQueue, proven by one suite over each implementation (test/queue/contract). Here a key is a word; what a run does, and what a
 * request says, is the business of whoever makes the queue.
 *
 * The queue of a single process (createLocalQueue) is memory: it costs nothing and is lost with the process, whose next start asks for everything.
 *
 * Refuses: to be believed. That a key has its turn says nothing about what is to be done; that is read from Git and the cluster each time.
 *
 * In: keys, requests, a function that works. Out: its calls.
 */
import { LocalQueue } from "./local-queue.ts";
import type { QueueOptions, WorkQueue } from "./types.ts";

export function createLocalQueue<T>(options: QueueOptions<T>): WorkQueue<T> {
  return new LocalQueue(options);
}

export type { Again, QueueFactory, QueueOptions, Rank, Run, WorkQueue } from "./types.ts";
