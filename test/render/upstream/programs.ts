import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheRoot, type Environment } from "../../controlplane/cache.ts";
import { buildOnce, goBuild } from "../../controlplane/go-build.ts";
import { type Availability, goCommand } from "../../controlplane/programs.ts";
import { type Progress, terminalProgress } from "../../controlplane/progress.ts";

/** What is built. modules/<name>/go.mod pins the same numbers; the engines in src/render/engine have the same (a test compares them). */
export const PROGRAMS = [
  { name: "helm", version: "4.3.1", module: "helm.sh/helm/v4", package: "helm.sh/helm/v4/cmd/helm" },
  // The command's release that requires api and kyaml 0.21.2.
  {
    name: "kustomize",
    version: "5.8.2",
    module: "sigs.k8s.io/kustomize/kustomize/v5",
    package: "sigs.k8s.io/kustomize/kustomize/v5",
  },
] as const;

/** Paths of the programs. */
export interface UpstreamPrograms {
  readonly helm: string;
  readonly kustomize: string;
}

export function moduleFolder(name: string): string {
  return join(import.meta.dirname, "modules", name);
}

/** The programs, built first when they are not in the cache. Throws when that needs Go and there is none. */
export async function upstreamPrograms(progress: Progress = terminalProgress("upstream")): Promise<UpstreamPrograms> {
  const target = upstreamFolder();
  await buildOnce({ target, progress, fill: (draft) => buildInto(draft, progress) });
  return { helm: join(target, "helm"), kustomize: join(target, "kustomize") };
}

/** Whether upstreamPrograms() can answer here, be it after a build; if not, the reason tells how to get there. */
export function upstreamAvailability(env: Environment = process.env): Availability {
  if (existsSync(upstreamFolder(env)) || goCommand(env) !== undefined) return { available: true };
  return {
    available: false,
    reason: "no helm and kustomize to compare with: install Go 1.26 (they are then built from source, once)",
  };
}

async function buildInto(draft: string, progress: Progress): Promise<void> {
  for (const { name, version, package: path } of PROGRAMS) {
    await progress.step(`building ${name} ${version}`, () =>
      goBuild({ name, folder: moduleFolder(name) }, { package: path, output: join(draft, name) }),
    );
  }
}

/** Named for the reader by the versions, and by a hash of all that the result depends on. */
function upstreamFolder(env: Environment = process.env): string {
  const platform = `${process.platform}-${process.arch}`;
  const hash = createHash("sha256").update(JSON.stringify([PROGRAMS, platform]));
  for (const { name } of PROGRAMS) {
    for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(moduleFolder(name), file)));
  }
  const versions = PROGRAMS.map(({ name, version }) => `${name}-${version}`);
  return join(cacheRoot(env), [...versions, platform, hash.digest("hex").slice(0, 12)].join("_"));
}
