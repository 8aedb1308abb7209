import semver from "semver";
import { PlumblineError } from "../../model/index.ts";
import { parseRange, parseVersion } from "./version-range.ts";

/** Of a version that is not there, so many that are there are named. */
const NAMED = 5;

/** "HEAD", the default of an application's ref, and nothing at all both ask for the newest that is no prerelease. */
export function rangeOf(version: string): string {
  const text = version.trim();
  return text === "" || text === "HEAD" ? "*" : text;
}

/** Whether it names one version, with nothing left open. */
export function isExact(version: string): boolean {
  return /^v?\d+\.\d+\.\d+([-+].*)?$/.test(version) && parseVersion(version) !== undefined;
}

interface Choice<T> {
  /** Where an error says it was looked: the repository. */
  readonly repo: string;
  readonly chart: string;
  readonly range: string;
  readonly versions: readonly T[];
}

/**
 * The version of that very spelling, else the newest in the range; of two that differ in their build only, the later build.
 * Errors: PL-CHART-RANGE, PL-CHART-VERSION-MISSING with the newest few that are there. Source: Helm, IndexFile.Get.
 */
export function pickVersion<T extends { readonly version: string }>(choice: Choice<T>): T {
  const { range, versions } = choice;
  const wanted = parseRange(rangeOf(range));
  if (wanted === undefined) throw noRange(choice);
  const same = versions.find(({ version }) => version === range);
  if (same !== undefined) return same;
  let best: { of: T; version: semver.SemVer } | undefined;
  for (const of of versions) {
    const version = parseVersion(of.version);
    if (version === undefined || !wanted.includes(version)) continue;
    if (best === undefined || semver.compareBuild(version, best.version) > 0) best = { of, version };
  }
  if (best === undefined) throw missing(choice);
  return best.of;
}

function noRange({ repo, chart, range }: Choice<unknown>): PlumblineError {
  const message = `${JSON.stringify(range)}, wanted of the chart ${chart}, is neither a version nor a range`;
  return new PlumblineError("PL-CHART-RANGE", { message, where: repo });
}

function missing({ repo, chart, range, versions }: Choice<{ readonly version: string }>): PlumblineError {
  const known = versions.flatMap(({ version: name }) => {
    const version = parseVersion(name);
    return version === undefined ? [] : [{ name, version }];
  });
  known.sort((a, b) => semver.compareBuild(b.version, a.version));
  const names = known.slice(0, NAMED).map(({ name }) => name);
  const what = range === rangeOf(range) ? JSON.stringify(range) : "that is no prerelease";
  const newest = names.length === 0 ? "it has none at all" : `the newest are ${names.join(", ")}`;
  const message = `the chart ${chart} has no version ${what}; ${newest}`;
  return new PlumblineError("PL-CHART-VERSION-MISSING", { message, where: repo });
}
