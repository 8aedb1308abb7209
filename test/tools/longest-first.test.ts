import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { KNOWN } from "./longest-first.ts";

test("every file that is known to take long is there", () => {
  expect([...KNOWN.keys()].filter((path) => !existsSync(path))).toEqual([]);
});
