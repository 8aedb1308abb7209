import semver, { type SemVer } from "semver";

/**
 * Ranges of versions as Helm reads them. node-semver differs: it knows no commas and no "=>", takes prereleases of one version only,
 * and reads "1.2 - 1.4", "~0.0.0" and ranges with a missing part otherwise.
 * Source: github.com/Masterminds/semver/v3, the rules beside each operator; test/source/charts compares with it.
 */
export interface VersionRange {
  includes(version: SemVer): boolean;
}

/** One condition: `>=1.2` has the parts 1 and 2. */
interface Condition {
  readonly operator: string;
  /** What is left out is 0. */
  readonly version: SemVer;
  /** How many of major, minor and patch are given: 0 to 3. */
  readonly given: number;
}

/** As Masterminds has them: a range of a stranger's Chart.yaml must not cost more than it is worth. */
const MAX_LENGTH = 512;
const MAX_GROUPS = 32;

const PART = String.raw`(?:\d+|[xX*])`;
const LABELS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = `v?${PART}(?:\\.${PART})?(?:\\.${PART})?(?:-${LABELS})?(?:\\+${LABELS})?`;
const HYPHEN = new RegExp(`\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`, "g");
const CONDITION = new RegExp(`\\s*(!=|>=|=>|<=|=<|~>|=|>|<|~|\\^|)\\s*(${VERSION})`, "y");

/** Undefined for what is no range. */
export function parseRange(text: string): VersionRange | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const parts = text.replace(HYPHEN, ">= $1, <= $2 ").split("||");
  if (parts.length > MAX_GROUPS) return undefined;
  const groups: Condition[][] = [];
  for (const part of parts) {
    const group = parseGroup(part);
    if (group === undefined) return undefined;
    groups.push(group);
  }
  return { includes: (version) => groups.some((group) => holds(group, version)) };
}

/** A version as Helm reads one: "v1.2.3" and "1.2" count too. */
export function parseVersion(text: string): SemVer | undefined {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.exec(text);
  if (match === null) return undefined;
  const [, major, minor = "0", patch = "0", pre = "", build = ""] = match;
  return semver.parse(`${Number(major)}.${Number(minor)}.${Number(patch)}${pre}${build}`) ?? undefined;
}

/** Conditions that must all hold, with spaces or commas between them. */
function parseGroup(text: string): Condition[] | undefined {
  const conditions: Condition[] = [];
  let rest = 0;
  for (;;) {
    CONDITION.lastIndex = rest;
    const match = CONDITION.exec(text);
    const condition = match === null ? undefined : parseCondition(match[1] ?? "", match[2] ?? "");
    if (condition === undefined) return undefined;
    conditions.push(condition);
    rest = CONDITION.lastIndex;
    const separator = /^(\s*,\s*|\s+)/.exec(text.slice(rest))?.[0] ?? "";
    rest += separator.length;
    if (rest === text.length) return separator.includes(",") ? undefined : conditions;
    if (separator === "") return undefined;
  }
}

function parseCondition(operator: string, text: string): Condition | undefined {
  const [, core = "", pre = "", build = ""] = /^v?([^-+]*)(-[^+]*)?(\+.*)?$/.exec(text) ?? [];
  const numbers = core.split(".");
  const unknown = numbers.findIndex((one) => !/^\d+$/.test(one));
  const given = unknown < 0 ? numbers.length : unknown;
  const [major = 0, minor = 0, patch = 0] = numbers.slice(0, given).map(Number);
  const version = semver.parse(`${major}.${minor}.${patch}${pre}${given === 3 ? build : ""}`);
  return version === null ? undefined : { operator, version, given };
}

/** A prerelease is in no range that does not name one. */
function holds(group: readonly Condition[], version: SemVer): boolean {
  const named = group.some((one) => one.version.prerelease.length > 0);
  if (version.prerelease.length > 0 && !named) return false;
  return group.every((one) => OPERATORS[one.operator]?.(version, one) === true);
}

type Test = (version: SemVer, condition: Condition) => boolean;

const compare = (version: SemVer, { version: wanted }: Condition): number => version.compare(wanted);

const tilde: Test = (version, condition) => {
  const { version: wanted, given } = condition;
  if (compare(version, condition) < 0) return false;
  // Everything is near 0.0.0, which `*` stands for too.
  if (isZero(wanted) && given !== 1 && given !== 2) return true;
  return version.major === wanted.major && (given === 1 || version.minor === wanted.minor);
};

/** With a part left out, "1.2" is all of 1.2. */
const equal: Test = (version, condition) =>
  condition.given === 3 ? compare(version, condition) === 0 : tilde(version, condition);

const unequal: Test = (version, condition) => {
  const { version: wanted, given } = condition;
  if (given === 3) return compare(version, condition) !== 0;
  if (version.major !== wanted.major) return true;
  if (given === 1) return false;
  if (version.minor !== wanted.minor) return true;
  if (given === 2) return (version.prerelease.length > 0 || wanted.prerelease.length > 0) && !samePre(version, wanted);
  return version.patch !== wanted.patch || compare(version, condition) !== 0;
};

/** ">1.2" begins at 1.3, and ">1" at 2. */
const greater: Test = (version, condition) => {
  const { version: wanted, given } = condition;
  if (given === 0 || given === 3 || version.major !== wanted.major) return byMajor(version, condition);
  return given === 2 && version.minor > wanted.minor;
};

function byMajor(version: SemVer, condition: Condition): boolean {
  if (condition.given === 3) return compare(version, condition) > 0;
  const { major } = condition.version;
  return version.major === major ? compare(version, condition) > 0 : version.major > major;
}

/** "<=1.2" ends with 1.2, and "<=1" with 1. */
const atMost: Test = (version, condition) => {
  const { version: wanted, given } = condition;
  if (given === 3) return compare(version, condition) <= 0;
  if (version.major !== wanted.major) return version.major < wanted.major;
  return given === 1 || version.minor <= wanted.minor;
};

/** Up to the next change of the first number that is not 0; of those that are given, where all are 0. */
const caret: Test = (version, condition) => {
  const { version: wanted, given } = condition;
  if (compare(version, condition) < 0 || version.major !== wanted.major) return false;
  if (wanted.major > 0 || given === 1) return true;
  if (version.minor !== wanted.minor) return false;
  return wanted.minor > 0 || given === 2 || version.patch === wanted.patch;
};

const atLeast: Test = (version, condition) => compare(version, condition) >= 0;
const less: Test = (version, condition) => compare(version, condition) < 0;

const OPERATORS: { readonly [operator: string]: Test } = {
  "": equal,
  "=": equal,
  "!=": unequal,
  ">": greater,
  "<": less,
  ">=": atLeast,
  "=>": atLeast,
  "<=": atMost,
  "=<": atMost,
  "~": tilde,
  "~>": tilde,
  "^": caret,
};

function isZero({ major, minor, patch }: SemVer): boolean {
  return major === 0 && minor === 0 && patch === 0;
}

function samePre(a: SemVer, b: SemVer): boolean {
  return a.comparePre(b) === 0;
}
