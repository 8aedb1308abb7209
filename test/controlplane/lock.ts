import { readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const BEAT_MS = 5_000;
// A holder that stopped beating for this long is gone, even if its pid now belongs to somebody else.
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 250;

export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  readonly path: string;
  /** Asked before each try: true means that the work is done already and no lock is needed. */
  readonly done: () => boolean;
  /** Called once, when somebody else holds the lock. */
  readonly onWait?: (holder: number) => void;
}

/**
 * Takes the lock file `path`, waiting for its holder; undefined when `done` came true instead. The file holds the pid of
 * its holder, who touches it every few seconds; a lock whose holder has ended or stopped touching it is taken over.
 * In a race two waiters may both take over: the lock saves double work, it must not be what keeps results whole.
 */
export async function takeLock(options: LockOptions): Promise<Lock | undefined> {
  let told = false;
  while (!options.done()) {
    if (await createLockFile(options.path)) return beat(options.path);
    const holder = await liveHolder(options.path);
    if (holder === undefined) {
      await rm(options.path, { force: true });
      continue;
    }
    if (!told) options.onWait?.(holder);
    told = true;
    await sleep(LOOK_AGAIN_MS);
  }
  return undefined;
}

async function createLockFile(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** The pid of a holder that still lives, or undefined when the lock is stale or has just gone. */
async function liveHolder(path: string): Promise<number | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    if (Date.now() - mtimeMs > STALE_MS) return undefined;
    const pid = Number.parseInt(text, 10);
    // An empty file was created this instant and its pid is being written.
    if (Number.isNaN(pid)) return 0;
    return isAlive(pid) ? pid : undefined;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function beat(path: string): Lock {
  const timer = setInterval(() => {
    const now = new Date();
    // A lock file that was taken away only means that somebody may do the same work again.
    utimes(path, now, now).catch(() => clearInterval(timer));
  }, BEAT_MS);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(path, { force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
