import semver from "semver";
import { PlumblineError } from "../model/index.ts";
import type { RefTable, ServerRef } from "./server-ref.ts";

/** What a ref of an application leads to. */
export interface ResolvedRef {
  /** The commit. */
  readonly revision: string;
  /** refs/heads/main, refs/tags/v1.2.3, HEAD, or the commit. */
  readonly resolvedRef: string;
}

const COMMIT = /^[0-9a-f]{40}$/i;

/** No ref can be called so, but a range of versions can. Source: Git, git-check-ref-format. */
function canBeName(ref: string): boolean {
  return !/[\s~^:?*[\\]|\.\.|^-|\.lock$|^$/.test(ref) && !hasControl(ref);
}

function hasControl(text: string): boolean {
  return [...text].some((letter) => letter < " " || letter === "\u007f");
}

function rangeOf(ref: string): string | undefined {
  return ref.trim() === "" ? undefined : (semver.validRange(ref) ?? undefined);
}

/** The prefixes to list so that `resolveRef` can answer. A commit needs none; HEAD stands in, so that the repository is asked all the same. */
function prefixesOf(ref: string): string[] {
  if (COMMIT.test(ref) || ref === "HEAD") return ["HEAD"];
  if (rangeOf(ref) !== undefined) return canBeName(ref) ? [`refs/heads/${ref}`, "refs/tags/"] : ["refs/tags/"];
  if (!canBeName(ref)) return ["HEAD"];
  return ref.startsWith("refs/") ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
}

/** Beyond this the two folders are listed whole. */
const MAX_PREFIXES = 200;

/** Without those that another one covers. */
export function prefixesOfAll(refs: Iterable<string>): readonly string[] {
  return mergedPrefixes(new Set([...refs].flatMap(prefixesOf)));
}

export function mergedPrefixes(all: ReadonlySet<string>): readonly string[] {
  if (all.size > MAX_PREFIXES) {
    const others = [...all].filter((one) => !/^refs\/(heads|tags)\//.test(one));
    return ["HEAD", "refs/heads/", "refs/tags/", ...others.slice(0, MAX_PREFIXES)];
  }
  if (all.size === 0) return ["HEAD"];
  return [...all]
    .filter((one) => !(one.startsWith("refs/tags/") && one !== "refs/tags/" && all.has("refs/tags/")))
    .sort();
}

/** Whether a server that listed the ones has named everything that begins like the others. */
export function coversPrefixes(listed: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((prefix) => listed.some((one) => prefix.startsWith(one)));
}

/**
 * A commit, HEAD, a full ref, a branch or tag of that very name, or the highest tag in a range of versions ("v" before a version
 * does not count; prereleases only where the range names one). Errors: PL-GIT-REF-MISSING, PL-GIT-REF-AMBIGUOUS.
 */
export function resolveRef(ref: string, { table, repo }: { table: RefTable; repo: string }): ResolvedRef {
  if (COMMIT.test(ref)) return { revision: ref.toLowerCase(), resolvedRef: ref.toLowerCase() };
  const found = ref === "HEAD" || ref.startsWith("refs/") ? table.get(ref) : named(ref, { table, repo });
  if (found === undefined) throw missing(ref, repo);
  return { revision: found.peeled ?? found.oid, resolvedRef: found.target ?? found.ref };
}

function named(ref: string, { table, repo }: { table: RefTable; repo: string }): ServerRef | undefined {
  const branch = table.get(`refs/heads/${ref}`);
  const tag = table.get(`refs/tags/${ref}`);
  if (branch !== undefined && tag !== undefined) {
    const message = `both refs/heads/${ref} and refs/tags/${ref} are there`;
    throw new PlumblineError("PL-GIT-REF-AMBIGUOUS", { message, where: repo });
  }
  return branch ?? tag ?? highestInRange(ref, table);
}

function highestInRange(ref: string, table: RefTable): ServerRef | undefined {
  const range = rangeOf(ref);
  if (range === undefined) return undefined;
  let best: { version: semver.SemVer; tag: ServerRef } | undefined;
  for (const tag of table.values()) {
    if (!tag.ref.startsWith("refs/tags/")) continue;
    const version = semver.parse(tag.ref.slice("refs/tags/".length));
    if (version === null || !semver.satisfies(version, range)) continue;
    const order = best === undefined ? 1 : semver.compareBuild(version, best.version);
    // Two spellings of one version: the later by name, so that the order of the list does not count.
    if (best === undefined || order > 0 || (order === 0 && tag.ref > best.tag.ref)) best = { version, tag };
  }
  return best?.tag;
}

function missing(ref: string, repo: string): PlumblineError {
  const what = rangeOf(ref) === undefined ? "no branch or tag" : "no branch, and no tag in the range,";
  return new PlumblineError("PL-GIT-REF-MISSING", { message: `there is ${what} ${JSON.stringify(ref)}`, where: repo });
}
