import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requireWritable } from "../../src/cli/serve/data-folder.ts";

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "plumb-data-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test("a data folder is made with all that is missing above it", async () => {
  const dir = join(folder(), "a", "b", "c");
  await requireWritable(dir);
  await requireWritable(dir);
  expect(existsSync(dir)).toBe(true);
});

test("a file in its place is an error that names it", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  await expect(requireWritable(join(file, "data"))).rejects.toMatchObject({
    code: "PL-DATA-UNWRITABLE",
    where: join(file, "data"),
  });
});

test.skipIf(!existsSync("/proc/self"))(
  "a file system that takes no folders is an error and no endless try (Linux has one at /proc)",
  async () => {
    await expect(requireWritable("/proc/plumbline/data")).rejects.toMatchObject({ code: "PL-DATA-UNWRITABLE" });
  },
);
