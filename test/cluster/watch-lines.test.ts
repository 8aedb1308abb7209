import fc from "fast-check";
import { expect, test } from "vitest";
import { WatchLines } from "../../src/cluster/watch-lines.ts";

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, i) => bytes.subarray(borders[i], end));
}

test("wherever the chunks fall, the lines are the same", () => {
  const value = fc.array(
    fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.stringify(one)),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(value, fc.array(fc.nat(), { maxLength: 30 }), (lines, places) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const reader = new WatchLines();
      expect(cut(bytes, places).flatMap((chunk) => reader.push(chunk))).toEqual(lines);
    }),
  );
});

test("a character cut in two is one character, and empty lines are left out", () => {
  const reader = new WatchLines();
  const bytes = Buffer.from('\n{"a":"ä€😀"}\n\n');
  expect([...bytes].flatMap((byte) => reader.push(Buffer.of(byte)))).toEqual(['{"a":"ä€😀"}']);
});

test("a line that was never ended is not told", () => {
  expect(new WatchLines().push(Buffer.from('{"a":1}\n{"b":'))).toEqual(['{"a":1}']);
});

test("a long line in many chunks takes time in proportion to its length", () => {
  const chunk = Buffer.alloc(1024, "x");
  const reader = new WatchLines();
  for (let i = 0; i < 20_000; i++) reader.push(chunk);
  expect(reader.push(Buffer.from("\n"))[0]).toHaveLength(20_000 * 1024);
});
