import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { PlumblineError } from "../model/index.ts";
import type { RepositoryEntry } from "../source/index.ts";
import type { Tree } from "./mounts.ts";

/** A folder of this machine as a tree. Links are followed as far as they stay inside. Errors: PL-LINK-ESCAPES. */
export async function folderTree(root: string): Promise<Tree> {
  const real = await realpath(root);
  return {
    async entry(path): Promise<RepositoryEntry | undefined> {
      const at = await realpath(join(real, path)).catch(() => undefined);
      if (at === undefined) return undefined;
      const inside = relative(real, at);
      if (inside === ".." || inside.startsWith(`..${sep}`)) {
        throw new PlumblineError("PL-LINK-ESCAPES", { message: "the link leads out of the folder", where: path });
      }
      const info = await stat(at);
      const named = inside === "" ? "." : inside.split(sep).join("/");
      const oid = `${info.mtimeMs}-${info.size}-${info.ino}`;
      if (info.isFile()) return { kind: "file", oid, path: named, read: () => readFile(at) };
      if (!info.isDirectory()) return undefined;
      return {
        kind: "folder",
        oid,
        path: named,
        names: async () => (await readdir(at)).filter((name) => name !== ".git"),
      };
    },
  };
}
