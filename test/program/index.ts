/**
 * `plumb` as tests start it: the sources and their libraries in one file, made once for each state of them.
 *
 * A run starts some three hundred processes. Node reads 660 sources and 1,200 files of libraries for each of them, which takes 0.7 s of
 * a processor even with everything compiled before; one file takes 0.15 s (docs/decisions/0036).
 *
 * Promises: the same code, in the same order. Every module still takes itself for the source that it was (`import.meta`), so that worker
 * scripts, package.json, charts and pages are found where they are.
 *
 * Refuses: to be anything but quicker. Where nothing has been made, as outside of vitest, the sources are started as they are.
 *
 * In: src/, package-lock.json. Out: programCommand(), for `node COMMAND serve ...`.
 */
import { join } from "node:path";

const SOURCES = join(import.meta.dirname, "../../src/cli/main.ts");

/** The variable by which global-setup.ts tells the workers of the run. */
export const PROGRAM_VARIABLE = "PLUMB_TEST_PROGRAM";

/** What Node gets before the verb. The renderer is compiled once a process: by the quick compiler alone, since none lives long. */
export function programCommand(): readonly string[] {
  return ["--liftoff-only", programPath()];
}

export function programPath(): string {
  return process.env[PROGRAM_VARIABLE] ?? SOURCES;
}
