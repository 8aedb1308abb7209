import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type ErrorCode, PlumblineError } from "../model/index.ts";
import type { RepositoryEntry } from "../source/index.ts";
import type { Tree } from "./mounts.ts";

/** Far above what is read of a file: a larger one is not even looked at. */
const MAX_FILE_BYTES = 32 * 2 ** 20;

/**
 * A folder of this machine as a tree. Links are followed as far as they stay inside; nothing of Git's own folder is there.
 * Errors: PL-LINK-ESCAPES, PL-LINK-LOOP, PL-PATH-MISSING for what may not be read, PL-RENDER-TOO-LARGE.
 */
export async function folderTree(root: string): Promise<Tree> {
  const real = await realpath(root);
  return {
    async entry(path): Promise<RepositoryEntry | undefined> {
      const at = await realOf(join(real, path), path);
      if (at === undefined) return undefined;
      const inside = relative(real, at);
      if (inside === ".." || inside.startsWith(`..${sep}`)) {
        throw new PlumblineError("PL-LINK-ESCAPES", { message: "the link leads out of the folder", where: path });
      }
      const names = inside.split(sep);
      return names.includes(".git") ? undefined : await entryAt(at, inside === "" ? "." : names.join("/"));
    },
  };
}

async function entryAt(at: string, path: string): Promise<RepositoryEntry | undefined> {
  const info = await stat(at);
  const oid = `${info.mtimeMs}-${info.size}-${info.ino}`;
  if (info.isFile()) return { kind: "file", oid, path, read: async () => await read(at, path, info.size) };
  if (!info.isDirectory()) return undefined;
  const names = async (): Promise<string[]> =>
    (await readable(path, () => readdir(at))).filter((name) => name !== ".git");
  return { kind: "folder", oid, path, names };
}

async function read(at: string, path: string, size: number): Promise<Uint8Array> {
  if (size > MAX_FILE_BYTES) {
    const message = `the file has ${size} bytes; at most ${MAX_FILE_BYTES} are read`;
    throw new PlumblineError("PL-RENDER-TOO-LARGE", { message, where: path });
  }
  return await readable(path, () => readFile(at));
}

/** Where the path really leads; undefined for nothing. */
async function realOf(at: string, path: string): Promise<string | undefined> {
  try {
    return await realpath(at);
  } catch (error) {
    if (ABSENT.includes(reasonOf(error))) return undefined;
    throw unreadable(error, path);
  }
}

async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** Kustomize tries the text of a patch as a path, however long it is and whatever is in it. */
const ABSENT = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"];

/** The system's own sentence names the machine's folders; its word for the reason does not. */
function unreadable(cause: unknown, where: string): PlumblineError {
  const reason = reasonOf(cause);
  const code: ErrorCode = reason === "ELOOP" ? "PL-LINK-LOOP" : "PL-PATH-MISSING";
  return new PlumblineError(code, { message: `it cannot be read: ${reason}`, where, cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
