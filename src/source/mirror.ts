import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import git from "isomorphic-git";
import { type Log, PlumblineError } from "../model/index.ts";
import { takePack } from "./pack-intake.ts";
import { type GitObject, PackSet } from "./pack-set.ts";
import { corrupt } from "./pkt-line.ts";
import type { KnownRefs } from "./ref-watch.ts";
import { isMissing, readIfThere, readRefs, replaceFile, writeRefs } from "./refs-file.ts";
import type { Remote } from "./remote.ts";
import { codeOf } from "./transport-error.ts";

export interface MirrorOptions {
  readonly repo: string;
  /** `<dataDir>/git/<name>.git` */
  readonly gitdir: string;
  readonly remote: Remote;
  readonly log: Log;
  /** Wraps each request, to count it. */
  readonly counted: <T>(operation: "fetch" | "clone", work: () => Promise<T>) => Promise<T>;
  /** The refs to write beside a new clone. */
  readonly known: () => KnownRefs | undefined;
}

/** A commit, and what to ask the server for to get it (its annotated tag, where it has one). */
export interface Wanted {
  readonly revision: string;
  readonly want: string;
}

/** Nothing is ever packed again, and every pack is looked through for each object. */
const MAX_FETCHES = 50;

/**
 * One bare repository on disk. It holds whole snapshots of single commits without their history: each fetch has depth 1 and
 * names the commits that are here, so that a thin pack with nothing but the difference comes. The file `shallow` lists the
 * commits (as it does for Git itself); without it the folder counts for nothing. One writer; readers need no lock.
 */
export class Mirror {
  readonly #options: MirrorOptions;
  /** Opened at the first read; another one after each clone. */
  #packs: PackSet | undefined;
  /** Counts clones. */
  #generation = 0;
  /** Commits that are here whole; undefined before the folder was looked at. */
  #commits: Set<string> | undefined;
  #writing: Promise<void> = Promise.resolve();
  readonly #ensuring = new Map<string, Promise<void>>();

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Fetches the commit when it is not here; calls at once for one commit share the fetch. Errors: PL-GIT-*, PL-DATA-UNWRITABLE. */
  async ensure(wanted: Wanted): Promise<void> {
    if (this.#commits?.has(wanted.revision) === true) return;
    let running = this.#ensuring.get(wanted.revision);
    if (running === undefined) {
      running = this.#exclusive(() => this.#bring(wanted)).finally(() => this.#ensuring.delete(wanted.revision));
      this.#ensuring.set(wanted.revision, running);
    }
    return running;
  }

  /** An object of the commit. What is gone or spoilt is cloned anew, once. Errors: PL-GIT-CORRUPT when that did not help, and those of ensure. */
  async read(wanted: Wanted, oid: string): Promise<GitObject> {
    await this.ensure(wanted);
    const generation = this.#generation;
    try {
      return this.#read(oid);
    } catch (error) {
      await this.#exclusive(() => this.#repair(wanted, { generation, reason: codeOf(error) ?? "spoilt" }));
    }
    try {
      return this.#read(oid);
    } catch {
      throw corrupt(
        this.#options.repo,
        `object ${oid} of commit ${wanted.revision} is not there, also in a fresh clone`,
      );
    }
  }

  #read(oid: string): GitObject {
    this.#packs ??= new PackSet(this.#options.gitdir);
    return this.#packs.read(oid);
  }

