import type { Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { hashJson, sha256 } from "../kit/hash.ts";
import { PlumblineError } from "../model/index.ts";
import type { SourceFile } from "../source/index.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { gather, isManifestFile } from "./plain.ts";
import type { RenderLimits, RenderResult } from "./types.ts";

/**
 * The manifests of a folder (or one file) on this machine, as renderPlain gives those of a snapshot: everything below it but `.git`,
 * links followed. Origins have the path as it was given for repository and file, and no revision.
 * Errors: PL-PATH-MISSING when it cannot be read, PL-LINK-LOOP for links that lead nowhere or in a circle.
 */
export async function renderFolder(path: string, limits: Partial<RenderLimits> = {}): Promise<RenderResult> {
  const info = await readable(path, () => stat(path));
  const found = info.isDirectory() ? await walk(path) : [{ path, size: info.size }];
  const hashes: string[] = [];
  const files = found.map(({ path: file, size }): SourceFile => {
    const read = async (): Promise<Uint8Array> => {
      const bytes = await readable(file, () => readFile(file));
      hashes.push(file, sha256(bytes));
      return bytes;
    };
    return { path: file, size, oid: "", read };
  });
  const options = { repo: path, revision: "", path, limits: { ...DEFAULT_LIMITS, ...limits } };
  const gathered = await gather(files, options);
  return { ...gathered, key: `folder/1:${hashJson(hashes)}` };
}

interface Found {
  readonly path: string;
  readonly size: number;
}

/** Manifest files below a folder, sorted by path (code units) as those of a snapshot are. */
async function walk(root: string): Promise<Found[]> {
  const found: Found[] = [];
  const visit = async (folder: string, above: readonly string[]): Promise<void> => {
    const real = await readable(folder, () => realpath(folder));
    if (above.includes(real)) throw loop(folder);
    for (const name of await readable(folder, () => readdir(folder))) {
      if (name === ".git") continue;
      const path = join(folder, name);
      const info = await followed(path);
      if (info.isDirectory()) await visit(path, [...above, real]);
      else if (info.isFile() && isManifestFile(name)) found.push({ path, size: info.size });
    }
  };
  await visit(root, []);
  const base = resolve(root);
  const order = (path: string): string => relative(base, resolve(path)).split(sep).join("/");
  return found.sort((a, b) => (order(a.path) < order(b.path) ? -1 : 1));
}

async function followed(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    throw loop(path, cause);
  }
}

function loop(path: string, cause?: unknown): PlumblineError {
  return new PlumblineError("PL-LINK-LOOP", {
    message: "the link leads in a circle or to nothing",
    where: path,
    cause,
  });
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-PATH-MISSING", { message: `it cannot be read: ${reason}`, where: path, cause });
  }
}
