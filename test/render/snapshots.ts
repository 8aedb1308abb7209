import { Buffer } from "node:buffer";
import type { Snapshot, SourceFile } from "../../src/source/index.ts";

export interface CountedSnapshot extends Snapshot {
  /** How often a file was read. */
  readonly reads: () => number;
}

/** A snapshot out of memory: texts by path, or an error that reading the file throws. The shape of a value, not a stand-in for Git. */
export function snapshotOf(
  files: Readonly<Record<string, string | Error>>,
  over: Partial<Snapshot> = {},
): CountedSnapshot {
  let reads = 0;
  const toFile = ([path, content]: readonly [string, string | Error]): SourceFile => ({
    path,
    size: content instanceof Error ? 0 : Buffer.byteLength(content),
    oid: path,
    read: async () => {
      reads++;
      if (content instanceof Error) throw content;
      return Buffer.from(content);
    },
  });
  return {
    repo: "repo",
    revision: "r1",
    author: "Ann <ann@example.org>",
    subject: "Add web",
    committedAt: "2026-01-01T00:00:00Z",
    path: "apps/web",
    tree: "t1",
    key: "k1",
    files: async () => Object.entries(files).map(toFile),
    entry: async (path) => {
      const found = Object.entries(files).find(([name]) => name === path);
      return found === undefined ? undefined : { kind: "file", ...toFile(found), path };
    },
    reads: () => reads,
    ...over,
  };
}
