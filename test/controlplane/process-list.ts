import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readlink } from "node:fs/promises";
import { promisify } from "node:util";
import { isAlive } from "./lock.ts";

export interface ProcessEntry {
  readonly name: string;
  readonly pid: number;
}

const run = promisify(execFile);

/** Those entries that are still processes of the control plane in `dir`: a pid may since belong to somebody else. */
export async function programsOf(dir: string, entries: readonly ProcessEntry[]): Promise<readonly ProcessEntry[]> {
  const checked = await Promise.all(entries.map(async (entry) => ({ entry, ours: await worksIn(dir, entry.pid) })));
  return checked.filter(({ ours }) => ours).map(({ entry }) => entry);
}

/** Whether the process lives and its working folder or command line names `dir`. */
async function worksIn(dir: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  try {
    const told = existsSync("/proc/self")
      ? await fromProc(pid)
      : (await run("ps", ["-o", "args=", "-p", String(pid)])).stdout;
    return told.includes(dir);
  } catch {
    return false; // it ended while we looked
  }
}

async function fromProc(pid: number): Promise<string> {
  return `${await readlink(`/proc/${pid}/cwd`)}\n${await readFile(`/proc/${pid}/cmdline`, "utf8")}`;
}
