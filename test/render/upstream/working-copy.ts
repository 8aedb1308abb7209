import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RenderCase } from "./case-file.ts";
import type { UpstreamPrograms } from "./programs.ts";
import { mustRun } from "./run-program.ts";

/** Links stay as they are written: Node would point them at where they led before. */
const COPY = { recursive: true, verbatimSymlinks: true } as const;

/** A case's repository as both sides read it, in a temporary folder that `await using` removes. */
export interface WorkingCopy extends AsyncDisposable {
  /** Holds everything below. */
  readonly folder: string;
  readonly repo: string;
  /** A second copy, which only the upstream program reads: charts and kustomizations are edited there. */
  readonly edited: string;
  /** A home for the programs. */
  readonly home: string;
  readonly references: ReadonlyMap<string, string>;
}

export async function workingCopy(of: RenderCase, programs: UpstreamPrograms): Promise<WorkingCopy> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-upstream-"));
  const copy = { folder, repo: join(folder, "repo"), edited: join(folder, "edited"), home: join(folder, "home") };
  mkdirSync(copy.home);
  if (existsSync(join(of.folder, "repo"))) cpSync(join(of.folder, "repo"), copy.repo, COPY);
  for (const [archive, chart] of Object.entries(of.archives)) {
    const target = dirname(join(copy.repo, archive));
    mkdirSync(target, { recursive: true });
    const pack = ["package", join(of.folder, chart), "--destination", target];
    await mustRun(programs.helm, pack, { home: copy.home, cwd: copy.home });
    // helm names the archive by the chart's name and version: the case's name for it must be the same.
    if (!existsSync(join(copy.repo, archive))) throw new Error(`${of.id}: ${chart} does not pack as ${archive}`);
  }
  cpSync(copy.repo, copy.edited, COPY);
  const references = new Map(Object.entries(of.references).map(([name, path]) => [name, join(of.folder, path)]));
  return {
    ...copy,
    references,
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
