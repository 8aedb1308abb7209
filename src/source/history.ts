import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseCommit } from "./commit.ts";
import { takePack } from "./pack-intake.ts";
import { PackSet } from "./pack-set.ts";
import type { Remote } from "./remote.ts";

/** The commits that one has and another lacks. */
export interface Ahead {
  readonly count: number;
  /** Of these commits the parents that are not among them: where the two part, and where one took the other in. */
  readonly from: ReadonlySet<string>;
}

export interface HistoryPlace {
  readonly repo: string;
  /** Of the mirror; a folder beside it is made and removed. */
  readonly gitdir: string;
  readonly remote: Pick<Remote, "fetchHistory">;
}

/** Commits alone, and nothing of it is kept. Errors: PL-GIT-*. */
export async function commitsAhead(
  request: { readonly tip: string; readonly without: string },
  { repo, gitdir, remote }: HistoryPlace,
): Promise<Ahead> {
  const folder = `${gitdir}.history-${randomBytes(4).toString("hex")}`;
  try {
    await mkdir(join(folder, "objects", "pack"), { recursive: true });
    const pack = remote.fetchHistory(request);
    await takePack({ repo, gitdir: folder, folder: join(folder, "incoming"), pack });
    return walk(folder, request.tip);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function walk(gitdir: string, tip: string): Ahead {
  const packs = new PackSet(gitdir);
  try {
    const from = new Set<string>();
    const ahead = new Set([tip].filter((oid) => packs.has(oid)));
    // A Set may grow while it is walked.
    for (const oid of ahead) {
      for (const parent of parseCommit(packs.read(oid).bytes)?.parents ?? [])
        (packs.has(parent) ? ahead : from).add(parent);
    }
    return { count: ahead.size, from };
  } finally {
    packs.close();
  }
}
