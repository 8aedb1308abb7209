/** What stands under one name of a tree. Source: Git, "gitformat-tree" and the modes of git-fast-import. */
export interface TreeEntry {
  readonly name: string;
  readonly kind: "tree" | "file" | "link" | "submodule";
  readonly oid: string;
}

/** By name, in Git's order. */
export type Tree = ReadonlyMap<string, TreeEntry>;

const KINDS: { readonly [mode: string]: TreeEntry["kind"] } = {
  "40000": "tree",
  "120000": "link",
  "160000": "submodule",
};

/** `<mode> <name>\0<20 bytes of id>`, again and again. */
export function parseTree(bytes: Uint8Array): Tree {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tree = new Map<string, TreeEntry>();
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(0x20, at);
    const nul = buffer.indexOf(0, space);
    if (space < 0 || nul < 0 || nul + 21 > buffer.length) break;
    const name = buffer.toString("utf8", space + 1, nul);
    const kind = KINDS[buffer.toString("latin1", at, space)] ?? "file";
    tree.set(name, { name, kind, oid: buffer.toString("hex", nul + 1, nul + 21) });
    at = nul + 21;
  }
  return tree;
}
