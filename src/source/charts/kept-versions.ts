import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../kit/hash.ts";
import { parseJson } from "../../kit/parse-json.ts";
import { type Log, toProblem } from "../../model/index.ts";
import { isMissing, readIfThere } from "../refs-file.ts";
import { isObject } from "./index-parse.ts";

/** What a range meant when its repository last said so. */
export interface KeptVersion {
  readonly version: string;
  readonly digest?: string;
  readonly created?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface KeptKey {
  readonly href: string;
  readonly chart: string;
  readonly range: string;
}

/** Of nobody's use for so long, an answer is thrown away. */
const KEEP_MS = 30 * 86_400_000;

/** The last good answers on disk, `<folder>/<hash>.json`: a process that starts while a repository is away goes on with them. Never throws. */
export class KeptVersions {
  readonly #folder: string;
  readonly #log: Log;
  /** One write at a time. */
  #writing: Promise<void> = Promise.resolve();

  constructor({ folder, log }: { folder: string; log: Log }) {
    this.#folder = folder;
    this.#log = log;
  }

  async load(key: KeptKey): Promise<KeptVersion | undefined> {
    const text = await readIfThere(this.#path(key)).catch((error: unknown) => this.#complain(error));
    const kept = text === undefined ? undefined : parseJson(text);
    if (!isObject(kept)) return undefined;
    const { version, digest, created, at } = kept;
    if (typeof version !== "string" || typeof at !== "number") return undefined;
    return {
      version,
      at,
      ...(typeof digest === "string" ? { digest } : {}),
      ...(typeof created === "string" ? { created } : {}),
    };
  }

  /** Not waited for: see `settled`. */
  save(key: KeptKey, kept: KeptVersion): void {
    this.#writing = this.#writing.then(() => this.#write(this.#path(key), JSON.stringify(kept)));
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async removeOld(now: number): Promise<void> {
    try {
      for (const name of await readdir(this.#folder)) {
        const path = join(this.#folder, name);
        if (now - (await stat(path)).mtimeMs > KEEP_MS) await rm(path, { force: true });
      }
    } catch (error) {
      if (!isMissing(error)) this.#complain(error);
    }
  }

  async #write(path: string, text: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      this.#complain(error);
    }
  }

  #path(key: KeptKey): string {
    return join(this.#folder, `${sha256(JSON.stringify([key.href, key.chart, key.range]))}.json`);
  }

  #complain(error: unknown): undefined {
    this.#log.warn({ problem: toProblem(error) }, "what is known of chart versions cannot be kept or read");
  }
}
