import fs from "node:fs";
import { Worker } from "node:worker_threads";
import git from "isomorphic-git";
import { threadScript } from "../kit/thread-script.ts";

export interface IndexJob {
  /** Holds the objects that a thin pack builds on. */
  readonly gitdir: string;
  /** Holds pack.pack; pack.idx is written beside it. */
  readonly folder: string;
}

/** Smaller packs are indexed in less time than a thread takes to start, here, in this thread. */
const INLINE_BYTES = 32 * 1024;

/** Writes the index and gives the number of objects in it; undefined when the pack cannot be read. */
export async function indexPack(job: IndexJob & { readonly bytes: number }): Promise<number | undefined> {
  if (job.bytes > INLINE_BYTES) return indexInWorker(job);
  try {
    return await indexHere(job);
  } catch {
    // Whatever the library says, the pack or what it builds on cannot be read: the caller throws both away.
    return undefined;
  }
}

export async function indexHere({ gitdir, folder }: IndexJob): Promise<number> {
  const { oids } = await git.indexPack({ fs, dir: folder, gitdir, filepath: "pack.pack", cache: {} });
  return oids.length;
}

/** The worker says its number, or ends without a word. */
async function indexInWorker({ gitdir, folder }: IndexJob): Promise<number | undefined> {
  const script = threadScript(new URL("./index-worker.ts", import.meta.url), import.meta.url);
  const worker = new Worker(script, { workerData: { gitdir, folder } satisfies IndexJob, stdout: true, stderr: true });
  return new Promise((resolve) => {
    let said: number | undefined;
    worker.once("message", (objects: unknown) => {
      if (typeof objects === "number") said = objects;
    });
    worker.once("error", () => resolve(undefined));
    worker.once("exit", () => resolve(said));
  });
}
