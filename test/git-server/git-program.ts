import { spawn } from "node:child_process";

/** No configuration of the machine or the user has a say. */
export const GIT_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
};

/** Runs git and gives its output, without the last line break. Rejects with what it wrote to stderr. */
export async function runGit(dir: string, args: readonly string[], input?: Buffer): Promise<string> {
  const child = spawn("git", args, { cwd: dir, env: GIT_ENVIRONMENT });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", resolve);
  const status = await promise;
  if (status !== 0) throw new Error(`git ${args.join(" ")} ended with ${status}: ${Buffer.concat(errors).toString()}`);
  return Buffer.concat(output).toString().trimEnd();
}
