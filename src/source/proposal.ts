import { toProblem } from "../model/index.ts";
import { type Ahead, commitsAhead, type HistoryPlace } from "./history.ts";
import { mergeTrees } from "./merge.ts";
import type { Mirror, Wanted } from "./mirror.ts";
import { CommitObjects, type MergedTree, type ObjectCaches } from "./objects.ts";
import type { LookedUpRef } from "./ref-look.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { MergeStanding, Proposal } from "./types.ts";

export interface ProposalInput {
  readonly found: LookedUpRef;
  /** Of the revision that it is merged into. */
  readonly onto: LookedUpRef;
  readonly checkedAt: string;
  readonly place: HistoryPlace;
  readonly mirror: Mirror;
  readonly caches: ObjectCaches;
}

interface Outcome {
  readonly standing: MergeStanding;
  /** Whose tree it is. */
  readonly wanted: Wanted;
  readonly merged?: MergedTree;
}

/** A branch is merged where the merge is sure; a tag and a commit are taken as they are. Errors: PL-GIT-*. */
export async function propose(input: ProposalInput): Promise<Proposal> {
  const { found, place, mirror, caches, checkedAt } = input;
  const isBranch = found.resolvedRef.startsWith("refs/heads/");
  const { standing, wanted, merged } = isBranch ? await merge(input) : { standing: AS_IT_IS, wanted: found };
  const objects = new CommitObjects({ repo: place.repo, mirror, caches, wanted, ...(merged && { merged }) });
  return {
    resolution: { revision: objects.revision, resolvedRef: found.resolvedRef, checkedAt },
    head: found.revision,
    standing,
    snapshot: (path) => takeSnapshot(objects, path),
  };
}

const AS_IT_IS: MergeStanding = { kind: "as-it-is" };

async function merge(input: ProposalInput): Promise<Outcome> {
  const { found, onto } = input;
  if (found.revision === onto.revision) return { standing: { kind: "contained" }, wanted: onto };
  let ahead: Ahead;
  try {
    ahead = await commitsAhead({ tip: found.revision, without: onto.revision }, input.place);
  } catch (error) {
    return {
      standing: { kind: "unmerged", why: `its history cannot be read: ${toProblem(error).message}` },
      wanted: found,
    };
  }
  const commits = ahead.count;
  if (commits === 0) return { standing: { kind: "contained" }, wanted: onto };
  if (ahead.from.has(onto.revision)) return { standing: { kind: "ahead", commits }, wanted: found };
  try {
    return await mergeBehind(input, ahead);
  } catch (error) {
    return { standing: { kind: "unmerged", commits, why: toProblem(error).message }, wanted: found };
  }
}

async function mergeBehind(input: ProposalInput, ahead: Ahead): Promise<Outcome> {
  const { found, onto, place } = input;
  const behind = await commitsAhead({ tip: onto.revision, without: found.revision }, place);
  const counts = { commits: ahead.count, lacks: behind.count };
  const unmerged = (why: string): Outcome => ({ standing: { kind: "unmerged", ...counts, why }, wanted: found });
  // Each best common ancestor is where both sides part from what is common.
  const [base, ...more] = [...ahead.from].filter((oid) => behind.from.has(oid));
  if (base === undefined) return unmerged("the two have no commit in common");
  if (more.length > 0) return unmerged("they were merged into each other crosswise");
  const { root, trees, conflicts } = await mergeTrees(await sidesOf(input, base));
  if (conflicts.length > 0) return unmerged(`both changed ${namesOf(conflicts)}`);
  const revision = `${found.revision.slice(0, 12)}+${onto.revision.slice(0, 12)}`;
  return { standing: { kind: "merged", ...counts }, wanted: found, merged: { revision, root, trees } };
}

async function sidesOf({ found, onto, place, mirror, caches }: ProposalInput, base: string) {
  const objects = (wanted: Wanted) => new CommitObjects({ repo: place.repo, mirror, caches, wanted });
  const sides = { base: objects({ revision: base, want: base }), theirs: objects(found), ours: objects(onto) };
  // A mirror that is full begins anew with the commit that is asked for, so the others are asked for again.
  for (const one of [found, { revision: base, want: base }, onto, found]) await mirror.ensure(one);
  return sides;
}

function namesOf(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length <= 3 ? shown : `${shown} and ${paths.length - 3} more files`;
}
