import { existsSync, type Stats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { hashJson, sha256 } from "../kit/hash.ts";
import { PlumblineError, type SourceSpec } from "../model/index.ts";
import type { SourceFile } from "../source/index.ts";
import type { Resources } from "./answers.ts";
import { renderByEngine } from "./engine-render.ts";
import { folderTree } from "./folder-tree.ts";
import { kindOf } from "./kind.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { Tree } from "./mounts.ts";
import { gather, isManifestFile } from "./plain.ts";
import type { Release } from "./request.ts";
import type { RenderLimits, RenderResult } from "./types.ts";
import type { Engine } from "./wasm/engine.ts";

export interface FolderOptions {
  readonly limits?: Partial<RenderLimits>;
  /** The repository: nothing above it is read. Default: the next folder above with `.git`, else the working directory, if the path is in it, or the path itself. */
  readonly root?: string;
  /** Without one, charts and kustomizations are refused (PL-ENGINE-MISSING). */
  readonly engine?: Engine;
  readonly source?: Pick<SourceSpec, "render" | "helm" | "kustomize" | "references">;
  /** Folders of source.references, or trees of what does not lie in one, by name. */
  readonly references?: ReadonlyMap<string, string | Tree>;
  readonly release?: Partial<Release>;
  readonly resources?: Resources;
  readonly signal?: AbortSignal;
}

/**
 * The manifests of a folder (or one file) on this machine, as the renderer gives those of a snapshot: links followed. Origins have the
 * path as it was given for repository and file, and no revision. Plain files: everything below the folder but `.git`.
 * Errors: PL-PATH-MISSING when it cannot be read, PL-LINK-LOOP for links that lead nowhere or in a circle; PL-ENGINE-MISSING, PL-RENDER-*.
 */
export async function renderFolder(path: string, options: FolderOptions = {}): Promise<RenderResult> {
  const info = await readable(path, () => stat(path));
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { root = await repositoryAbove(path, info), source = {} } = options;
  const home = await folderTree(root);
  const inside =
    relative(await realpath(root), await realpath(path))
      .split(sep)
      .join("/") || ".";
  const kind = await kindOf(home, inside, source);
  if (kind === "plain") return await renderPlainFolder(path, { info, limits });
  if (options.engine === undefined)
    throw new PlumblineError("PL-ENGINE-MISSING", { message: "there is no renderer here", where: path });
  const references = new Map<string, Tree>();
  for (const [name, one] of options.references ?? []) {
    references.set(name, typeof one === "string" ? await folderTree(one) : one);
  }
  const {
    dependencies: _,
    asked: _asked,
    ...made
  } = await renderByEngine({
    engine: options.engine,
    home,
    references,
    resources: options.resources ?? {},
    source: { ...source, references: [...references.keys()].map((name) => ({ name, repo: name, ref: "HEAD" })) },
    release: { name: "release-name", namespace: "default", revision: 1, isUpgrade: false, ...options.release },
    output: { kind, repo: path, revision: "", path: inside, limits },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { ...made, key: "" };
}

async function repositoryAbove(path: string, info: Stats): Promise<string> {
  const start = resolve(info.isDirectory() ? path : dirname(path));
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return start.startsWith(`${resolve(".")}${sep}`) ? resolve(".") : start;
  }
}

async function renderPlainFolder(
  path: string,
  { info, limits }: { info: Stats; limits: RenderLimits },
): Promise<RenderResult> {
  const found = info.isDirectory() ? await walk(path) : [{ path, size: info.size }];
  const hashes: string[] = [];
  const files = found.map(({ path: file, size }): SourceFile => {
    const read = async (): Promise<Uint8Array> => {
      const bytes = await readable(file, () => readFile(file));
      hashes.push(file, sha256(bytes));
      return bytes;
    };
    return { path: file, size, oid: "", read };
  });
  const gathered = await gather(files, { repo: path, revision: "", path, limits });
  return { ...gathered, key: `folder/1:${hashJson(hashes)}` };
}

interface Found {
  readonly path: string;
  readonly size: number;
}

/** Manifest files below a folder, sorted by path (code units) as those of a snapshot are. */
async function walk(root: string): Promise<Found[]> {
  const found: Found[] = [];
  const visit = async (folder: string, above: readonly string[]): Promise<void> => {
    const real = await readable(folder, () => realpath(folder));
    if (above.includes(real)) throw loop(folder);
    for (const name of await readable(folder, () => readdir(folder))) {
      if (name === ".git") continue;
      const path = join(folder, name);
      const info = await followed(path);
      if (info.isDirectory()) await visit(path, [...above, real]);
      else if (info.isFile() && isManifestFile(name)) found.push({ path, size: info.size });
    }
  };
  await visit(root, []);
  const base = resolve(root);
  const order = (path: string): string => relative(base, resolve(path)).split(sep).join("/");
  return found.sort((a, b) => (order(a.path) < order(b.path) ? -1 : 1));
}

async function followed(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    throw loop(path, cause);
  }
}

function loop(path: string, cause?: unknown): PlumblineError {
  return new PlumblineError("PL-LINK-LOOP", {
    message: "the link leads in a circle or to nothing",
    where: path,
    cause,
  });
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-PATH-MISSING", { message: `it cannot be read: ${reason}`, where: path, cause });
  }
}
