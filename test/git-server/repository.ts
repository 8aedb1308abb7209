import { runGit } from "./git-program.ts";

/** What stands at a path: text or bytes, a symbolic link, or a submodule at a commit. */
type Content = string | Buffer | { readonly link: string } | { readonly submodule: string };

/** Path to content; null takes the path away, with everything below it. */
export type Changes = { readonly [path: string]: Content | null };

interface CommitOptions {
  readonly message?: string;
  /** Default "main". */
  readonly branch?: string;
}

/** A bare repository behind the server. Every method that gives a string gives a commit's id. */
export interface GitRepository {
  readonly name: string;
  readonly url: string;
  /** The bare repository on disk. */
  readonly dir: string;
  head(branch?: string): Promise<string>;
  /** One commit more on the branch. */
  commit(changes: Changes, options?: CommitOptions): Promise<string>;
  /** The branch becomes one commit with these files and no parent. */
  forcePush(files: Changes, options?: CommitOptions): Promise<string>;
  /** Moves the tag when it is there. */
  tag(name: string, options?: { readonly annotated?: boolean; readonly at?: string }): Promise<void>;
  branch(name: string, at?: string): Promise<void>;
  /** "refs/heads/old" */
  deleteRef(ref: string): Promise<void>;
  /** Any git command in the bare repository; gives its output. */
  git(...args: string[]): Promise<string>;
}

const AUTHOR = "Ada Author <ada@example.com>";

/** The first commit is made here, on "main". */
export async function createRepository(
  where: { name: string; url: string; dir: string },
  files: Changes,
): Promise<GitRepository> {
  await runGit(".", ["init", "--quiet", "--bare", "--initial-branch=main", where.dir]);
  const repository = repositoryAt(where);
  await repository.commit(files, { message: "Begin" });
  return repository;
}

function repositoryAt({ name, url, dir }: { name: string; url: string; dir: string }): GitRepository {
  let time = 1_700_000_000;
  const git = (...args: string[]) => runGit(dir, args);
  const head = (branch = "main") => git("rev-parse", "--verify", `refs/heads/${branch}`);
  const write = async (
    changes: Changes,
    { message = "Change", branch = "main" }: CommitOptions,
    onto: string | undefined,
  ) => runGit(dir, ["fast-import", "--quiet", "--force"], stream(changes, { message, branch, onto, time: time++ }));
  const exists = (branch: string) => git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);

  return {
    name,
    url,
    dir,
    head,
    git,
    commit: async (changes, options = {}) =>
      write(changes, options, (await exists(options.branch ?? "main")) || undefined),
    forcePush: (files, options = {}) => write(files, options, undefined),
    tag: async (tag, { annotated = false, at = "refs/heads/main" } = {}) => {
      const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
      const kind = annotated ? ["--annotate", "--message", `Release ${tag}`] : [];
      await git(...identity, "tag", "--force", ...kind, tag, at);
    },
    branch: async (branch, at = "refs/heads/main") => {
      await git("update-ref", `refs/heads/${branch}`, at);
    },
    deleteRef: async (ref) => {
      await git("update-ref", "-d", ref);
    },
  };
}

/** Source: git-fast-import. `get-mark` prints the commit's id. */
function stream(
  changes: Changes,
  { message, branch, onto, time }: { message: string; branch: string; onto: string | undefined; time: number },
): Buffer {
  const parts: Buffer[] = [];
  const line = (text: string) => parts.push(Buffer.from(`${text}\n`));
  const data = (bytes: Buffer) => {
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
      line(`M ${isLink(content) ? "120000" : "100644"} inline ${path}`);
      data(isLink(content) ? Buffer.from(content.link) : Buffer.from(content));
    }
  }
  line("get-mark :1");
  line("done");
  return Buffer.concat(parts);
}

function isLink(content: Content): content is { readonly link: string } {
  return typeof content === "object" && "link" in content;
}
