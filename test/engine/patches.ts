import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How the engine is built: src/render/engine/recipe.json, beside the sources so that it counts for their version. */
export interface Recipe {
  readonly linkerFlags: string;
  /** What is changed before it is compiled. */
  readonly modules: readonly PatchedModule[];
}

export interface PatchedModule {
  readonly module: string;
  readonly patches: readonly Patch[];
}

/** A change. Paths are those of the module. */
export interface Patch {
  readonly file?: string;
  readonly files?: readonly string[];
  /** A whole file of ours takes its place. */
  readonly with?: string;
  readonly find?: string;
  readonly put?: string;
  readonly why: string;
}

export async function readRecipe(sources: string): Promise<Recipe> {
  return JSON.parse(await readFile(join(sources, "recipe.json"), "utf8"));
}

/** Changes a copy of the module. A place that is not there exactly once is an error: another version needs another look. */
export async function applyPatches(patches: readonly Patch[], sources: string, copy: string): Promise<void> {
  for (const { file, files = file === undefined ? [] : [file], with: ours, find, put } of patches) {
    for (const name of files) {
      if (ours !== undefined) await copyFile(join(sources, ours), join(copy, name));
      else if (find !== undefined && put !== undefined) await replaceOnce(join(copy, name), find, put);
    }
  }
}

async function replaceOnce(file: string, find: string, put: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(find)} stands ${parts.length - 1} times in ${file}`);
  await writeFile(file, parts.join(put));
}
