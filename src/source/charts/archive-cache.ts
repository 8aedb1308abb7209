import { randomBytes } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../kit/hash.ts";
import { type Log, toProblem } from "../../model/index.ts";
import { isMissing } from "../refs-file.ts";

export interface ArchiveCacheOptions {
  readonly folder: string;
  readonly maxBytes: number;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly usedAt: number;
}

/** A draft that is older was left by a process that died. */
const DRAFT_MS = 3_600_000;

/**
 * Archives by their digest: `<folder>/<sha256>.tgz`, readable by us alone, since a private chart may hold secrets. What is read is hashed again,
 * and a file that is not what its name says is removed. A disk that is full or gone costs downloads, never an error.
 */
export class ArchiveCache {
  readonly #options: ArchiveCacheOptions;
  /** One at a time: two would count what the other removes. */
  #trimming: Promise<void> = Promise.resolve();

  constructor(options: ArchiveCacheOptions) {
    this.#options = options;
  }

  /** Undefined where it is not, or no longer, there. */
  async read(digest: string): Promise<Uint8Array | undefined> {
    const path = this.#path(digest);
    if (path === undefined) return undefined;
    try {
      const bytes = await readFile(path);
      if (sha256(bytes) === digest) return await this.#used(path, bytes);
      this.#options.log.warn({ digest }, "a chart in the cache was spoilt; it is fetched anew");
      await rm(path, { force: true });
    } catch (error) {
      if (!isMissing(error)) this.#complain(error, "a chart in the cache cannot be read; it is fetched anew");
    }
    return undefined;
  }

  /** Whole or not at all. `bytes` were compared with `digest` by the caller. */
  async write(digest: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(digest);
    if (path === undefined) return;
    const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
    try {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      await chmod(this.#options.folder, 0o700);
      await writeFile(draft, bytes, { mode: 0o600, flag: "wx" });
      await rename(draft, path);
      await this.#used(path, bytes);
      this.#trimming = this.#trimming.then(() => this.#trim(path));
      await this.#trimming;
    } catch (error) {
      this.#complain(error, "the chart is used, and cannot be kept");
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }

  async #used<T>(path: string, bytes: T): Promise<T> {
    const seconds = this.#options.now() / 1000;
    await utimes(path, seconds, seconds);
    return bytes;
  }

  /** The least recently used first; what was just written stays, whatever its size. */
  async #trim(written: string): Promise<void> {
    try {
      const files = await this.#files();
      let total = files.reduce((sum, { size }) => sum + size, 0);
      for (const { path, size } of files.sort((a, b) => a.usedAt - b.usedAt)) {
        if (total <= this.#options.maxBytes) return;
        if (path === written) continue;
        await rm(path, { force: true });
        total -= size;
      }
    } catch (error) {
      this.#complain(error, "the cache of charts cannot be tidied");
    }
  }

  async #files(): Promise<StoredFile[]> {
    const { folder, now } = this.#options;
    const files: StoredFile[] = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const draft = name.endsWith(".new");
      if (!draft && !/^[0-9a-f]{64}\.tgz$/.test(name)) continue;
      const found = await stat(path).catch(noneIfMissing);
      if (found === undefined) continue;
      if (!draft) files.push({ path, size: found.size, usedAt: found.mtimeMs });
      else if (now() - found.mtimeMs > DRAFT_MS) await rm(path, { force: true });
    }
    return files;
  }

  #path(digest: string): string | undefined {
    return /^[0-9a-f]{64}$/.test(digest) ? join(this.#options.folder, `${digest}.tgz`) : undefined;
  }

  #complain(error: unknown, message: string): void {
    this.#options.log.warn({ problem: toProblem(error) }, message);
  }
}

function noneIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}
