#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=8 --heap-growing-percent=40
/**
 * The composition root: the command `plumb`. Reads settings, builds the objects of the other rooms and puts them together,
 * asks a running server over HTTP, prints, and sets exit codes.
 *
 * Promises: data on stdout, words on stderr. Exit codes mean the same for every verb (exit-code.ts). Every error says its code,
 * what and where, and the next step. A client command loads neither the Kubernetes client nor the HTTP server.
 * Text that comes from a cluster or from Git cannot steer the terminal.
 *
 * Refuses: to decide anything that another room decides, and to read argv or the environment anywhere but in settings/.
 *
 * The options of Node in the first line (the image's entry point has them, too) keep the memory near to what is kept: by itself V8 lets a heap of
 * 80 MB grow to 250 before it looks for what is garbage; and the C library by itself gives every thread a heap of its own, of which nothing goes back. docs/performance.md has
 * what that costs.
 *
 * In: argv, the environment, a settings file, Application files. Out: a process.
 * settings/ reads what was asked, applications/ finds the Applications, serve/ wires the server, client/ asks one,
 * commands/ has one file a verb, print/ makes text.
 */
import { runProgram } from "./program.ts";
import { processHost } from "./settings/process-host.ts";

// A reader that has had enough (`plumb get applications | head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 3);
});
// Rooms wait with timers that hold no process (kit/sleep.ts). The command that runs does hold it, until it has its exit code.
const held = setInterval(() => {}, 1_000_000);
process.exitCode = await runProgram(processHost());
clearInterval(held);
// Whatever still holds the process after its work is done (a connection that will not close) must not hold it for long.
setTimeout(() => process.exit(), 1000).unref();
