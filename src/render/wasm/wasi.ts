import { randomFillSync } from "node:crypto";

/** Numbers of WASI preview 1. Source: WebAssembly, "WASI snapshot preview 1", errno, clockid and eventtype. */
const OK = 0;
const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 52;
const REALTIME = 0;
const STDERR = 2;
const NEWLINE = 10;
/** Longest line of a notice that is kept, in bytes. */
const MAX_LINE = 2000;

/** Thrown where the program ends itself. */
class Exited extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`the engine ended itself with ${code}`);
    this.code = code;
  }
}

export interface WasiHost {
  /** Called with each line to standard error. */
  readonly onLine: (line: string) => void;
}

/**
 * The system that the engine sees: a clock, chance, standard error, and nothing else. Every other call of WASI is refused, so that
 * there is no file, no folder, no network and no environment to reach, whatever a template does. Node's own WASI gives a
 * program the machine's files once a folder is opened to it, is experimental and says so at each start.
 */
export class Wasi {
  /** Whether chance was asked for since this was set. The clock says nothing: Go's runtime looks at it, too. */
  volatile = false;
  /** Nanoseconds that the wall clock is ahead: a second render in another time shows what depends on it. */
  ahead = 0n;
  readonly #host: WasiHost;
  #memory: WebAssembly.Memory | undefined;
  /** Pieces of a line that has not ended: a character may be cut in two by a write. */
  #line: Uint8Array[] = [];
  #lineBytes = 0;

  constructor(host: WasiHost) {
    this.#host = host;
  }

  attach(memory: WebAssembly.Memory): void {
    this.#memory = memory;
  }

  /** By name, for WebAssembly.Instance: each call that the module imports, refused unless it stands here. */
  imports(module: WebAssembly.Module): WebAssembly.ModuleImports {
    const given: { readonly [name: string]: WebAssembly.ImportValue } = {
      args_sizes_get: (count: number, bytes: number) => this.#sizes(count, bytes, ARGUMENT),
      args_get: (list: number, text: number) => this.#texts(list, text, ARGUMENT),
      environ_sizes_get: (count: number, bytes: number) => this.#sizes(count, bytes, undefined),
      environ_get: () => OK,
      clock_time_get: (id: number, _precision: bigint, at: number) => this.#time(id, at),
      random_get: (at: number, length: number) => this.#random(at, length),
      fd_write: (fd: number, list: number, count: number, written: number) => this.#write(fd, { list, count, written }),
      fd_prestat_get: () => BAD_DESCRIPTOR,
      fd_fdstat_get: (fd: number, at: number) => this.#describe(fd, at),
      fd_fdstat_set_flags: () => OK,
      sched_yield: () => OK,
      poll_oneoff: (_subscriptions: number, events: number, count: number, happened: number) =>
        this.#poll({ events, count, happened }),
      proc_exit: (code: number) => {
        throw new Exited(code);
      },
    };
    const refuse = (): number => NOT_SUPPORTED;
    const wanted = WebAssembly.Module.imports(module).filter((one) => one.module === "wasi_snapshot_preview1");
    return Object.fromEntries(wanted.map(({ name }) => [name, given[name] ?? refuse]));
  }

  #view(): DataView {
    if (this.#memory === undefined) throw new Error("the engine's memory is not attached");
    return new DataView(this.#memory.buffer);
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#view().buffer, at >>> 0, length >>> 0);
  }

  #sizes(count: number, bytes: number, text: string | undefined): number {
    this.#view().setUint32(count >>> 0, text === undefined ? 0 : 1, true);
    this.#view().setUint32(bytes >>> 0, text === undefined ? 0 : text.length + 1, true);
    return OK;
  }

  #texts(list: number, at: number, text: string): number {
    this.#view().setUint32(list >>> 0, at, true);
    this.#bytes(at, text.length + 1).set(Buffer.from(`${text}\0`));
    return OK;
  }

  #time(id: number, at: number): number {
    const now =
      id === REALTIME ? BigInt(Date.now()) * 1_000_000n + this.ahead : BigInt(Math.round(performance.now() * 1e6));
    this.#view().setBigUint64(at >>> 0, now, true);
    return OK;
  }

  #random(at: number, length: number): number {
    this.volatile = true;
    randomFillSync(this.#bytes(at, length));
    return OK;
  }

  #write(fd: number, { list, count, written }: { list: number; count: number; written: number }): number {
    let total = 0;
    for (let index = 0; index < count; index++) {
      const entry = (list >>> 0) + index * 8;
      const length = this.#view().getUint32(entry + 4, true);
      if (fd === STDERR) this.#say(this.#bytes(this.#view().getUint32(entry, true), length));
      total += length;
    }
    this.#view().setUint32(written >>> 0, total, true);
    return OK;
  }

  /** Of a line that is too long the beginning is kept; the next one is whole again. */
  #say(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#lengthen(bytes.subarray(start, end));
      this.#host.onLine(Buffer.concat(this.#line).toString("utf8"));
      this.#line = [];
      this.#lineBytes = 0;
      start = end + 1;
    }
    this.#lengthen(bytes.subarray(start));
  }

  /** A copy: the memory that it stands in is the engine's. */
  #lengthen(bytes: Uint8Array): void {
    const more = bytes.slice(0, MAX_LINE - this.#lineBytes);
    this.#lineBytes += more.length;
    if (more.length > 0) this.#line.push(more);
  }

  /** Standard input, output and error are there, with no rights beyond being written. */
  #describe(fd: number, at: number): number {
    if (fd > STDERR) return BAD_DESCRIPTOR;
    this.#bytes(at, 24).fill(0);
    this.#view().setUint8(at >>> 0, 2);
    return OK;
  }

  /** Nobody waits here: whatever is waited for has come, so that a sleep ends at once. */
  #poll({ events, count, happened }: { events: number; count: number; happened: number }): number {
    this.#bytes(events, count * 32).fill(0);
    this.#view().setUint32(happened >>> 0, count, true);
    return OK;
  }
}

/** Go's runtime takes the first argument for the program's name, and cannot do without. */
const ARGUMENT = "render";
