import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demoCommand } from "../../src/cli/commands/demo.ts";
import { processHost } from "../../src/cli/settings/process-host.ts";

test("docs/spec/cli.md has a row for every flag of plumb demo, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/spec/cli.md"), "utf8");
  const [, after = ""] = page.split("## plumb demo\n");
  const [section = ""] = after.split("\n## ");
  const written = Array.from(section.matchAll(/^\| `(--[a-z-]+)` \|/gm), ([, flag]) => flag);
  expect(written).toEqual(demoCommand(processHost(), () => {}).options.map(({ long }) => long));
});
