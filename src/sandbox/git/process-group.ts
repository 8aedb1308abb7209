import type { ChildProcess } from "node:child_process";

/** SIGTERM to a child that was started `detached`, and to all that it started. One that is ending by itself is left to it:
 *  between its end and Node's hearing of that there is nobody to get the signal (ESRCH). */
export function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
