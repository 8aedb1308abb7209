import { compareText } from "../kit/compare-text.ts";
import { hashJson } from "../kit/hash.ts";
import { PlumblineError } from "../model/index.ts";
import type { RepositoryEntry } from "../source/index.ts";
import type { Question, Reply } from "./wasm/protocol.ts";

/** A repository at a revision, or a folder of this machine: whatever gives the entry at a path. */
export interface Tree {
  entry(path: string): Promise<RepositoryEntry | undefined>;
}

/** Where the application's repository stands for the engine; no path of people begins so. */
export const HOME = "/@";

/** Where the engine finds a path of the application's repository. */
export function homePath(path: string): string {
  return path === "." ? HOME : `${HOME}/${path}`;
}

/** Where the files of a reference, or of something that was fetched, stand. */
export function mountOf(name: string): string {
  return `${HOME}${name}`;
}

/** What the engine says of files, in the words of people: "/@/apps/web" is apps/web, "/@values/x" is $values/x. */
export function withoutMounts(text: string): string {
  return text.replaceAll(/(?<![\w./%~-])\/@([-\w]*)(\/|(?![-\w]))/g, (_all, name: string, slash: string) =>
    name === "" ? (slash === "/" ? "" : ".") : `$${name}${slash}`,
  );
}

export interface Found {
  /** Same identity, same reply. */
  readonly identity: string;
  readonly reply: () => Promise<Reply> | Reply;
}

const ROOT: Found = { identity: "/", reply: () => ({ content: "folder /" }) };
const NONE: Found = { identity: "none", reply: () => ({ missing: true }) };

/** The files that the engine sees: each tree under its mount, and nothing else. */
export class Mounts {
  readonly #trees = new Map<string, Tree>();

  constructor(home: Tree, references: ReadonlyMap<string, Tree>) {
    this.#trees.set(HOME, home);
    for (const [name, tree] of references) this.#trees.set(mountOf(name), tree);
  }

  add(name: string, tree: Tree): string {
    this.#trees.set(mountOf(name), tree);
    return mountOf(name);
  }

  /** Undefined for a path that is in no tree. Errors: those of the trees. */
  async find({ op, path }: Question & { readonly path: string }): Promise<Found | undefined> {
    const place = this.#place(path);
    if (place === undefined) return path === "/" && op === "stat" ? ROOT : undefined;
    const entry = await place.tree.entry(place.path);
    if (entry === undefined) return NONE;
    if (op === "stat") {
      const content = `${entry.kind} ${entry.path === "." ? place.mount : `${place.mount}/${entry.path}`}`;
      return { identity: content, reply: () => ({ content }) };
    }
    const identity = `${entry.kind}:${entry.oid}`;
    if (entry.kind === "file")
      return op === "read" ? { identity, reply: async () => ({ content: await entry.read() }) } : NONE;
    if (op === "read") return NONE;
    if (op === "names") return { identity, reply: async () => listed(await entry.names()) };
    // A folder's own id says nothing of what links in it lead to.
    const below = await filesBelow(place.tree, place.path);
    return { identity: hashJson(below), reply: () => listed(below) };
  }

  #place(path: string): { readonly tree: Tree; readonly mount: string; readonly path: string } | undefined {
    const [, first = "", ...names] = path.split("/");
    const mount = `/${first}`;
    const tree = this.#trees.get(mount);
    return tree === undefined ? undefined : { tree, mount, path: names.length === 0 ? "." : names.join("/") };
  }
}

function listed(names: readonly string[]): Reply {
  return { content: JSON.stringify([...names].sort(compareText)) };
}

/** Folders in folders beyond this are a circle of links, or nobody's chart. */
const MAX_DEPTH = 64;
/** Files and folders: links to folders of links multiply without end, where each alone is short. */
const MAX_ENTRIES = 50_000;

/** Every file below a folder, from there. Links are followed, as the tree does. Errors: PL-RENDER-TOO-LARGE, and those of the tree. */
export async function filesBelow(tree: Tree, folder: string, most = MAX_ENTRIES): Promise<string[]> {
  const found: string[] = [];
  let seen = 0;
  const visit = async (path: string, shown: string, depth: number): Promise<void> => {
    const entry = await tree.entry(path);
    if (entry === undefined) return;
    if (++seen > most) throw tooMany(folder, `more than ${most} files and folders`);
    if (depth > MAX_DEPTH) throw tooMany(path, `folders more than ${MAX_DEPTH} levels deep`);
    if (entry.kind === "file") found.push(shown);
    // From where it really stands: the links on the way were followed already.
    else for (const name of await entry.names()) await visit(join(entry.path, name), join(shown, name), depth + 1);
  };
  await visit(folder, "", 0);
  return found;
}

function join(folder: string, name: string): string {
  return folder === "." || folder === "" ? name : `${folder}/${name}`;
}

function tooMany(where: string, what: string): PlumblineError {
  return new PlumblineError("PL-RENDER-TOO-LARGE", { message: `the folder has ${what}`, where });
}
