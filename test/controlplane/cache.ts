import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { PARTS, VERSIONS } from "./versions.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of a part's Go module in this repository. */
export function moduleFolder(part: string): string {
  return join(import.meta.dirname, "modules", part);
}

/** Where builds live: outside the repository, so that fresh clones and other branches share them. */
export function cacheRoot(env: Environment = process.env): string {
  const chosen = env["PLUMB_CONTROLPLANE_CACHE"];
  if (chosen) return chosen;
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "plumbline", "controlplane");
}

/** The folder of this checkout's build. Nothing is ever changed in it: other sources or versions mean another folder. */
export function buildFolder(env: Environment = process.env): string {
  return join(cacheRoot(env), cacheKey(readModuleSources()));
}

/**
 * The name of a build. The versions stand first for the reader; the hash covers what the result depends on: the module
 * sources, their checksums, the recipe and the machine.
 */
export function cacheKey(
  sources: ReadonlyMap<string, string>,
  platform = `${process.platform}-${process.arch}`,
): string {
  const hash = createHash("sha256").update(JSON.stringify([PARTS, platform]));
  for (const name of [...sources.keys()].sort()) hash.update(JSON.stringify([name, sources.get(name)]));
  const versions = Object.entries(VERSIONS).map(([part, version]) => `${part}-${version}`);
  return [...versions, platform, hash.digest("hex").slice(0, 12)].join("_");
}

function readModuleSources(): Map<string, string> {
  const sources = new Map<string, string>();
  for (const part of PARTS) {
    const files = part.package === "." ? ["go.mod", "go.sum", "main.go"] : ["go.mod", "go.sum"];
    for (const file of files)
      sources.set(`${part.name}/${file}`, readFileSync(join(moduleFolder(part.name), file), "utf8"));
  }
  return sources;
}
