import { expect, test } from "vitest";
import { Wasi } from "../../../src/render/wasm/wasi.ts";

const OK = 0;
const BAD_DESCRIPTOR = 8;
const NOT_SUPPORTED = 52;
const STDERR = 2;

function text(value: string): number[] {
  return [value.length, ...Buffer.from(value)];
}

/** A module that imports these functions, all of one type. Source: WebAssembly, "Binary Format". */
async function moduleWith(names: readonly string[]): Promise<WebAssembly.Module> {
  const entries = names.flatMap((name) => [...text("wasi_snapshot_preview1"), ...text(name), 0, 0]);
  const imports = [names.length, ...entries];
  const size = [(imports.length & 0x7f) | 0x80, imports.length >> 7];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, ...size, ...imports];
  return await WebAssembly.compile(Uint8Array.from(bytes));
}

async function system(names: readonly string[]) {
  const lines: string[] = [];
  const wasi = new Wasi({ onLine: (line) => lines.push(line) });
  const memory = new WebAssembly.Memory({ initial: 1 });
  wasi.attach(memory);
  const given: { readonly [name: string]: (...numbers: never[]) => unknown } = wasi.imports(await moduleWith(names));
  const call = (name: string, ...numbers: (number | bigint)[]): unknown => {
    const one = given[name];
    return one === undefined ? "absent" : Reflect.apply(one, undefined, numbers);
  };
  return { wasi, memory, lines, call, view: new DataView(memory.buffer) };
}

const FILES = [
  "path_open",
  "fd_read",
  "fd_readdir",
  "path_filestat_get",
  "path_unlink_file",
  "path_symlink",
  "fd_seek",
];
const SOCKETS = ["sock_accept", "sock_recv", "sock_send", "sock_shutdown"];

test("no file and no socket can be had", async () => {
  const { call } = await system([...FILES, ...SOCKETS]);
  for (const name of [...FILES, ...SOCKETS]) expect([name, call(name, 0, 0, 0, 0)]).toEqual([name, NOT_SUPPORTED]);
});

test("no folder is open, and there is no environment", async () => {
  const { call, view } = await system(["fd_prestat_get", "fd_fdstat_get", "environ_sizes_get"]);
  expect([call("fd_prestat_get", 3, 0), call("fd_fdstat_get", 3, 0)]).toEqual([BAD_DESCRIPTOR, BAD_DESCRIPTOR]);
  view.setUint32(0, 9, true);
  expect([call("environ_sizes_get", 0, 4), view.getUint32(0, true), view.getUint32(4, true)]).toEqual([OK, 0, 0]);
});

test("chance is given, and noticed", async () => {
  const { wasi, call, view } = await system(["random_get"]);
  expect([wasi.volatile, call("random_get", 0, 32), wasi.volatile]).toEqual([false, OK, true]);
  expect(view.getBigUint64(0) | view.getBigUint64(8)).not.toBe(0n);
});

test("the clock can be set ahead", async () => {
  const { wasi, call, view } = await system(["clock_time_get"]);
  wasi.ahead = 3_600_000_000_000n;
  call("clock_time_get", 0, 0n, 8);
  const ahead = Number(view.getBigUint64(8, true) / 1_000_000n) - Date.now();
  expect(Math.round(ahead / 60_000)).toBe(60);
});

async function writer() {
  const made = await system(["fd_write"]);
  const write = (value: string | Uint8Array, fd = STDERR): unknown => {
    const bytes = Buffer.from(value);
    new Uint8Array(made.memory.buffer).set(bytes, 100);
    made.view.setUint32(0, 100, true);
    made.view.setUint32(4, bytes.length, true);
    return made.call("fd_write", fd, 0, 1, 8);
  };
  return { ...made, write };
}

test("a line on standard error may come in pieces, cut within a character", async () => {
  const { lines, write } = await writer();
  const bytes = Buffer.from("one ä line\nand");
  for (const piece of [bytes.subarray(0, 5), bytes.subarray(5, 7), bytes.subarray(7)]) write(piece);
  write(" another\n\n");
  expect(lines).toEqual(["one ä line", "and another", ""]);
});

test("of a long line the beginning is kept, and the next is whole", async () => {
  const { lines, write, view } = await writer();
  for (let piece = 0; piece < 20; piece++) write("x".repeat(50_000));
  expect(view.getUint32(8, true)).toBe(50_000);
  write("\nnext\n");
  expect(lines).toEqual(["x".repeat(2000), "next"]);
});

test("standard output is written to nowhere", async () => {
  const { lines, write } = await writer();
  expect([write("hello\n", 1), lines]).toEqual([OK, []]);
});

test("the end of the program is an error that has its number", async () => {
  const { call } = await system(["proc_exit"]);
  expect(() => call("proc_exit", 2)).toThrow("the engine ended itself with 2");
});
