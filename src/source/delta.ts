/** A number of seven bits a byte, the lowest first; the high bit says that more follows. */
function readVarint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let next = at; next < bytes.length; next++) {
    const byte = bytes[next] ?? 0;
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, next: next + 1 };
  }
  throw new RangeError("a number without end in a pack");
}

/** Builds an object out of its base. Source: Git, "gitformat-pack", deltified representation. Errors: RangeError when the delta does not fit. */
export function applyDelta(delta: Buffer, base: Buffer): Buffer {
  const from = readVarint(delta, 0);
  const to = readVarint(delta, from.next);
  if (from.value !== base.length) throw new RangeError("a delta for another base");
  const result = Buffer.allocUnsafe(to.value);
  let written = 0;
  for (let at = to.next; at < delta.length; ) {
    const code = delta[at++] ?? 0;
    const step =
      (code & 0x80) === 0
        ? { source: delta, offset: at, size: code, next: at + code }
        : copyStep(delta, { at, code, base });
    if (step.offset + step.size > step.source.length || written + step.size > result.length || step.size === 0)
      throw new RangeError("a delta that leads outside");
    written += step.source.copy(result, written, step.offset, step.offset + step.size);
    at = step.next;
  }
  if (written !== result.length) throw new RangeError("a delta that ends early");
  return result;
}

/** Bits 0 to 3 of the code say which bytes of the offset follow, bits 4 to 6 which of the size; size 0 stands for 65,536. */
function copyStep(delta: Buffer, { at, code, base }: { at: number; code: number; base: Buffer }) {
  let next = at;
  let offset = 0;
  let size = 0;
  for (let bit = 0; bit < 7; bit++) {
    if ((code & (1 << bit)) === 0) continue;
    const byte = delta[next++] ?? 0;
    if (bit < 4) offset += byte * 256 ** bit;
    else size += byte * 256 ** (bit - 4);
  }
  return { source: base, offset, size: size === 0 ? 65_536 : size, next };
}
