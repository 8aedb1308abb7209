import { HEALTH } from "./health.ts";
import { JSON_MERGE, STRATEGIC } from "./merge.ts";
import ON_PURPOSE from "./on-purpose.json" with { type: "json" };
import { OPENAPI } from "./openapi.ts";
import { SEEDS } from "./seeds.ts";
import { SSA } from "./ssa.ts";
import type { CaseFolder, CaseSet, Judged, LeftOut } from "./types.ts";

export const SETS: readonly CaseSet[] = [HEALTH, SSA, SEEDS, STRATEGIC, JSON_MERGE, OPENAPI];

/** What one set came to. `cases` is right, wrong and on purpose together; what is left out is no case. */
export interface SetResult {
  readonly name: string;
  readonly cases: number;
  readonly right: number;
  readonly wrong: readonly LeftOut[];
  readonly onPurpose: readonly LeftOut[];
  readonly leftOut: readonly LeftOut[];
}

/** The shape of `--json`. */
export interface FolderResult {
  readonly folder: string;
  readonly cases: number;
  readonly right: number;
  readonly wrong: number;
  readonly onPurpose: number;
  readonly sets: readonly SetResult[];
  /** Sets of which the folder has no file. */
  readonly skipped: readonly string[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
}

/** Runs every set that the folder has files of. */
export async function runSets(folder: CaseFolder): Promise<FolderResult> {
  const sets: SetResult[] = [];
  const unreadable = [...folder.unreadable];
  for (const one of SETS.filter((set) => set.isIn(folder))) {
    try {
      sets.push(await runSet(one, folder));
    } catch (error) {
      // A file has the form at its top and not below; the other sets are run all the same.
      unreadable.push({ file: one.name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const sum = (count: (set: SetResult) => number) => sets.reduce((total, set) => total + count(set), 0);
  return {
    folder: folder.root,
    cases: sum(({ cases }) => cases),
    right: sum(({ right }) => right),
    wrong: sum(({ wrong }) => wrong.length),
    onPurpose: sum(({ onPurpose }) => onPurpose.length),
    sets,
    skipped: SETS.filter((one) => !one.isIn(folder)).map(({ name }) => name),
    unreadable,
  };
}

export async function runSet(set: CaseSet, folder: CaseFolder): Promise<SetResult> {
  const { cases, leftOut } = await set.judge(folder);
  const wrong: LeftOut[] = [];
  const onPurpose: LeftOut[] = [];
  for (const one of cases) {
    if (one.wrong === undefined) continue;
    const why = reasonFor(set.name, one);
    if (why === undefined) wrong.push({ name: one.name, why: one.wrong });
    else onPurpose.push({ name: one.name, why });
  }
  const right = cases.length - wrong.length - onPurpose.length;
  return { name: set.name, cases: cases.length, right, wrong, onPurpose, leftOut };
}

type Listed = { readonly [name: string]: { readonly answer: string; readonly why: string } };
const LISTED: { readonly [set: string]: Listed } = ON_PURPOSE;

/** Listed with the very answer that we give: another wrong answer is wrong. */
export function reasonFor(set: string, { name, answer }: Judged): string | undefined {
  const listed = LISTED[set]?.[name];
  return listed !== undefined && listed.answer === answer ? listed.why : undefined;
}

/** Names of a set that are listed as answered otherwise on purpose. */
export function listedFor(set: string): readonly string[] {
  return Object.keys(LISTED[set] ?? {});
}
