import { PlumblineError } from "../model/index.ts";
import type { CommitObjects } from "./objects.ts";
import type { TreeEntry } from "./tree.ts";

/** Where a path leads when its links are followed: never a link itself. */
export interface Place {
  readonly kind: "tree" | "file";
  readonly oid: string;
  /** The names from the root, without links. */
  readonly at: readonly string[];
  /** How many links were on the way. */
  readonly links: number;
}

/** As Linux has it. */
const MAX_LINKS = 40;

/** "." for the root, else names with single slashes between. Errors: PL-PATH-MISSING for a path that is absolute or climbs. */
export function normalPath(path: string): string {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (path.startsWith("/") || names.includes("..") || path.includes("\0")) {
    throw new PlumblineError("PL-PATH-MISSING", {
      message: `the path ${JSON.stringify(path)} does not stay inside the repository`,
      next: "write spec.source.path from the root of the repository, without a leading slash and without ..",
    });
  }
  return names.length === 0 ? "." : names.join("/");
}

export function namesOf(path: string): string[] {
  return path === "." ? [] : path.split("/");
}

/** Walks from the root to a path of the repository, through links. Undefined where the path leads to nothing. */
export class PathFinder {
  readonly #objects: CommitObjects;
  readonly #root: string;

  constructor(objects: CommitObjects, root: string) {
    this.#objects = objects;
    this.#root = root;
  }

  /** Errors: PL-SUBMODULE, PL-LINK-ESCAPES, PL-LINK-LOOP for a link that leads nowhere. */
  async find(names: readonly string[], links = 0): Promise<Place | undefined> {
    let place: Place = { kind: "tree", oid: this.#root, at: [], links };
    for (const [index, name] of names.entries()) {
      if (place.kind !== "tree") return undefined;
      const entry = (await this.#objects.tree(place.oid)).get(name);
      if (entry === undefined) return undefined;
      const next = await this.enter(entry, { folder: place.at, links: place.links });
      if (index === names.length - 1) return next;
      place = next;
    }
    return place;
  }

  /** What an entry of a folder is, its links followed. */
  async enter(entry: TreeEntry, { folder, links }: { folder: readonly string[]; links: number }): Promise<Place> {
    const at = [...folder, entry.name];
    if (entry.kind === "submodule") throw this.#error("PL-SUBMODULE", at, "a submodule stands here");
    if (entry.kind !== "link") return { kind: entry.kind, oid: entry.oid, at, links };
    if (links >= MAX_LINKS)
      throw this.#error("PL-LINK-LOOP", at, `more than ${MAX_LINKS} links lead on from each other`);
    const target = Buffer.from(await this.#objects.blob(entry.oid)).toString("utf8");
    const found = await this.#follow(target, { at, folder, links: links + 1 });
    if (found !== undefined) return found;
    throw this.#error("PL-LINK-LOOP", at, `the link leads to ${JSON.stringify(target)}, which is not there`);
  }

  /** A target is read from the folder of its link. Folders on the way are taken as they are, links in it are followed, and ".." steps up from where they lead. */
  async #follow(
    target: string,
    { at, folder, links }: { at: readonly string[]; folder: readonly string[]; links: number },
  ): Promise<Place | undefined> {
    const escapes = () => this.#error("PL-LINK-ESCAPES", at, `the link leads to ${JSON.stringify(target)}`);
    if (target.startsWith("/")) throw escapes();
    let here = await this.find(folder, links);
    for (const name of target.split("/").filter((one) => one !== "" && one !== ".")) {
      if (here?.kind !== "tree") return undefined;
      if (name === "..") {
        if (here.at.length === 0) throw escapes();
        here = await this.find(here.at.slice(0, -1), here.links);
        continue;
      }
      const entry: TreeEntry | undefined = (await this.#objects.tree(here.oid)).get(name);
      if (entry === undefined) return undefined;
      here = await this.enter(entry, { folder: here.at, links: here.links });
    }
    return here;
  }

  #error(
    code: "PL-SUBMODULE" | "PL-LINK-ESCAPES" | "PL-LINK-LOOP",
    at: readonly string[],
    message: string,
  ): PlumblineError {
    return new PlumblineError(code, { message, where: at.join("/") });
  }
}
