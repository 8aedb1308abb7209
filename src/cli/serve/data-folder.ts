import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PlumblineError } from "../../model/index.ts";

/** Makes the data folder and tries it. Errors: PL-DATA-UNWRITABLE. */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(await mkdtemp(join(folder, ".writable-")), { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-DATA-UNWRITABLE", {
      message: `it cannot be written: ${reason}`,
      where: folder,
      cause,
    });
  }
}
