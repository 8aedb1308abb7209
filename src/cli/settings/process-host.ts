import { homedir } from "node:os";
import { createInterface } from "node:readline/promises";
import type { Host } from "../host.ts";

/** The one place that reads argv, the environment and the kind of terminal. */
export function processHost(): Host {
  const { env, stdin, stdout, stderr } = process;
  return {
    ...(stdin.isTTY === true && stderr.isTTY === true ? { ask } : {}),
    argv: process.argv.slice(2),
    env,
    home: homedir(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colour: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    now: Date.now,
  };
}

/** The question goes to stderr: stdout is for data. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}
