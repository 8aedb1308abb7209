import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { engineFile, engineVersion, findEngineModule } from "../../../src/render/index.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumb-engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a module that is not built has a code, and the command that makes it", async () => {
  const { load, version } = findEngineModule({ cacheFolder: emptyFolder() });
  for (const asked of [load, version]) {
    await expect(asked()).rejects.toMatchObject({
      code: "PL-ENGINE-MISSING",
      message: "charts and kustomizations cannot be rendered yet",
      next: expect.stringContaining("npm run build:engine"),
      retry: "soon",
    });
  }
});

test("what is being done about it is said at each question", async () => {
  let why: string | undefined = "it is being built since 3 s";
  const { version } = findEngineModule({ cacheFolder: emptyFolder(), whyMissing: () => why });
  await expect(version()).rejects.toMatchObject({ message: why });
  why = undefined;
  await expect(version()).rejects.toMatchObject({ message: "charts and kustomizations cannot be rendered yet" });
});

test("it is found as soon as it is there", async () => {
  const cacheFolder = emptyFolder();
  const module = findEngineModule({ cacheFolder });
  await expect(module.load()).rejects.toMatchObject({ code: "PL-ENGINE-MISSING" });
  const own = engineVersion() ?? "";
  mkdirSync(dirname(engineFile(cacheFolder, own)), { recursive: true });
  writeFileSync(engineFile(cacheFolder, own), "module");
  expect([await module.version(), Buffer.from(await module.load()).toString()]).toEqual([own, "module"]);
});

test("its version is that of its sources", () => {
  expect(engineVersion()).toMatch(/^[0-9a-f]{16}$/);
  expect(engineVersion()).toBe(engineVersion());
});
