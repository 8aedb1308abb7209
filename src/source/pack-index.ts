import { fork } from "node:child_process";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import git from "isomorphic-git";
import { threadScript } from "../kit/thread-script.ts";

export interface IndexJob {
  /** Holds the objects that a thin pack builds on. */
  readonly gitdir: string;
  /** Holds pack.pack; pack.idx is written beside it. */
  readonly folder: string;
}

/** Smaller packs are indexed in less time than a process takes to start, here, in this thread. */
const INLINE_BYTES = 32 * 1024;
/** MiB of V8's young generation: each object that is inflated leaves a buffer of 64 kB, and only a collection takes it away. */
const YOUNG_MIB = 1;

/** Writes the index and gives the number of objects in it; undefined when the pack cannot be read. */
export async function indexPack(job: IndexJob & { readonly bytes: number }): Promise<number | undefined> {
  if (job.bytes > INLINE_BYTES) return indexInProcess(job);
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

/**
 * A process, not a thread: what the library takes for a large pack (tens of MB beyond the pack itself) goes back to the system with it, and a pack
 * that is too much for it ends it alone. It says its number, or ends without a word.
 */
async function indexInProcess({ gitdir, folder }: IndexJob): Promise<number | undefined> {
  const script = threadScript(new URL("./index-process.ts", import.meta.url), import.meta.url);
  const child = fork(fileURLToPath(script), [gitdir, folder], {
    env: {},
    execArgv: [`--max-semi-space-size=${YOUNG_MIB}`],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve) => {
    let said: number | undefined;
    child.once("message", (objects) => {
      if (typeof objects === "number") said = objects;
    });
    child.once("error", () => resolve(undefined));
    child.once("exit", () => resolve(said));
  });
}
