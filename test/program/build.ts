import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { hashJson } from "../../src/kit/hash.ts";
import { buildOnce } from "../controlplane/go-build.ts";
import { terminalProgress } from "../controlplane/progress.ts";
import { bundle } from "./bundle.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "node_modules/.cache/plumb-program");
const KEPT_FOR_MS = 3_600_000;

/** The program of these sources, made first where there is none; older ones go. */
export async function buildProgram(): Promise<string> {
  const version = sourcesVersion();
  const target = join(FOLDER, version);
  if (!existsSync(target)) {
    await buildOnce({ target, progress: terminalProgress("program"), fill: bundleSources });
    await compile(join(target, "serve.js"));
  }
  removeOld(version);
  return join(target, "main.js");
}

/** Another run of this clone may still start the one of the sources before. */
function removeOld(version: string): void {
  const before = Date.now() - KEPT_FOR_MS;
  for (const name of readdirSync(FOLDER)) {
    const path = join(FOLDER, name);
    const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before;
    if (!name.startsWith(version) && made < before) rmSync(path, { recursive: true, force: true });
  }
}

/** Into Node's compile cache, once: a process writes what it compiled when it ends by itself, and tests kill theirs. */
async function compile(file: string): Promise<void> {
  await promisify(execFile)(process.execPath, [
    "--input-type=module",
    "--eval",
    `await import(${JSON.stringify(file)})`,
  ]);
}

/** Libraries are as the lock file has them. */
function sourcesVersion(): string {
  const names = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).filter((one) =>
    one.endsWith(".ts"),
  );
  const files = [
    ...names.map((name) => join("src", name)),
    "package-lock.json",
    "test/program/build.ts",
    "test/program/bundle.ts",
  ].sort();
  return hashJson([ROOT, ...files.map((name) => [name, readFileSync(join(ROOT, name), "utf8")])]).slice(0, 16);
}

async function bundleSources(folder: string): Promise<void> {
  await bundle({
    input: { main: join(ROOT, "src/cli/main.ts"), serve: join(ROOT, "src/cli/serve/serve.ts") },
    folder,
    placeOf: (path) => ({
      url: JSON.stringify(pathToFileURL(path).href),
      path: JSON.stringify(path),
      folder: JSON.stringify(dirname(path)),
    }),
  });
}
