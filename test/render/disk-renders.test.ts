import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { DiskRenders } from "../../src/render/disk-renders.ts";
import type { KeptRender } from "../../src/render/kept-renders.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plumb-renders-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function kept(size = 10): KeptRender {
  const dependencies = [{ question: { op: "read", path: "/@/base/a.yaml" }, identity: "file:1" }] as const;
  return { result: { manifests: [], problems: [], warnings: ["x".repeat(size)], key: "k" }, dependencies };
}

const fileIn = (where: string): string => join(where, readdirSync(where)[0] ?? "");

test("what was kept is there after a restart, for the owner's eyes only", async () => {
  await new DiskRenders({ folder: join(folder, "new") }).add("key", kept());
  expect(await new DiskRenders({ folder: join(folder, "new") }).get("key")).toEqual(kept());
  expect(statSync(fileIn(join(folder, "new"))).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o700);
});

test("another key has nothing", async () => {
  const renders = new DiskRenders({ folder });
  await renders.add("key", kept());
  expect(await renders.get("other")).toBeUndefined();
});

test.each([
  ["cut short", (text: string) => text.slice(0, -20)],
  ["empty", () => ""],
  ["of another key", (text: string) => text.replace('"key":"key"', '"key":"foreign"')],
  ["changed", (text: string) => text.replace("xxx", "yyy")],
  ["no object", () => "[]"],
])("a file that is %s counts as missing, and goes", async (_what, spoil) => {
  const renders = new DiskRenders({ folder });
  await renders.add("key", kept());
  writeFileSync(fileIn(folder), spoil(readFileSync(fileIn(folder), "utf8")));
  expect(await renders.get("key")).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test("beyond its limit what was used least recently goes", async () => {
  const renders = new DiskRenders({ folder, limit: 4000 });
  for (let index = 0; index < 12; index++) {
    await renders.add(`k${index}`, kept(1000));
    await renders.get("k0");
  }
  expect(readdirSync(folder).length).toBeLessThanOrEqual(4);
  expect(await renders.get("k11")).toBeDefined();
});
