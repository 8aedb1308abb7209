import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GoldenAnswer } from "./normalise.ts";

/** The answers of the real kube-apiserver, by the names of a theme's scenarios. */
export type Goldens = Readonly<Record<string, readonly GoldenAnswer[]>>;

/** Set by hand, in the project `cluster`, to write the goldens anew. */
export const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

const WIDTH = 140;

function fileOf(theme: string): string {
  return join(import.meta.dirname, "golden", `${theme.replaceAll(" ", "-")}.json`);
}

export function readGoldens(theme: string): Goldens {
  const file = fileOf(theme);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

export function writeGoldens(theme: string, goldens: Goldens): void {
  writeFileSync(fileOf(theme), `${print(goldens, "", 0)}\n`);
}

/** JSON, with everything on one line that fits on one. */
function print(value: unknown, indent: string, taken: number): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || indent.length + taken + flat.length <= WIDTH) return flat;
  const inner = `${indent} `;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + print(item, inner, 0))
    : Object.entries(value).map(([key, child]) => {
        const name = `${inner}${JSON.stringify(key)}: `;
        return name + print(child, inner, name.length - inner.length);
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
