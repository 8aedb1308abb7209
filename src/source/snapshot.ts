import { hashJson } from "../kit/hash.ts";
import { forEachLimited } from "../kit/pool.ts";
import { PlumblineError } from "../model/index.ts";
import { type FoundFile, type Listing, listFiles } from "./file-walk.ts";
import { isLfsPointer } from "./lfs.ts";
import type { CommitObjects } from "./objects.ts";
import { namesOf, normalPath, PathFinder, type Place } from "./tree-path.ts";
import type { RepositoryEntry, Snapshot, SourceFile } from "./types.ts";

/** Objects read at once. */
const READERS = 8;

/** One path of a commit. Errors: PL-PATH-MISSING, PL-GIT-*; those of links and submodules below the path come from files(). */
export async function takeSnapshot(objects: CommitObjects, wantedPath: string): Promise<Snapshot> {
  const { repo, revision } = objects;
  const path = normalPath(wantedPath);
  const { tree: root, author, subject, committedAt } = await objects.commit();
  const finder = new PathFinder(objects, root);
  const place = await finder.find(namesOf(path));
  if (place === undefined) throw missing(path, objects);
  const listing = await listOrError(() => listFiles(place, { path, objects, finder }));
  const key = keyOf(listing, { tree: place.oid, path, revision });
  const files = async (): Promise<readonly SourceFile[]> => {
    if (listing instanceof PlumblineError) throw listing;
    return sourceFiles(listing.files, objects);
  };
  const entry = async (wanted: string): Promise<RepositoryEntry | undefined> => {
    const name = normalPath(wanted);
    const found = await finder.find(namesOf(name));
    return found === undefined ? undefined : entryAt(found, { name, objects });
  };
  return { repo, revision, author, subject, committedAt, path, tree: place.oid, key, files, entry };
}

function entryAt(
  { kind, oid, at }: Place,
  { name, objects }: { name: string; objects: CommitObjects },
): RepositoryEntry {
  const path = at.length === 0 ? "." : at.join("/");
  if (kind === "file") return { kind, oid, path, read: () => readFile(objects, { path: name, oid }) };
  return { kind: "folder", oid, path, names: async () => [...(await objects.tree(oid)).keys()] };
}

/** Faults in the files are the caller's to hear when it asks for the files; a repository that cannot be read is heard at once. */
async function listOrError(list: () => Promise<Listing>): Promise<Listing | PlumblineError> {
  try {
    return await list();
  } catch (error) {
    if (error instanceof PlumblineError && error.retry === "revision") return error;
    throw error;
  }
}

/** The names of the files are part of what files() gives, so the same tree elsewhere has another key. */
function keyOf(listing: Listing | PlumblineError, where: { tree: string; path: string; revision: string }): string {
  const { tree, path, revision } = where;
  if (listing instanceof PlumblineError) return hashJson([tree, path, revision, listing.code]);
  return hashJson([tree, path, ...listing.linked]);
}

async function sourceFiles(found: readonly FoundFile[], objects: CommitObjects): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = new Array(found.length);
  await forEachLimited(found.entries(), READERS, async ([index, { path, oid }]) => {
    files[index] = { path, oid, size: await objects.size(oid), read: () => readFile(objects, { path, oid }) };
  });
  return files;
}

/** Errors: PL-LFS; PL-GIT-* when the mirror lost the object and the repository is away. */
async function readFile(objects: CommitObjects, { path, oid }: FoundFile): Promise<Uint8Array> {
  const bytes = await objects.blob(oid);
  if (isLfsPointer(bytes))
    throw new PlumblineError("PL-LFS", {
      message: "the file is kept in Git LFS; only a pointer to it is here",
      where: path,
    });
  return bytes;
}

function missing(path: string, { revision, repo }: CommitObjects): PlumblineError {
  const message = `${JSON.stringify(path)} is not in commit ${revision.slice(0, 12)} of ${repo}`;
  return new PlumblineError("PL-PATH-MISSING", { message, where: path });
}
