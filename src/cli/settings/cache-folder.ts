import { homedir } from "node:os";
import { join } from "node:path";
import type { Host } from "../host.ts";
import { nonEmpty } from "./client.ts";

/** What is costly to make and may vanish at any moment. Source: XDG Base Directory Specification, "cache". */
export function cacheFolder({ env, home }: Pick<Host, "env" | "home">): string {
  return join(nonEmpty(env["XDG_CACHE_HOME"]) ?? join(home, ".cache"), "plumbline");
}

/** That of this process. */
export function ownCacheFolder(): string {
  return cacheFolder({ env: process.env, home: homedir() });
}
