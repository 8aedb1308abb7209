import { compareText } from "../../kit/compare-text.ts";
import type { Question, Reply, SentFile } from "./protocol.ts";

/** Files that came with the job: asked for many times, answered without leaving the thread. */
export class SentFiles {
  readonly #whole: readonly string[];
  readonly #files: ReadonlyMap<string, Uint8Array>;
  /** Names in each folder. */
  readonly #folders = new Map<string, Set<string>>();

  constructor(whole: readonly string[], files: readonly SentFile[]) {
    this.#whole = whole;
    this.#files = new Map(files);
    for (const folder of whole) this.#folders.set(folder, new Set());
    for (const [path] of files) this.#addFolders(path);
  }

  /** Undefined for what may be elsewhere. */
  answer({ op, path }: Question & { readonly path: string }): Reply | undefined {
    if (!this.#whole.some((folder) => path === folder || path.startsWith(`${folder}/`))) return undefined;
    const file = this.#files.get(path);
    const names = this.#folders.get(path);
    if (op === "stat")
      return file !== undefined
        ? { content: `file ${path}` }
        : names !== undefined
          ? { content: `folder ${path}` }
          : NONE;
    if (op === "read") return file === undefined ? NONE : { content: file };
    if (names === undefined) return NONE;
    return { content: JSON.stringify(op === "names" ? [...names].sort(compareText) : this.#below(path)) };
  }

  #below(folder: string): string[] {
    const prefix = `${folder}/`;
    const paths = [...this.#files.keys()].filter((path) => path.startsWith(prefix));
    return paths.map((path) => path.slice(prefix.length)).sort(compareText);
  }

  #addFolders(path: string): void {
    const slash = path.lastIndexOf("/");
    if (slash < 0) return;
    const folder = path.slice(0, slash);
    const names = this.#folders.get(folder);
    names?.add(path.slice(slash + 1));
    if (names !== undefined) return;
    this.#folders.set(folder, new Set([path.slice(slash + 1)]));
    if (this.#whole.some((whole) => folder.startsWith(`${whole}/`))) this.#addFolders(folder);
  }
}

const NONE: Reply = { missing: true };
