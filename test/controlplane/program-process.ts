import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ProgramStart {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  /** Working directory; the output goes to <name>.log in it, appended. */
  readonly dir: string;
}

export interface ProgramProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, whatever ended it. */
  readonly ended: Promise<void>;
  /** SIGKILL, and waits for the end. The data of a test control plane is thrown away: nothing needs a slow goodbye. */
  kill(): Promise<void>;
}

/** Thrown while a control plane starts: the program ended, or was not ready in time. Another try may go well. */
export class ProgramFailed extends Error {}

/** Starts a program in a process group of its own, so that Ctrl-C in a test run does not reach it before its keeper. */
export async function startProgram(start: ProgramStart): Promise<ProgramProcess> {
  const logFile = join(start.dir, `${start.name}.log`);
  const log = openSync(logFile, "a");
  const child = spawn(start.path, start.args, {
    cwd: start.dir,
    // HOME: kwok and kubectl write there, and this run must leave nothing behind.
    env: { PATH: process.env["PATH"] ?? "", HOME: start.dir, TMPDIR: start.dir },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  await once(child, "spawn");
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new ProgramFailed(`${start.name} has no pid`);
  return {
    name: start.name,
    pid,
    logFile,
    ended,
    async kill() {
      // Waiting for an unreferenced child alone would let this process end first.
      child.ref();
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** The last lines a program wrote, for error messages. */
export function logTail(program: { readonly logFile: string }, lines = 15): string {
  return readFileSync(program.logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
}
