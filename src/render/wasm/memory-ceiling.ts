const MEMORY_SECTION = 5;
/** Magic and version. */
const HEADER_BYTES = 8;
export const PAGE_BYTES = 65_536;

/**
 * The module with a most to its memory, in pages of 64 KiB: the linker of Go writes none, so that a template could fill the machine's.
 * Source: WebAssembly, "Binary Format", memory section and limits.
 */
export function withMemoryCeiling(module: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER_BYTES; at < module.length; ) {
    const id = module[at];
    const size = readNumber(module, at + 1);
    const end = size.next + size.value;
    if (id !== MEMORY_SECTION) {
      at = end;
      continue;
    }
    // One memory: count 1, a flag that says whether a most follows the least, the least.
    const least = readNumber(module, size.next + 2);
    const body = [1, 1, ...numberBytes(least.value), ...numberBytes(Math.max(maxPages, least.value))];
    const section = Uint8Array.from([MEMORY_SECTION, ...numberBytes(body.length), ...body]);
    return joined([module.subarray(0, at), section, module.subarray(end)]);
  }
  throw new Error("the module has no memory");
}

/** LEB128. */
function readNumber(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let shift = 0, next = at; ; shift += 7) {
    const byte = bytes[next++];
    if (byte === undefined || shift > 28) throw new Error("the module is cut short");
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, next };
  }
}

function numberBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberBytes(Math.floor(value / 0x80))];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
