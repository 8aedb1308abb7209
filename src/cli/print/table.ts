import { printable } from "../../kit/printable.ts";
import { displayWidth } from "./width.ts";

export interface Cell {
  readonly text: string;
  /** Put on after alignment, so that it takes no room. */
  readonly paint?: (text: string) => string;
}

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => string | Cell;
  /** Only with -o wide. */
  readonly wide?: boolean;
}

/** Rows in columns two blanks apart, titles above; "" where there is no row. */
export function printTable<T>(rows: readonly T[], columns: readonly Column<T>[], wide = false): string {
  if (rows.length === 0) return "";
  const shown = columns.filter((column) => wide || column.wide !== true);
  const cells = [
    shown.map(({ title }): Cell => ({ text: title })),
    ...rows.map((row) => shown.map(({ cell }) => asCell(cell(row)))),
  ];
  const widths = shown.map((_, index) => Math.max(...cells.map((line) => displayWidth(line[index]?.text ?? ""))));
  return cells.map((line) => `${printLine(line, widths)}\n`).join("");
}

function asCell(cell: string | Cell): Cell {
  const { text, ...rest } = typeof cell === "string" ? { text: cell } : cell;
  return { ...rest, text: text === "" ? "-" : printable(text) };
}

function printLine(line: readonly Cell[], widths: readonly number[]): string {
  return line
    .map(({ text, paint = (same) => same }, index) => {
      const last = index === line.length - 1;
      return paint(text) + (last ? "" : " ".repeat((widths[index] ?? 0) - displayWidth(text) + 2));
    })
    .join("");
}
