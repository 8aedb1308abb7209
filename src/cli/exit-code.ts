import type { ErrorCode } from "../model/index.ts";

/** What every verb ends with. `differences` never means anything else. */
export const EXIT = { ok: 0, differences: 1, usage: 2, failed: 3, timedOut: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command's outcome reaches the process. */
export type Finish = (code: ExitCode) => void;

const USAGE_FAMILIES = ["PL-USAGE", "PL-CONFIG-", "PL-LISTEN-", "PL-DATA-", "PL-KUBE-CONFIG", "PL-GIT-URL"] as const;

/** An error of the command line or of a file that it names is the caller's to mend before anything ran; every other is a failed run. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === "PL-DEMO-TIMEOUT") return EXIT.timedOut;
  return USAGE_FAMILIES.some((family) => code.startsWith(family)) ? EXIT.usage : EXIT.failed;
}
