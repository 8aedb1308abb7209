import { readFile, rename, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KnownRefs } from "./ref-watch.ts";
import { parseListedRef, type ServerRef } from "./server-ref.ts";

/**
 * The refs of a mirror, in Git's own files: packed-refs and HEAD. The time of packed-refs is when the repository last answered.
 * Source: Git, "gitrepository-layout" and git-pack-refs.
 */
export async function writeRefs(gitdir: string, { table, at }: KnownRefs): Promise<void> {
  const { head, text } = printRefs(table);
  const path = join(gitdir, "packed-refs");
  if ((await readIfThere(path)) !== text) await replaceFile(path, text);
  if (head !== undefined) await replaceFile(join(gitdir, "HEAD"), head);
  await utimes(path, at / 1000, at / 1000);
}

export async function readRefs(gitdir: string, repo: string): Promise<KnownRefs | undefined> {
  const path = join(gitdir, "packed-refs");
  const text = await readIfThere(path);
  const head = await readIfThere(join(gitdir, "HEAD"));
  if (text === undefined) return undefined;
  const table = new Map<string, ServerRef>();
  let last: ServerRef | undefined;
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    if (line.startsWith("^") && last !== undefined) last = { ...last, peeled: line.slice(1) };
    else last = parseListedRef(line, repo);
    if (last !== undefined) table.set(last.ref, last);
  }
  addHead(table, head?.trim() ?? "");
  return { table, at: (await stat(path)).mtimeMs };
}

function addHead(table: Map<string, ServerRef>, head: string): void {
  const target = /^ref: (.+)$/.exec(head)?.[1];
  const oid = target === undefined ? /^[0-9a-f]{40}$/.exec(head)?.[0] : table.get(target)?.oid;
  if (oid !== undefined) table.set("HEAD", { ref: "HEAD", oid, ...(target === undefined ? {} : { target }) });
}

function printRefs(table: KnownRefs["table"]): { head: string | undefined; text: string } {
  const head = table.get("HEAD");
  const refs = new Map([...table].filter(([name]) => name.startsWith("refs/")));
  if (head?.target !== undefined && !refs.has(head.target)) refs.set(head.target, { ref: head.target, oid: head.oid });
  const names = [...refs.keys()].sort();
  const lines = names.map((name) => {
    const one = refs.get(name);
    return `${one?.oid} ${name}\n${one?.peeled === undefined ? "" : `^${one.peeled}\n`}`;
  });
  const text = `# pack-refs with: peeled fully-peeled sorted \n${lines.join("")}`;
  if (head === undefined) return { head: undefined, text };
  return { head: head.target === undefined ? `${head.oid}\n` : `ref: ${head.target}\n`, text };
}

/** Whole or not at all: a reader after a crash sees the old or the new. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
