import type { Plan } from "../model/index.ts";
import type { MergeStanding } from "../source/index.ts";

export interface PreviewRequest {
  /** Branch, tag or commit of the application's repository; of a chart a version. */
  readonly ref: string;
  /** May templates look up live objects: what a branch that nobody has approved makes of them is shown to whoever asks. */
  readonly lookups: boolean;
}

/** What merging a branch would do, or going to a tag, a commit or a version. */
export interface Preview {
  readonly plan: Plan;
  readonly ref: string;
  /** The commit, or version, of the ref. */
  readonly head: string;
  readonly onto: { readonly ref: string; readonly revision: string };
  readonly standing: MergeStanding;
  /** Of which the plan is, in a sentence. */
  readonly message: string;
}

export function standingSentence(
  standing: MergeStanding,
  { ref, onto }: { readonly ref: string; readonly onto: string },
): string {
  switch (standing.kind) {
    case "as-it-is":
      return `shown is ${ref} as it is, and nothing is merged`;
    case "contained":
      return `${onto} has all of ${ref} already: merging it changes nothing`;
    case "ahead":
      return `${ref} is ${commits(standing.commits)} ahead of ${onto}: shown is the merge`;
    case "merged":
      return `${ref} is ${commits(standing.commits)} ahead of ${onto} and lacks ${commits(standing.lacks)} of it: shown is the merge of both`;
    case "unmerged": {
      const lacks = standing.lacks === undefined ? "may lack commits" : `lacks ${commits(standing.lacks)}`;
      return `${ref} ${lacks} of ${onto}, and cannot be merged here: ${standing.why}; shown is ${ref} as it is, so that what ${onto} has beyond it shows as taken back, which a merge would keep`;
    }
  }
}

function commits(count: number): string {
  return count === 1 ? "1 commit" : `${count} commits`;
}
