import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../../src/model/index.ts";
import { errorsDocument } from "./errors-document.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/errors.md");

test("docs/errors.md says what the table of codes says (npm run docs:errors writes it anew)", async () => {
  await expect(errorsDocument()).toMatchFileSnapshot(DOCUMENT);
});

test("every code of the table is in docs/errors.md, and no other, with its meaning and its next step", () => {
  const rows = readFileSync(DOCUMENT, "utf8").matchAll(/^\| `(PL-[A-Z0-9-]+)` \| (.*?) \| (.*?) \| /gm);
  const written = Array.from(rows, ([, code, means, next]) => [code, { means, next }]);
  const wanted = Object.entries(ERROR_CODES).map(([code, { means, next }]) => [code, { means, next }]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(wanted));
});

test("codes are capitals with a prefix, and no two have the same meaning", () => {
  const entries = Object.entries(ERROR_CODES);
  expect(entries.map(([code]) => code).filter((code) => !/^PL(-[A-Z0-9]+)+$/.test(code))).toEqual([]);
  expect(new Set(entries.map(([, { means }]) => means)).size).toBe(entries.length);
});
