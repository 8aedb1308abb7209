import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./git-program.ts";

/** What stands at a path: text or bytes, a program, a symbolic link, or a submodule at a commit. */
export type Content =
  | string
  | Buffer
  | { readonly program: Buffer }
  | { readonly link: string }
  | { readonly submodule: string };

/** Path to content; null takes the path away, with everything below it. */
export type Changes = { readonly [path: string]: Content | null };

export interface NewCommit {
  readonly branch: string;
  readonly message: string;
  readonly changes: Changes;
  /** undefined: a commit without parent, to which the branch is moved. */
  readonly onto: string | undefined;
  /** Seconds since the epoch. The same commit at the same time has the same id. */
  readonly time: number;
}

const AUTHOR = "Ada Author <ada@example.com>";
/** Of every repository's first commit. */
export const FIRST_TIME = 1_700_000_000;

/** Makes an empty bare repository whose branch is `main`. */
export async function initRepository(dir: string): Promise<void> {
  await runGit(".", ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", dir]);
}

/** Makes a commit without any working tree, and gives its id. */
export async function importCommit(dir: string, commit: NewCommit): Promise<string> {
  return await runGit(dir, ["fast-import", "--quiet", "--force"], { input: streamOf(commit) });
}

/** Everything below a folder, in the order of its paths, as the changes of a first commit. */
export async function filesOf(folder: string): Promise<Changes> {
  const paths = (await readdir(folder, { recursive: true })).sort();
  const entries = await Promise.all(
    paths.map(async (path) => {
      const content = await contentOf(join(folder, path));
      return content === undefined ? [] : [[path, content] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

async function contentOf(path: string): Promise<Content | undefined> {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return { link: await readlink(path) };
  if (!found.isFile()) return undefined;
  const bytes = await readFile(path);
  return (found.mode & 0o100) === 0 ? bytes : { program: bytes };
}

/** Source: git-fast-import. `get-mark` prints the commit's id. */
function streamOf({ branch, message, changes, onto, time }: NewCommit): Buffer {
  const parts: Buffer[] = [];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Buffer): void => {
    line(`data ${bytes.length}`);
    parts.push(bytes, Buffer.from("\n"));
  };
  // A commit without "from" on a branch that fast-import has not seen has no parent.
  line(`commit refs/heads/${branch}`);
  line("mark :1");
  line(`author ${AUTHOR} ${time} +0000`);
  line(`committer ${AUTHOR} ${time} +0000`);
  data(Buffer.from(`${message}\n`));
  if (onto !== undefined) line(`from ${onto}`);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) line(`D ${path}`);
    else if (typeof content === "object" && "submodule" in content) line(`M 160000 ${content.submodule} ${path}`);
    else {
      const [mode, bytes] = entryOf(content);
      line(`M ${mode} inline ${path}`);
      data(bytes);
    }
  }
  line("get-mark :1");
  line("done");
  return Buffer.concat(parts);
}

function entryOf(content: Exclude<Content, { submodule: string }>): readonly [mode: string, bytes: Buffer] {
  if (typeof content === "string") return ["100644", Buffer.from(content)];
  if ("link" in content) return ["120000", Buffer.from(content.link)];
  return "program" in content ? ["100755", content.program] : ["100644", content];
}
