import { readdirSync } from "node:fs";
import { join } from "node:path";
import { applyDelta } from "./delta.ts";
import { PackFile } from "./pack-file.ts";

export interface GitObject {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Git makes chains of 50 at most; thin packs put one upon another. */
const MAX_CHAIN = 5000;

/** All packs of one repository, the newest first: thin packs build on the older ones. Throws whatever PackFile throws, and RangeError for what is not there. */
export class PackSet {
  readonly #folder: string;
  readonly #packs: PackFile[] = [];
  readonly #names = new Set<string>();

  constructor(gitdir: string) {
    this.#folder = join(gitdir, "objects", "pack");
    this.refresh();
  }

  /** Looks for packs that came since. */
  refresh(): void {
    for (const file of readdirSync(this.#folder)) {
      const name = file.endsWith(".idx") ? file.slice(0, -".idx".length) : undefined;
      if (name === undefined || this.#names.has(name)) continue;
      this.#packs.unshift(new PackFile(join(this.#folder, name)));
      this.#names.add(name);
    }
  }

  read(oid: string): GitObject {
    const found = this.#find(oid);
    let { pack, offset } = found;
    const deltas: Buffer[] = [];
    for (let depth = 0; depth < MAX_CHAIN; depth++) {
      const { type, base, data } = pack.read(offset);
      if (type !== "delta")
        return { type, bytes: deltas.reduceRight((object, delta) => applyDelta(delta, object), data) };
      deltas.push(data);
      if (typeof base === "string") ({ pack, offset } = this.#find(base));
      else if (base !== undefined) offset = base;
    }
    throw new RangeError(`object ${oid} is built on too many others`);
  }

  has(oid: string): boolean {
    const bytes = Buffer.from(oid, "hex");
    return this.#packs.some((pack) => pack.find(bytes) !== undefined);
  }

  close(): void {
    for (const pack of this.#packs) pack.close();
  }

  #find(oid: string): { pack: PackFile; offset: number } {
    const bytes = Buffer.from(oid, "hex");
    for (const pack of this.#packs) {
      const offset = pack.find(bytes);
      if (offset !== undefined) return { pack, offset };
    }
    throw new RangeError(`object ${oid} is not there`);
  }
}
