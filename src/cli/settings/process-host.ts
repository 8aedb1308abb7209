import { homedir } from "node:os";
import type { Host } from "../host.ts";

/** The one place that reads argv, the environment and the kind of terminal. */
export function processHost(): Host {
  const { env, stdout, stderr } = process;
  return {
    argv: process.argv.slice(2),
    env,
    home: homedir(),
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    colour: stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    now: Date.now,
  };
}
