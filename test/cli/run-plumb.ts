import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { programCommand } from "../program/index.ts";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program as a process of its own. It is ended with the test, if it has not ended by then. */
export class RunningPlumb {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
    this.child = spawn(process.execPath, [...programCommand(), ...args], {
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    const closed = once(this.child, "close");
    this.ended = closed.then(() => ({ code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr }));
    onTestFinished(async () => {
      this.child.kill("SIGKILL");
      await closed;
    });
  }

  /** Resolves when the pattern has been printed; rejects when the process ends without. */
  async said(pattern: RegExp, stream: "stdout" | "stderr" = "stderr"): Promise<RegExpMatchArray> {
    for (;;) {
      const found = this[stream].match(pattern);
      if (found !== null) return found;
      const more = this.child[stream];
      if (more === null || this.child.exitCode !== null) throw new Error(`it never said ${pattern}: ${this.stderr}`);
      await Promise.race([once(more, "data"), once(this.child, "close")]);
    }
  }
}

export async function runPlumb(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return await new RunningPlumb(args, env).ended;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumb-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
