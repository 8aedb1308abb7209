import { type Pin, PlumblineError } from "../model/index.ts";
import { type SyncRecord, syncsNewestFirst } from "../report/index.ts";
import type { Resolution } from "../source/index.ts";
import type { RecordsElsewhere } from "./instruction-control.ts";
import type { PassInput } from "./pass-input.ts";

interface Candidates {
  /** What was asked for. */
  readonly asked: string | undefined;
  /** In force now. */
  readonly pin: Pin | undefined;
  /** What the parent says was applied whole: until the first pass of this process has ended nothing else is known. */
  readonly applied: string | undefined;
  /** The newest first. */
  readonly records: readonly SyncRecord[];
}

/** The whole name of the revision to pin, which is here when it is answered. Errors: PL-ROLLBACK-TARGET; PL-GIT-*, PL-CHART-*, PL-PATH-MISSING. */
export async function rollbackTarget(input: PassInput, { asked, pin, applied, records }: Candidates): Promise<string> {
  const { application, settings, memory, name, signal } = input;
  const own = application.spec.source;
  if (asked === undefined && pin !== undefined) throw alreadyPinned(name, pin);
  const current = memory.status?.plan?.setHash ?? applied;
  const wanted = asked === undefined ? lastGood(name, { records, current }) : wholeId(name, asked, records);
  const resolution = await resolved(wanted, () => settings.source.resolve({ ...own, ref: wanted }, signal));
  await settings.source.snapshot(own, resolution, signal);
  return resolution.revision;
}

/** Of all processes, the newest first. Errors: PL-ROLLBACK-TARGET where the one that is meant may be one that nobody can tell now. */
export function knownSyncs(
  name: string,
  { own, elsewhere = { records: [], away: [] }, asked }: KnownSyncs,
): readonly SyncRecord[] {
  const { records, away } = elsewhere;
  if (asked !== undefined || away.length === 0) return syncsNewestFirst([...own, ...records]);
  throw new PlumblineError("PL-ROLLBACK-TARGET", {
    message: `replica ${away.join(" and ")}, which may know of syncs of ${name}, does not answer`,
    where: name,
    next: "ask again in a few seconds, or name the revision",
  });
}

interface KnownSyncs {
  readonly own: readonly SyncRecord[];
  readonly elsewhere: RecordsElsewhere | undefined;
  /** The revision that was named. */
  readonly asked: string | undefined;
}

async function resolved(wanted: string, ask: () => Promise<Resolution>): Promise<Resolution> {
  try {
    return await ask();
  } catch (error) {
    if (!SHORT_ID.test(wanted) || !(error instanceof PlumblineError) || error.code !== "PL-GIT-REF-MISSING")
      throw error;
    const { code, message, where = "" } = error;
    const next =
      "give all 40 digits of the commit: the beginning of an id is known only of what was applied here lately";
    throw new PlumblineError(code, { message, where, next });
  }
}

/** Other than what is applied now, and older: the newest with which the application was well. */
export function lastGood(
  name: string,
  { records, current }: { readonly records: readonly SyncRecord[]; readonly current: string | undefined },
): string {
  const now = records.findIndex(({ plan }) => plan !== undefined && plan.setHash === current);
  const older = records.slice(now + 1).filter(({ plan }) => plan?.setHash !== current);
  const found = older.find(({ good, revision }) => good && revision !== undefined);
  if (found?.revision !== undefined) return found.revision;
  const message =
    records.length === 0
      ? `no sync of ${name} is known: its history was lost, or it was never synced`
      : `of the ${records.length} syncs of ${name} that are known, none before the current one left it Synced and Healthy`;
  throw new PlumblineError("PL-ROLLBACK-TARGET", { message, where: name });
}

const SHORT_ID = /^[0-9a-f]{4,39}$/i;

/** The beginning of a commit's id means what the history has of that beginning: the mirror holds no history of the repository. Anything else means itself. */
export function wholeId(name: string, asked: string, records: readonly SyncRecord[]): string {
  if (!SHORT_ID.test(asked)) return asked;
  const known = records.flatMap(({ revision }) =>
    revision?.startsWith(asked.toLowerCase()) === true ? [revision] : [],
  );
  const [first = asked, ...others] = new Set(known);
  if (others.length === 0) return first;
  const message = `${asked} is the beginning of ${others.length + 1} revisions in the history of ${name}`;
  throw new PlumblineError("PL-ROLLBACK-TARGET", { message, where: name, next: "name more of its digits" });
}

function alreadyPinned(name: string, { revision, by }: Pin): PlumblineError {
  return new PlumblineError("PL-ROLLBACK-TARGET", {
    message: `${name} is pinned to ${revision.slice(0, 12)} by ${by} already, so that "the one before" says too little`,
    where: name,
    next: "name the revision; `plumb history APP` lists those that were applied",
  });
}
