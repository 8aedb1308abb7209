import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PlumblineError } from "../../model/index.ts";

/** Makes the data folder and tries it. Errors: PL-DATA-UNWRITABLE. */
export async function requireWritable(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
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

/**
 * Makes the folder and what is missing above it. Node's own recursive mkdir never ends where a folder
 * exists and yet says ENOENT of everything made in it, as /proc does.
 */
async function makeFolder(folder: string): Promise<void> {
  const known = await stat(folder).catch(() => undefined);
  if (known?.isDirectory() === true) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder, { mode: 0o700 });
}
