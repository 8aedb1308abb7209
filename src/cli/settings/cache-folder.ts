import { homedir } from "node:os";
import { join } from "node:path";

/** What is costly to make and may vanish at any moment. Source: the XDG base directory specification. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "plumbline");
}
