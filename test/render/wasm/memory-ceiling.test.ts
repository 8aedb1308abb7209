import { expect, test } from "vitest";
import { withMemoryCeiling } from "../../../src/render/wasm/memory-ceiling.ts";

/** A module with these sections: each an id and its content. Source: WebAssembly, "Binary Format". */
function moduleOf(
  ...sections: readonly (readonly [id: number, content: readonly number[]])[]
): Uint8Array<ArrayBuffer> {
  const body = sections.flatMap(([id, content]) => [id, content.length, ...content]);
  return Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...body]);
}

/** One memory of a page, without a most. */
const MEMORY = [5, [1, 0, 1]] as const;
/** It is given out as "m". */
const EXPORT = [7, [1, 1, 0x6d, 2, 0]] as const;

async function growable(bytes: Uint8Array<ArrayBuffer>, pages: number): Promise<boolean> {
  const { m } = new WebAssembly.Instance(await WebAssembly.compile(bytes), {}).exports;
  if (!(m instanceof WebAssembly.Memory)) throw new Error("there is no memory");
  try {
    Object(m).grow(pages);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

test("a module's memory grows to its ceiling and no further", async () => {
  const bytes = withMemoryCeiling(moduleOf(MEMORY, EXPORT), 300);
  expect(await growable(bytes, 299)).toBe(true);
  expect(await growable(bytes, 300)).toBe(false);
  expect(await growable(moduleOf(MEMORY, EXPORT), 300)).toBe(true);
});

test("a ceiling below what the module begins with is what it begins with", async () => {
  const bytes = withMemoryCeiling(moduleOf([5, [1, 0, 4]], EXPORT), 2);
  expect(await growable(bytes, 1)).toBe(false);
});

test("sections before and after stay as they are", () => {
  const custom = [0, [1, 0x78, 9, 9]] as const;
  const bytes = withMemoryCeiling(moduleOf(custom, MEMORY, EXPORT), 200);
  expect([...bytes]).toEqual([...moduleOf(custom, [5, [1, 1, 1, 0xc8, 1]], EXPORT)]);
});

test.each([
  ["without a memory", moduleOf(EXPORT), "the module has no memory"],
  ["that is cut short", moduleOf(MEMORY).subarray(0, 9), "the module is cut short"],
])("a module %s is refused", (_what, bytes, message) => {
  expect(() => withMemoryCeiling(bytes, 10)).toThrow(message);
});
