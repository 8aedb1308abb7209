import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isJsonObject, type JsonObject } from "../../src/model/index.ts";
import type { CaseFile, CaseFolder } from "./types.ts";

/** Deeper there are the manifests of `seeds`, and no cases. */
const DEEPEST = 3;

/** The folder that stands beside a clone on the machines of this project; PLUMB_CONFORMANCE names another. */
const besideTheClone = resolve(
  process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../shared/conformance"),
);
export const conformanceFolder = existsSync(besideTheClone) ? besideTheClone : undefined;

/** Reads every JSON file of a folder. What is no JSON is told in `unreadable`; a folder that is not there throws, as readdir does. */
export function readCaseFolder(root: string): CaseFolder {
  const files: CaseFile[] = [];
  const unreadable: { file: string; why: string }[] = [];
  for (const path of jsonFilesBelow(root, "", 0)) {
    try {
      files.push({ path, value: JSON.parse(readFileSync(join(root, path), "utf8")) });
    } catch (error) {
      unreadable.push({ file: path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { root, files, unreadable };
}

function jsonFilesBelow(root: string, below: string, depth: number): string[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((name) => {
      const path = below === "" ? name : `${below}/${name}`;
      if (statSync(join(root, path)).isDirectory()) return depth < DEEPEST ? jsonFilesBelow(root, path, depth + 1) : [];
      return name.endsWith(".json") ? [path] : [];
    });
}

/** "ssa/112-secret.json" -> "112-secret" */
export function nameOf({ path }: CaseFile): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
}

/** The objects of the folder's files that have a list under this name. */
export function filesWithList(folder: CaseFolder, list: string): { file: CaseFile; value: JsonObject }[] {
  return folder.files.flatMap((file) => {
    const { value } = file;
    return isJsonObject(value) && Array.isArray(value[list]) ? [{ file, value }] : [];
  });
}
