import { type Manifest, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import type { Snapshot, SourceFile } from "../source/index.ts";
import { decode, tooLarge, tooMany } from "./decode.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Decoded, RenderLimits, RenderResult } from "./types.ts";

/** Part of every key: raised when the same files would give other manifests. */
const VERSION = "plain/1";
const EXTENSIONS = [".yaml", ".yml", ".json"];

/** A file of manifests by its name, as kubectl takes them from a folder: the ending counts, and its case. */
export function isManifestFile(path: string): boolean {
  return EXTENSIONS.some((extension) => path.endsWith(extension));
}

/** Same key, same manifests, their origin's repository and revision apart. */
export function plainKey({ path, key }: Pick<Snapshot, "path" | "key">): string {
  return `${VERSION}:${path}:${key}`;
}

/**
 * The manifests of a snapshot's path as they stand in its files, in the order of paths and then of documents.
 * What is wrong with the revision itself is among the problems; what may be better at the next try (a repository that went away
 * meanwhile) is thrown, as whatever the snapshot threw.
 */
export async function renderPlain(snapshot: Snapshot, limits: Partial<RenderLimits> = {}): Promise<RenderResult> {
  const { repo, revision, path } = snapshot;
  const gathered = await orProblem(path, async () =>
    gather(await snapshot.files(), { repo, revision, path, limits: { ...DEFAULT_LIMITS, ...limits } }),
  );
  return { ...gathered, key: plainKey(snapshot) };
}

export interface GatherOptions {
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
  readonly limits: RenderLimits;
}

/** Decodes files one after the other; the file that the path itself names counts whatever its ending. Adds what only shows in all together. */
export async function gather(files: readonly SourceFile[], options: GatherOptions): Promise<Decoded> {
  const { path, limits } = options;
  const ours = files.filter((file) => isManifestFile(file.path) || file.path === path);
  const excess = totalExcess(ours, options);
  if (excess !== undefined) return { manifests: [], problems: [toProblem(excess)], warnings: [] };
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  const warnings: string[] = [];
  for (const file of ours) {
    const decoded = await decodeFile(file, options);
    for (const manifest of decoded.manifests) manifests.push(manifest);
    problems.push(...decoded.problems);
    warnings.push(...decoded.warnings);
    if (manifests.length > limits.documents) {
      problems.push(toProblem(tooMany(path, limits.documents)));
      break;
    }
  }
  if (manifests.length === 0 && problems.length === 0) problems.push(toProblem(empty(path, ours.length)));
  return { manifests, problems, warnings };
}

async function decodeFile(file: SourceFile, { repo, revision, limits }: GatherOptions): Promise<Decoded> {
  return orProblem(file.path, async () => {
    if (file.size > limits.fileBytes) throw tooLarge(file.path, file.size, limits.fileBytes);
    return decode({ bytes: await file.read(), file: file.path, repo, revision, limits });
  });
}

/** An error that only another revision can mend is a finding about this one; every other goes on to whoever tries again. */
async function orProblem(where: string, work: () => Promise<Decoded>): Promise<Decoded> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.retry !== "revision") throw error;
    return { manifests: [], problems: [{ where, ...toProblem(error) }], warnings: [] };
  }
}

function totalExcess(files: readonly SourceFile[], { path, limits }: GatherOptions): PlumblineError | undefined {
  const total = files.reduce((sum, file) => sum + Math.min(file.size, limits.fileBytes), 0);
  if (total <= limits.totalBytes) return undefined;
  const message = `the files have ${total} bytes together; at most ${limits.totalBytes} are read`;
  return new PlumblineError("PL-YAML-TOO-LARGE", { message, where: path });
}

function empty(path: string, files: number): PlumblineError {
  const found = files === 0 ? "no .yaml, .yml or .json file" : `no object in ${files} file${files === 1 ? "" : "s"}`;
  return new PlumblineError("PL-PATH-EMPTY", { message: `there is ${found} below the path`, where: path });
}
