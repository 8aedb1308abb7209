import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { engineFile, engineSources, engineVersion } from "../../src/render/index.ts";
import { buildOnce, type GoModule, runGo } from "../controlplane/go-build.ts";
import { goCommand } from "../controlplane/programs.ts";
import { type Progress, terminalProgress } from "../controlplane/progress.ts";
import { applyPatches, type PatchedModule, readRecipe } from "./patches.ts";

/** The engine's module for these sources, built first where it is missing. Errors: those of Go, in its words. */
export async function buildEngine(
  cacheFolder: string,
  progress: Progress = terminalProgress("engine"),
): Promise<string> {
  const version = engineVersion();
  if (version === undefined) throw new Error("only a clone has the sources");
  const file = engineFile(cacheFolder, version);
  const fill = (draft: string) =>
    progress.step("building the renderer of charts and kustomizations", () => build(draft));
  await buildOnce({ target: dirname(file), progress, fill });
  return file;
}

/** Why the engine cannot be had; undefined when it is there or can be built. */
export function engineUnavailable(): string | undefined {
  return goCommand() === undefined ? "there is no go on PATH; Go 1.26 builds the renderer" : undefined;
}

/** The modules of the recipe are copied, changed, and put in the place of the originals. */
async function build(draft: string): Promise<void> {
  const work = join(draft, "work");
  const module = { name: "the renderer", folder: engineSources(), env: { GOOS: "wasip1", GOARCH: "wasm" } };
  const recipe = await readRecipe(module.folder);
  await mkdir(work);
  await cp(join(module.folder, "go.sum"), join(work, "go.sum"));
  const replaced: string[] = [await readFile(join(module.folder, "go.mod"), "utf8")];
  for (const [index, changed] of recipe.modules.entries()) {
    const copy = join(work, `changed-${index}`);
    await copyChanged(copy, module, changed);
    replaced.push(`replace ${changed.module} => ${copy}\n`);
  }
  await writeFile(join(work, "go.mod"), replaced.join("\n"));
  const flags = ["-trimpath", "-buildvcs=false", `-ldflags=${recipe.linkerFlags}`, "-mod=mod"];
  const output = [`-modfile=${join(work, "go.mod")}`, "-o", join(draft, "engine.wasm")];
  await runGo(["build", "-buildmode=c-shared", ...flags, ...output, "."], module);
  await rm(work, { recursive: true });
}

async function copyChanged(copy: string, module: GoModule, { module: changed, patches }: PatchedModule): Promise<void> {
  await runGo(["mod", "download", changed], module);
  const original = (await runGo(["list", "-m", "-f", "{{.Dir}}", changed], module)).trim();
  await cp(original, copy, { recursive: true });
  await makeWritable(copy);
  await applyPatches(patches, module.folder, copy);
}

/** Files of Go's module cache may not be written, nor may copies of them. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await makeWritable(path);
    else await chmod(path, 0o644);
  }
}
