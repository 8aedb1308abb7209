import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../kit/hash.ts";
import { isJsonObject } from "../model/index.ts";
import type { KeptRender } from "./kept-renders.ts";

export interface DiskRendersOptions {
  /** May vanish or be spoilt at any moment. */
  readonly folder: string;
  /** Most bytes of all files. Default 256 MiB. */
  readonly limit?: number;
}

const NAME = /^[0-9a-f]{64}\.json$/;

/**
 * Renders on disk, so that a restart renders nothing anew: one file a key, for the owner's eyes only, since manifests may hold secrets
 * as the repository's mirror beside them does. A file that is not whole, or another key's, counts as missing.
 */
export class DiskRenders {
  readonly #folder: string;
  readonly #limit: number;
  #written = 0;

  constructor({ folder, limit = 256 * 2 ** 20 }: DiskRendersOptions) {
    this.#folder = folder;
    this.#limit = limit;
  }

  async get(key: string): Promise<KeptRender | undefined> {
    const file = this.#file(key);
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const kept = parsed(text, key);
    if (kept === undefined) await rm(file, { force: true });
    else await utimes(file, new Date(), new Date()).catch(() => undefined);
    return kept;
  }

  /** Errors: those of the disk; whoever calls may go on without. */
  async add(key: string, kept: KeptRender): Promise<void> {
    const text = JSON.stringify({ key, sum: sumOf(kept), ...kept });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${this.#file(key)}.${randomUUID()}.${process.pid}`;
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, this.#file(key));
    this.#written += text.length;
    if (this.#written < this.#limit / 8) return;
    this.#written = 0;
    await this.#trim();
  }

  #file(key: string): string {
    return join(this.#folder, `${sha256(key)}.json`);
  }

  /** Without what a process that was killed left half written. */
  async #names(): Promise<string[]> {
    const all = await readdir(this.#folder);
    const left = all.filter((name) => !NAME.test(name) && !name.endsWith(`.${process.pid}`));
    await Promise.all(left.map((name) => rm(join(this.#folder, name), { force: true })));
    return all.filter((name) => NAME.test(name));
  }

  /** The files that were used least recently go, until the rest is small enough. */
  async #trim(): Promise<void> {
    const names = await this.#names();
    const files = await Promise.all(names.map(async (name) => ({ name, info: await stat(join(this.#folder, name)) })));
    let total = files.reduce((sum, { info }) => sum + info.size, 0);
    for (const { name, info } of files.sort((one, other) => one.info.mtimeMs - other.info.mtimeMs)) {
      if (total <= this.#limit) return;
      await rm(join(this.#folder, name), { force: true });
      total -= info.size;
    }
  }
}

function sumOf({ result, dependencies }: KeptRender): string {
  return sha256(JSON.stringify([result, dependencies]));
}

function parsed(text: string, key: string): KeptRender | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut short: it is rendered anew.
    return undefined;
  }
  return isKept(value, key) ? { result: value.result, dependencies: value.dependencies } : undefined;
}

/** Its sum says that it is what was written. */
function isKept(value: unknown, key: string): value is KeptRender {
  if (!isJsonObject(value) || value["key"] !== key) return false;
  const { result, dependencies, sum } = value;
  return sha256(JSON.stringify([result, dependencies])) === sum;
}
