import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { hasCode, isAlive, takeLock } from "./lock.ts";
import { goCommand } from "./programs.ts";
import type { Progress } from "./progress.ts";

export interface GoModule {
  /** For messages. */
  readonly name: string;
  /** Where its go.mod is. */
  readonly folder: string;
  /** For another machine than this one: GOOS, GOARCH. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface BuildOnce {
  /** The folder to be made. Nothing is ever changed in it. */
  readonly target: string;
  readonly progress: Progress;
  /** Writes what the folder will hold. */
  readonly fill: (draft: string) => Promise<void>;
}

/**
 * Makes the folder `target`, unless it is there. It appears by one rename, whole or not at all, so readers need no lock; a
 * second builder waits for the first, and whoever renames last throws its own copy away.
 */
export async function buildOnce({ target, progress, fill }: BuildOnce): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const lock = await takeLock({
    path: `${target}.lock`,
    done: () => existsSync(target),
    onWait: (pid) => progress.say(`waiting for the build of process ${pid}`),
  });
  if (lock === undefined) return;
  try {
    await removeLeftovers(target);
    await fillDraft(target, fill);
  } finally {
    await lock.release();
  }
}

async function fillDraft(target: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${target}.building-${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    await fill(draft);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another builder was faster: its result is the same.
    if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
  }
}

/** Drafts of builders that were killed. */
async function removeLeftovers(target: string): Promise<void> {
  const prefix = `${basename(target)}.building-`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

/** Builds the program of a package without symbols, paths of this machine or C, so that the same sources give the same file. */
export async function goBuild(module: GoModule, build: GoBuild): Promise<void> {
  const { package: path, output, linkerFlags = "-s -w" } = build;
  await runGo(
    ["build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", linkerFlags, "-o", output, path],
    module,
  );
}

export interface GoBuild {
  readonly package: string;
  readonly output: string;
  /** Default: no symbols. */
  readonly linkerFlags?: string;
}

/** Runs go in a module; resolves to its stdout, rejects with its stderr. */
export async function runGo(args: readonly string[], { name, folder, env = {} }: GoModule): Promise<string> {
  const command = goCommand();
  if (command === undefined) throw new Error(`${name} is built with Go 1.26, and there is no go on PATH`);
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`go ${args[0]} of ${name} ended with ${code}:\n${stderr.slice(-4_000)}`);
  return stdout;
}
