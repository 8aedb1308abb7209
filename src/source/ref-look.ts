import { nearest } from "../kit/nearest.ts";
import { PlumblineError } from "../model/index.ts";
import { prefixesOfAll, type ResolvedRef, resolveRef } from "./ref-spec.ts";
import type { ServerRef } from "./server-ref.ts";

export interface RefLook {
  readonly repo: string;
  readonly list: (prefixes: readonly string[]) => Promise<ServerRef[]>;
}

/** What a ref leads to, and what to ask the server for to get it. */
export interface LookedUpRef extends ResolvedRef {
  readonly want: string;
}

const NAMED = ["refs/heads/", "refs/tags/"];

/**
 * A branch, tag or commit that nobody follows: asked for now, and not again by itself. Errors: PL-GIT-REF-MISSING, with the names that are nearest;
 * also for refs that are neither branches nor tags, where hosts keep what strangers propose.
 */
export async function lookUpRef(ref: string, { repo, list }: RefLook): Promise<LookedUpRef> {
  if (ref.startsWith("refs/") && !NAMED.some((prefix) => ref.startsWith(prefix))) {
    const next = "name a branch, a tag or a commit of this repository";
    throw new PlumblineError("PL-GIT-REF-MISSING", {
      message: `${ref} is neither a branch nor a tag`,
      where: repo,
      next,
    });
  }
  const table = new Map((await list(prefixesOfAll([ref]))).map((one) => [one.ref, one]));
  try {
    const resolved = resolveRef(ref, { table, repo });
    const found = table.get(resolved.resolvedRef);
    return { ...resolved, want: found?.peeled === resolved.revision ? found.oid : resolved.revision };
  } catch (error) {
    if (error instanceof PlumblineError && error.code === "PL-GIT-REF-MISSING")
      throw await withNearest(error, ref, list);
    throw error;
  }
}

async function withNearest(error: PlumblineError, ref: string, list: RefLook["list"]): Promise<PlumblineError> {
  const names = (await list(NAMED)).map((one) => one.ref.replace(/^refs\/(heads|tags)\//, ""));
  const near = nearest(ref, new Set(names));
  const { code, message, where } = error;
  const next =
    near.length > 0
      ? `did you mean ${near.join(", ")}?`
      : /^[0-9a-f]{7,39}$/i.test(ref)
        ? "name a commit by all of its 40 digits"
        : "name a branch, a tag or a commit of this repository";
  return new PlumblineError(code, { message, next, ...(where === undefined ? {} : { where }) });
}
