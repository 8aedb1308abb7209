import { spawn } from "node:child_process";
import { PlumblineError } from "../../model/index.ts";

/** No configuration of the machine or the user has a say. */
export const GIT_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunGitOptions {
  readonly input?: Buffer;
  readonly signal?: AbortSignal;
}

/** Runs git and gives its output, without the last line break. Rejects with what it wrote to stderr. */
export async function runGit(dir: string, args: readonly string[], options: RunGitOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await endedGit(dir, args, options);
  if (status !== 0) throw new Error(`git ${args.join(" ")} ended with ${status}: ${stderr}`);
  return stdout.trimEnd();
}

/** Errors: PL-DEMO-GIT-MISSING, where there is no git or it came without `git http-backend`. */
export async function requireGit(): Promise<void> {
  try {
    // Without the variables of a request the backend refuses it, as a CGI program does.
    const { stdout } = await endedGit("/", ["http-backend"]);
    if (stdout.startsWith("Status:")) return;
  } catch (cause) {
    throw missing("there is no git on the PATH", cause);
  }
  throw missing("this git comes without `git http-backend`", undefined);
}

function missing(message: string, cause: unknown): PlumblineError {
  return new PlumblineError("PL-DEMO-GIT-MISSING", { message, cause });
}

async function endedGit(dir: string, args: readonly string[], { input, signal }: RunGitOptions = {}): Promise<Ended> {
  const child = spawn("git", args, { cwd: dir, env: GIT_ENVIRONMENT, ...(signal === undefined ? {} : { signal }) });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  // A program that ends before it has read everything says why by its status.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", resolve);
  const status = await promise;
  return { status, stdout: Buffer.concat(output).toString(), stderr: Buffer.concat(errors).toString() };
}
