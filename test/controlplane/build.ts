import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { buildFolder, moduleFolder } from "./cache.ts";
import { hasCode, isAlive, takeLock } from "./lock.ts";
import { findPrograms, goCommand, missingFiles, type Programs, type Wanted } from "./programs.ts";
import { type Progress, terminalProgress } from "./progress.ts";
import { joinStages } from "./stages.ts";
import { PARTS, type Part, VERSIONS } from "./versions.ts";

const KWOK_MODULE = "sigs.k8s.io/kwok";

/** The wanted files, built first where they are missing. Throws when that needs Go and there is none. */
export async function ensurePrograms(wanted: Wanted, progress: Progress = terminalProgress()): Promise<Programs> {
  if (missingFiles(findPrograms(), wanted).length > 0) await buildAll(progress);
  return findPrograms();
}

/**
 * Builds everything into the cache, unless it is there. The folder appears by one rename, whole or not at all, so
 * readers need no lock; a second builder waits for the first, and whoever renames last throws its own copy away.
 */
export async function buildAll(progress: Progress): Promise<string> {
  const target = buildFolder();
  await mkdir(dirname(target), { recursive: true });
  const lock = await takeLock({
    path: `${target}.lock`,
    done: () => existsSync(target),
    onWait: (pid) => progress.say(`waiting for the build of process ${pid}`),
  });
  if (lock === undefined) return target;
  try {
    await removeLeftovers(target);
    await buildInto(target, progress);
  } finally {
    await lock.release();
  }
  return target;
}

async function buildInto(target: string, progress: Progress): Promise<void> {
  const draft = `${target}.building-${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    for (const [index, part] of PARTS.entries()) {
      const title = `building ${part.name} ${VERSIONS[part.name]} (${index + 1} of ${PARTS.length})`;
      await progress.step(title, () => buildPart(part, draft));
    }
    await writeFile(join(draft, "kwok-stages.yaml"), await kwokStages());
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Another builder was faster: its result is the same.
    if (!hasCode(error, "ENOTEMPTY") && !hasCode(error, "EEXIST")) throw error;
  }
}

async function buildPart(part: Part, folder: string): Promise<void> {
  const output = join(folder, part.name);
  const flags = ["-trimpath", "-buildvcs=false", "-mod=readonly", "-ldflags", part.linkerFlags, "-o", output];
  await go(["build", ...flags, part.package], part);
  for (const link of part.links) await symlink(part.name, join(folder, link));
}

async function kwokStages(): Promise<string> {
  const kwok = PARTS.find((part) => part.name === "kwok");
  if (kwok === undefined) throw new Error("kwok is not in the table of parts");
  const folder = await go(["list", "-m", "-f", "{{.Dir}}", KWOK_MODULE], kwok);
  return joinStages(join(folder.trim(), "kustomize", "stage", "fast", "kustomization.yaml"));
}

/** Runs go in a part's module; resolves to its stdout, rejects with its stderr. */
async function go(args: readonly string[], part: Part): Promise<string> {
  const command = goCommand();
  if (command === undefined) throw new Error("the control plane is built with Go 1.26, and there is no go on PATH");
  const child = spawn(command, args, {
    cwd: moduleFolder(part.name),
    env: { ...process.env, CGO_ENABLED: "0", GOWORK: "off" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`go ${args[0]} of ${part.name} ended with ${code}:\n${stderr.slice(-4_000)}`);
  return stdout;
}

/** Drafts of builders that were killed. */
async function removeLeftovers(target: string): Promise<void> {
  const prefix = `${basename(target)}.building-`;
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}
