import type { IncomingHttpHeaders } from "node:http";
import { askBackend, type GitAnswer } from "./backend.ts";
import { runGit } from "./git-program.ts";

/** A ref that an accepted push changed. */
export interface Push {
  /** The repository's name. */
  readonly repo: string;
  /** "refs/heads/main" */
  readonly ref: string;
  /** 40 zeros where there was none. */
  readonly before: string;
  /** 40 zeros where it was deleted. */
  readonly after: string;
}

/** The parts of an HTTP request that matter, its body read. */
export interface GitRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Is aborted when the client is gone. */
  readonly signal: AbortSignal;
}

interface Served {
  readonly dir: string;
  /** Ends when the last push has. */
  pushing: Promise<unknown>;
}

const NO_COMMIT = "0".repeat(40);
const SERVED_PATH = /^\/(.+)\.git(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/;

/** Smart HTTP over repositories that were named to it, and nothing else of the disk. */
export class SmartHttp {
  readonly #served = new Map<string, Served>();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #onPush: (push: Push) => void;

  constructor(onPush: (push: Push) => void = () => {}) {
    this.#onPush = onPush;
  }

  /** From now on the folder's repository is at /NAME.git. */
  serve(name: string, dir: string): void {
    this.#served.set(name, { dir, pushing: Promise.resolve() });
  }

  /** Whatever Git answers; 404 for everything that is not one of its three addresses of a repository that is served. */
  async answer(request: GitRequest): Promise<GitAnswer> {
    const { pathname, search } = new URL(request.url, "http://localhost");
    const [, name = "", path = ""] = SERVED_PATH.exec(pathname) ?? [];
    const served = this.#served.get(name);
    if (served === undefined) return plainAnswer(404, "there is no such repository here");
    const signal = AbortSignal.any([request.signal, this.#stopping.signal]);
    const ask = () => askBackend({ ...request, dir: served.dir, path, query: search.slice(1), signal });
    const answering = path === "/git-receive-pack" ? this.#push(name, served, ask) : ask();
    this.#running.add(answering);
    return await answering.finally(() => this.#running.delete(answering));
  }

  /** Ends every process of Git; resolves when they have. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running);
  }

  /** One push after the other, so that the difference between before and after is this push's. */
  #push(repo: string, served: Served, ask: () => Promise<GitAnswer>): Promise<GitAnswer> {
    const pushed = served.pushing.then(async () => {
      const before = await refsOf(served.dir);
      const answer = await ask();
      const after = await refsOf(served.dir);
      for (const ref of new Set([...before.keys(), ...after.keys()])) {
        const [old, now] = [before.get(ref) ?? NO_COMMIT, after.get(ref) ?? NO_COMMIT];
        if (old !== now) this.#onPush({ repo, ref, before: old, after: now });
      }
      return answer;
    });
    served.pushing = pushed.catch(() => {}); // whoever pushed hears of it
    return pushed;
  }
}

async function refsOf(dir: string): Promise<ReadonlyMap<string, string>> {
  const text = await runGit(dir, ["for-each-ref", "--format=%(refname) %(objectname)"]);
  return new Map(
    text.split("\n").flatMap((line) => {
      const [ref, id] = line.split(" ");
      return ref === undefined || id === undefined ? [] : [[ref, id] as const];
    }),
  );
}

export function plainAnswer(status: number, text: string): GitAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: Buffer.from(`${text}\n`) };
}
