import { expect, test } from "vitest";
import { age } from "../../src/cli/print/age.ts";
import { painter } from "../../src/cli/print/colour.ts";
import { printTable } from "../../src/cli/print/table.ts";
import { clipped, displayWidth } from "../../src/cli/print/width.ts";
import { textLine } from "../../src/cli/serve/log.ts";
import { printable } from "../../src/kit/printable.ts";

interface Row {
  readonly name: string;
  readonly note: string;
}

const COLUMNS = [
  { title: "NAME", cell: ({ name }: Row) => name },
  { title: "SIZE", wide: true, cell: ({ name }: Row) => String(name.length) },
  { title: "NOTE", cell: ({ note }: Row) => note },
];

test("columns are aligned however wide their letters are", () => {
  const rows = [
    { name: "shop", note: "plain" },
    { name: "店舗", note: "wide" },
    { name: "cafe\u0301", note: "combining" },
    { name: "a👩‍👩‍👧b", note: "joined emoji" },
    { name: "", note: "empty" },
  ];
  expect(`\n${printTable(rows, COLUMNS)}`).toBe(`
NAME  NOTE
shop  plain
店舗  wide
cafe\u0301  combining
a👩‍👩‍👧b  joined emoji
-     empty
`);
});

test("some columns are shown only when asked for", () => {
  expect(printTable([{ name: "shop", note: "x" }], COLUMNS, true)).toBe("NAME  SIZE  NOTE\nshop  4     x\n");
});

test("a table without rows is nothing at all", () => {
  expect(printTable([], COLUMNS)).toBe("");
});

test("paint takes no room", () => {
  const columns = [
    { title: "SYNC", cell: (text: string) => ({ text, paint: painter(text, { colour: true }) }) },
    { title: "X", cell: () => "x" },
  ];
  expect(printTable(["Drifted"], columns)).toBe("SYNC     X\n\u001b[31mDrifted\u001b[39m  x\n");
  expect(painter("Drifted", { colour: false })("Drifted")).toBe("Drifted");
});

test.each([
  ["", 0],
  ["abc", 3],
  ["日本", 4],
  ["한글", 4],
  ["é", 1],
  ["e\u0301", 1],
  ["👍", 2],
])("%s takes the columns that a terminal gives it", (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test("what is too long is cut between letters", () => {
  expect(clipped("日本語日本語", 9)).toBe("日本語...");
  expect(clipped("short", 9)).toBe("short");
});

test("nothing that comes from a cluster steers the terminal", () => {
  expect(printable("a\u001b[31mred\u0007\u202eb\nc")).toBe("a?[31mred??b c");
  expect(printTable([{ name: "\u001b]0;owned\u0007", note: "\r\n" }], COLUMNS)).toBe(
    "NAME        NOTE\n?]0;owned?  ? \n",
  );
});

test("an age has at most two units", () => {
  const now = Date.parse("2026-01-02T03:04:05Z");
  expect(age("2026-01-02T03:00:00Z", now)).toBe("4m5s");
  expect(age("2026-01-01T00:00:00Z", now)).toBe("1d3h");
  expect(age(undefined, now)).toBe("");
  expect(age("never", now)).toBe("");
});

test("a log line for people has time, level, message and fields", () => {
  const record = {
    level: "warn",
    time: "2026-01-01T00:00:00Z",
    application: "shop/web",
    note: "two words",
    n: 3,
    msg: "late",
  };
  expect(textLine(JSON.stringify(record))).toBe(
    '2026-01-01T00:00:00Z WARN  late application=shop/web note="two words" n=3\n',
  );
});

test("an error with a code needs no stack in the log; a fault has one", () => {
  const coded = {
    level: "error",
    time: "T",
    msg: "failed",
    err: { code: "PL-GIT-DENIED", message: "no", stack: "at x" },
  };
  expect(textLine(JSON.stringify(coded))).toBe("T ERROR failed code=PL-GIT-DENIED error=no\n");
  const fault = { level: "error", time: "T", msg: "failed", err: { message: "boom", stack: "Error: boom\n at x" } };
  expect(textLine(JSON.stringify(fault))).toBe("T ERROR failed error=boom\n    Error: boom\n     at x\n");
});
