import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, type Environment } from "../controlplane/cache.ts";
import { buildOnce, goBuild } from "../controlplane/go-build.ts";
import { type Availability, goCommand } from "../controlplane/programs.ts";
import { terminalProgress } from "../controlplane/progress.ts";

/** A build from nothing takes a minute and a half on two cores. */
export const BUILD_MS = 600_000;

const NAME = "chart-registry";
const MODULE = join(import.meta.dirname, "module");

/** Path of the program of module/main.go, built first when it is not in the cache. Throws when that needs Go and there is none. */
export async function registryProgram(): Promise<string> {
  const target = buildFolder();
  const progress = terminalProgress(NAME);
  const fill = (draft: string): Promise<void> =>
    progress.step("building the registry", () =>
      goBuild({ name: NAME, folder: MODULE }, { package: ".", output: join(draft, NAME) }),
    );
  await buildOnce({ target, progress, fill });
  return join(target, NAME);
}

/** Says what will be skipped, and why. A build machine that silently tests less must fail instead. */
export function registryAvailability(env: Environment = process.env): Availability {
  if (existsSync(buildFolder(env)) || goCommand(env) !== undefined) return { available: true };
  const reason = "no registry of charts: install Go 1.26 (it is then built from source, once)";
  if (env["CI"] === "true") throw new Error(`tests on a real registry cannot run: ${reason}`);
  process.stderr.write(`${NAME}: tests on a real registry are skipped: ${reason}\n`);
  return { available: false, reason };
}

function buildFolder(env: Environment = process.env): string {
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash("sha256").update(platform);
  for (const file of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(join(MODULE, file)));
  return join(cacheRoot(env), [NAME, platform, hash.digest("hex").slice(0, 12)].join("_"));
}
