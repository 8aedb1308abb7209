import { printable } from "../../kit/printable.ts";
import { formatProblem, type Problem } from "../../model/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";

/** What went wrong, each with its next step, on stderr. */
export function printProblems(host: Host, problems: readonly Problem[]): ExitCode {
  for (const problem of problems) host.err(`${printable(formatProblem(problem), { lines: true })}\n`);
  return EXIT.failed;
}

export function printWarnings(host: Host, warnings: readonly string[]): void {
  for (const warning of warnings) host.err(`warning: ${printable(warning)}\n`);
}
