import { readFile } from "node:fs/promises";
import { PlumblineError } from "../../model/index.ts";

/** Errors: PL-CONFIG-UNREADABLE. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-CONFIG-UNREADABLE", { message: `it cannot be read: ${reason}`, where: file, cause });
  }
}
