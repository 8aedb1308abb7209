import { buildProgram } from "./build.ts";
import { PROGRAM_VARIABLE } from "./index.ts";

/** Vitest runs this once before the first test file of a project that starts `plumb`. */
export default async function setup(): Promise<void> {
  process.env[PROGRAM_VARIABLE] ??= await buildProgram();
}
