import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { programPath } from "./index.ts";

const SOURCES = join(import.meta.dirname, "../../src/cli/main.ts");

async function say(program: string, ...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [program, ...args])).stdout;
}

test("the one file that tests start says what the sources say", async () => {
  expect(programPath()).not.toBe(SOURCES);
  for (const args of [["--version"], ["serve", "--help"], ["render", "manifests/examples/feedback", "-o", "name"]]) {
    expect(await say(programPath(), ...args)).toBe(await say(SOURCES, ...args));
  }
});
