import { readFile } from "node:fs/promises";
import { sha256 } from "../../kit/hash.ts";
import { type HelmSource, PlumblineError } from "../../model/index.ts";
import type { FolderOptions, Tree } from "../../render/index.ts";
import type { Flags } from "./flags.ts";

/** What the command line says of a chart, as renderFolder takes it. */
export interface ChartFlags extends Required<Pick<FolderOptions, "references" | "release">> {
  readonly source: { readonly helm: HelmSource };
  /** A text of the renderer with files of the command line under the names that they have there. */
  readonly inWords: (text: string) => string;
}

/** The files of the command line stand in a tree of their own: they may lie anywhere, and nothing beside them is seen. */
const GIVEN = "given";

/** Errors: PL-USAGE for a file that cannot be read and for a --set-file without a key. */
export async function readChartFlags(flags: Flags): Promise<ChartFlags> {
  const given = new GivenFiles();
  const helm = await helmOf(flags, given);
  const { releaseName: name, namespace } = flags;
  return {
    source: { helm },
    references: new Map([[GIVEN, given.tree]]),
    release: { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) },
    inWords: (text) => given.inWords(text),
  };
}

async function helmOf(flags: Flags, given: GivenFiles): Promise<HelmSource> {
  const { values = [], set = [], setString = [], setFile = [], apiVersions = [], kubeVersion, skipCrds } = flags;
  const valueFiles: string[] = [];
  for (const path of values) valueFiles.push(await given.add(path, "--values"));
  const files: string[] = [];
  for (const text of setFile) files.push(await keyedFile(text, given));
  return {
    valueFiles,
    set: [...set],
    setString: [...setString],
    setFile: files,
    apiVersions: apiVersions.flatMap((list) => list.split(",")),
    ...(skipCrds === undefined ? {} : { skipCrds }),
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
  };
}

async function keyedFile(text: string, given: GivenFiles): Promise<string> {
  const equals = text.indexOf("=");
  if (equals > 0) return `${text.slice(0, equals)}=${await given.add(text.slice(equals + 1), "--set-file")}`;
  throw new PlumblineError("PL-USAGE", { message: `${JSON.stringify(text)} is not KEY=PATH`, where: "--set-file" });
}

/** Each under its number. */
class GivenFiles {
  readonly #paths: string[] = [];
  readonly #contents = new Map<string, Uint8Array>();

  readonly tree: Tree = {
    entry: async (name) => {
      const bytes = this.#contents.get(name);
      return bytes === undefined
        ? undefined
        : { kind: "file", path: name, oid: sha256(bytes), read: async () => bytes };
    },
  };

  /** The name that the renderer has for it. */
  async add(path: string, flag: string): Promise<string> {
    const name = String(this.#paths.push(path));
    this.#contents.set(name, await contentOf(path, flag));
    return `$${GIVEN}/${name}`;
  }

  inWords(text: string): string {
    return text.replaceAll(/\$given\/(\d+)/g, (whole, name: string) => this.#paths[Number(name) - 1] ?? whole);
  }
}

async function contentOf(path: string, flag: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const next = `give ${flag} a file that can be read`;
    throw new PlumblineError("PL-USAGE", { message: `it cannot be read: ${reason}`, where: path, next, cause });
  }
}
