import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * A small shell that outlives this process by an instant. It reads commands from a pipe whose only writer is this
 * process: when the pipe closes without a `done`, this process has ended, by whatever means, SIGKILL included. Then the
 * keeper kills the guarded processes and removes the folder.
 */
export interface Keeper {
  /** From now on these processes are the ones to kill. */
  guard(pids: readonly number[]): void;
  /** Everything was ended and removed in order: the keeper goes, too. */
  release(): Promise<void>;
}

const SCRIPT = `
pids=
while read -r word rest; do
  case "$word" in
    guard) pids=$rest ;;
    done) exit 0 ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
# A program that was just being killed may still write a file: try again while it does.
for try in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null && break; sleep 0.2; done
`;

export function startKeeper(folder: string): Keeper {
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "plumbline-keeper", folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  const ended = once(shell, "exit");
  // A keeper that is gone can only mean that somebody ended it; that must not end the test run, too.
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return {
    guard: (pids) => void shell.stdin.write(`guard ${pids.join(" ")}\n`),
    async release() {
      shell.ref();
      shell.stdin.end("done\n");
      await ended;
    },
  };
}
