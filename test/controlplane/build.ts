import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildFolder, moduleFolder } from "./cache.ts";
import { buildOnce, type GoModule, goBuild, runGo } from "./go-build.ts";
import { findPrograms, missingFiles, type Programs, type Wanted } from "./programs.ts";
import { type Progress, terminalProgress } from "./progress.ts";
import { joinStages } from "./stages.ts";
import { PARTS, type Part, VERSIONS } from "./versions.ts";

const KWOK_MODULE = "sigs.k8s.io/kwok";

/** The wanted files, built first where they are missing. Throws when that needs Go and there is none. */
export async function ensurePrograms(wanted: Wanted, progress: Progress = terminalProgress()): Promise<Programs> {
  if (missingFiles(findPrograms(), wanted).length > 0) await buildAll(progress);
  return findPrograms();
}

/** Builds everything into the cache, unless it is there. */
export async function buildAll(progress: Progress): Promise<string> {
  const target = buildFolder();
  await buildOnce({ target, progress, fill: (draft) => buildInto(draft, progress) });
  return target;
}

async function buildInto(draft: string, progress: Progress): Promise<void> {
  for (const [index, part] of PARTS.entries()) {
    const title = `building ${part.name} ${VERSIONS[part.name]} (${index + 1} of ${PARTS.length})`;
    await progress.step(title, () => buildPart(part, draft));
  }
  await writeFile(join(draft, "kwok-stages.yaml"), await kwokStages());
}

async function buildPart(part: Part, folder: string): Promise<void> {
  const { name, linkerFlags } = part;
  await goBuild(moduleOf(part), { package: part.package, output: join(folder, name), linkerFlags });
  for (const link of part.links) await symlink(name, join(folder, link));
}

async function kwokStages(): Promise<string> {
  const kwok = PARTS.find((part) => part.name === "kwok");
  if (kwok === undefined) throw new Error("kwok is not in the table of parts");
  const folder = await runGo(["list", "-m", "-f", "{{.Dir}}", KWOK_MODULE], moduleOf(kwok));
  return joinStages(join(folder.trim(), "kustomize", "stage", "fast", "kustomization.yaml"));
}

function moduleOf({ name }: Part): GoModule {
  return { name, folder: moduleFolder(name) };
}
