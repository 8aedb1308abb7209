import { rmSync } from "node:fs";
import { mkdtemp, realpath } from "node:fs/promises";
import { join } from "node:path";
import { PlumblineError } from "../../model/index.ts";
import type { Cleanup } from "../serve/cleanups.ts";

/** A new folder below the one that is given. It goes with the cleanups, and in any case with the process. Errors: PL-DEMO-FOLDER. */
export async function makeDemoFolder(parent: string, cleanups: Cleanup[]): Promise<string> {
  let folder: string;
  try {
    folder = await mkdtemp(join(await realpath(parent), "plumb-demo-"));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-DEMO-FOLDER", { message: `it cannot be written: ${reason}`, where: parent, cause });
  }
  // Somebody may be writing a file into it at this moment.
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  process.once("exit", remove);
  cleanups.push(() => {
    remove();
    process.removeListener("exit", remove);
  });
  return folder;
}
