import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { inject, onTestFinished, vi } from "vitest";
import "../target/index.ts";
import { RunningPlumb, temporaryFolder } from "./run-plumb.ts";

export interface RunningDemo {
  readonly plumb: RunningPlumb;
  /** Where its own folder is made, and nothing else is. */
  readonly temporary: string;
}

export interface DemoOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `plumb demo` on the target of the project. */
export function runDemo({ args = [], env = {} }: DemoOptions = {}): RunningDemo {
  const temporary = temporaryFolder();
  const target = inject("target") === "cluster" ? ["--control-plane"] : [];
  const plumb = new RunningPlumb(["demo", ...target, ...args], { TMPDIR: temporary, ...cacheOf(process.env), ...env });
  // It is asked to end before it is killed, since a control plane that is killed goes a little later than the test.
  onTestFinished(async () => {
    plumb.child.kill("SIGTERM");
    await plumb.ended;
  });
  return { plumb, temporary };
}

/** Where the programs of the control plane are. */
function cacheOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const entries = ["PLUMB_CONTROLPLANE_CACHE", "XDG_CACHE_HOME", "KUBEBUILDER_ASSETS"].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The same on any free port, once both applications stand. */
export async function startedDemo(options: DemoOptions = {}): Promise<RunningDemo> {
  const demo = runDemo({ ...options, args: ["--listen", "127.0.0.1:0", ...(options.args ?? [])] });
  for (const name of ["blog", "shop"]) {
    await vi.waitFor(() => demo.plumb.said(new RegExp(`default/${name}  Synced, Healthy`), "stdout"), 60_000);
  }
  return demo;
}

/** The lines that the introduction offers to paste. */
export function walkIn(introduction: string): readonly string[] {
  const [, after = ""] = introduction.split(/^A walk, .*\n\n/m);
  const [walk = ""] = after.split("\n\n");
  return walk.split("\n").map((line) => line.trim());
}

/** A PATH on which there is git and no other program. */
export function pathWithGitOnly(): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  const found = (process.env["PATH"] ?? "").split(delimiter).find((one) => existsSync(join(one, "git")));
  symlinkSync(join(found ?? "", "git"), join(folder, "git"));
  return folder;
}