  /** Waits for the writer and closes the packs. */
  async close(): Promise<void> {
    await this.#exclusive(async () => {
      this.#packs?.close();
      this.#packs = undefined;
    });
  }

  async loadRefs(): Promise<KnownRefs | undefined> {
    try {
      return await readRefs(this.#options.gitdir, this.#options.repo);
    } catch (error) {
      this.#options.log.warn({ repo: this.#options.repo, code: codeOf(error) }, "the refs kept on disk cannot be read");
      return undefined;
    }
  }

  /** Keeps the refs for the next process. A disk that does not take them costs nothing now. */
  async saveRefs(known: KnownRefs): Promise<void> {
    try {
      await this.#exclusive(async () => {
        if ((await this.#open()).size > 0) await writeRefs(this.#options.gitdir, known);
      });
    } catch (error) {
      const level = isMissing(error) ? "debug" : "warn";
      this.#options.log[level]({ repo: this.#options.repo, code: codeOf(error) }, "the refs cannot be kept on disk");
    }
  }

  async #exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#writing.then(work);
    this.#writing = run.then(
      () => {},
      () => {},
    );
    return run;
  }

  /** Looks at the folder once, and removes what a process that was killed left half done. */
  async #open(): Promise<Set<string>> {
    if (this.#commits !== undefined) return this.#commits;
    const { gitdir } = this.#options;
    await this.#sweep(dirname(gitdir), `${basename(gitdir)}.`);
    await this.#sweep(gitdir, "incoming-");
    const text = (await readIfThere(join(gitdir, "shallow"))) ?? "";
    this.#commits = new Set(text.split("\n").filter((line) => /^[0-9a-f]{40}$/.test(line)));
    return this.#commits;
  }

  async #sweep(folder: string, prefix: string): Promise<void> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw unwritable(error, folder);
    });
    const left = names.filter((name) => name.startsWith(prefix));
    await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  }

  async #bring(wanted: Wanted): Promise<void> {
    const commits = await this.#open();
    if (commits.has(wanted.revision)) return;
    if (commits.size === 0 || commits.size > MAX_FETCHES) return this.#clone(wanted);
    try {
      await this.#options.counted("fetch", () => this.#fetch(wanted, [...commits]));
    } catch (error) {
      // The repository's own refusal stands. A pack that does not fit what is here is the mirror's fault, or may be.
      if (error instanceof PlumblineError && error.code !== "PL-GIT-CORRUPT") throw error;
      this.#options.log.warn(
        { repo: this.#options.repo, code: codeOf(error) },
        "a fetch did not fit the mirror: cloning anew",
      );
      await this.#clone(wanted);
    }
  }

  async #repair(wanted: Wanted, seen: { generation: number; reason: string }): Promise<void> {
    const commits = await this.#open();
    if (!commits.has(wanted.revision)) return this.#bring(wanted);
    if (this.#generation !== seen.generation) return;
    this.#options.log.warn({ repo: this.#options.repo, reason: seen.reason }, "the mirror is spoilt: cloning anew");
    await this.#clone(wanted);
  }

  async #fetch({ revision, want }: Wanted, haves: readonly string[]): Promise<void> {
    const { gitdir, remote, repo } = this.#options;
    const folder = join(gitdir, `incoming-${randomBytes(4).toString("hex")}`);
    try {
      await takePack({ repo, gitdir, folder, pack: remote.fetchPack({ want, haves }) });
      this.#packs?.refresh();
      this.#read(revision);
      await replaceFile(join(gitdir, "shallow"), `${[...haves, revision].join("\n")}\n`);
      this.#commits?.add(revision);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #clone(wanted: Wanted): Promise<void> {
    const fresh = `${this.#options.gitdir}.new-${randomBytes(4).toString("hex")}`;
    try {
      await this.#options.counted("clone", () => this.#cloneInto(fresh, wanted));
      await this.#swap(fresh);
      this.#commits = new Set([wanted.revision]);
    } catch (error) {
      throw error instanceof PlumblineError ? error : unwritable(error, fresh);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  async #cloneInto(gitdir: string, { revision, want }: Wanted): Promise<void> {
    const { remote, repo, known } = this.#options;
    const pack = remote.fetchPack({ want, haves: [] });
    await mkdir(dirname(gitdir), { recursive: true });
    await git.init({ fs, gitdir, bare: true });
    await takePack({ repo, gitdir, folder: join(gitdir, "incoming"), pack });
    await rm(join(gitdir, "incoming"), { recursive: true, force: true });
    if (!holds(gitdir, revision))
      throw corrupt(repo, `the pack does not hold the commit ${revision} that was asked for`);
    await replaceFile(join(gitdir, "shallow"), `${revision}\n`);
    const refs = known();
    if (refs !== undefined) await writeRefs(gitdir, refs);
  }

  /** Between the two renames there is no mirror: a kill there costs a clone. */
  async #swap(fresh: string): Promise<void> {
    const { gitdir } = this.#options;
    const old = `${gitdir}.old-${randomBytes(4).toString("hex")}`;
    await rename(gitdir, old).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await rename(fresh, gitdir);
    this.#packs?.close();
    this.#packs = undefined;
    this.#generation++;
    await rm(old, { recursive: true, force: true });
  }
}

function holds(gitdir: string, oid: string): boolean {
  let packs: PackSet | undefined;
  try {
    packs = new PackSet(gitdir);
    packs.read(oid);
    return true;
  } catch {
    // Why it cannot be read does not matter: the clone is not used.
    return false;
  } finally {
    packs?.close();
  }
}

function unwritable(error: unknown, path: string): PlumblineError {
  const code = codeOf(error) ?? "unknown";
  return new PlumblineError("PL-DATA-UNWRITABLE", {
    message: `the mirror cannot be written (${code})`,
    where: path,
    cause: error,
  });
}
