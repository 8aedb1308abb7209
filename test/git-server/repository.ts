import { type Changes, FIRST_TIME, importCommit, initRepository, runGit } from "../../src/sandbox/index.ts";

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

/** The first commit is made here, on "main". */
export async function createRepository(
  where: { name: string; url: string; dir: string },
  files: Changes,
): Promise<GitRepository> {
  await initRepository(where.dir);
  const repository = repositoryAt(where);
  await repository.commit(files, { message: "Begin" });
  return repository;
}

function repositoryAt({ name, url, dir }: { name: string; url: string; dir: string }): GitRepository {
  let time = FIRST_TIME;
  const git = (...args: string[]) => runGit(dir, args);
  const head = (branch = "main") => git("rev-parse", "--verify", `refs/heads/${branch}`);
  const write = async (changes: Changes, { message = "Change", branch = "main" }: CommitOptions, onto?: string) =>
    importCommit(dir, { changes, message, branch, onto, time: time++ });
  const exists = (branch: string) => git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);

  return {
    name,
    url,
    dir,
    head,
    git,
    commit: async (changes, options = {}) =>
      write(changes, options, (await exists(options.branch ?? "main")) || undefined),
    forcePush: (files, options = {}) => write(files, options),
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
