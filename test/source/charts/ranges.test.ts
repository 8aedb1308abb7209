import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { parseRange, parseVersion } from "../../../src/source/charts/version-range.ts";
import { BUILD_MS, registryAvailability, registryProgram, run } from "../../chart-registry/index.ts";

/** As the program says it: null where either is none. */
function ours([range, version]: readonly [string, string]): boolean | null {
  const [parsed, candidate] = [parseRange(range), parseVersion(version)];
  return parsed === undefined || candidate === undefined ? null : parsed.includes(candidate);
}

const BASES = [
  "1",
  "1.2",
  "1.2.3",
  "0",
  "0.0",
  "0.0.0",
  "0.0.3",
  "0.2",
  "0.2.3",
  "2",
  "10.0",
  "1.x",
  "1.2.x",
  "x",
  "*",
  "1.X.3",
];
const MORE = [
  "1.2.3-beta.1",
  "1-0",
  "1.2-alpha",
  "*-0",
  "v1.2.3",
  "1.2.3+build",
  "01.2.3",
  "1.2.3-01",
  "1.2.3.4",
  "latest",
  "",
];
const OPERATORS = ["", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "> ", "!"];
const WHOLE = [
  "1.2 - 1.4",
  "1.2.3 - 2",
  "1 - 2 || 4 - 5",
  ">=1 <2",
  ">=1, <2",
  ">=1,<2",
  ">= 1 , < 2",
  ">=1<2",
  ">1 || <0.3",
  "^1 || ^2",
  ",>1",
  ">1,",
  " ^1 ",
  "1.2 -1.4",
  "1.2- 1.4",
  "^1 ^2",
  ">=1.2.3-alpha <1.2.4",
  ">=1 !=1.2.3",
  "||",
  "1 ||",
  "~1.2.x",
  "=1.2",
  "!=1.x",
  "!=1.2.x-0",
  "^1.2.3-rc.1",
  "<1.2.3-rc.2",
  "<2-0",
  "v1 - v2",
  "3.x 1 - 2",
  "1.2.3 , 1.2.3",
  "x.2.3",
  "1||2",
  "  ",
  "1 2",
  "^0.0.0",
  "~0.0.0",
  "99999999999999999999",
];
const VERSIONS = [
  "0.0.0",
  "0.0.1",
  "0.0.3",
  "0.0.4",
  "0.1.0",
  "0.2.0",
  "0.2.3",
  "0.2.9",
  "0.3.0",
  "1.0.0",
  "1.2.0",
  "1.2.2",
  "1.2.3",
  "1.2.4",
  "1.3.0",
  "1.4.0",
  "1.4.9",
  "1.5.0",
  "2.0.0",
  "2.1.0",
  "3.0.0",
  "4.5.6",
  "10.0.0",
  "11.0.0",
  "1.2.3-alpha",
  "1.2.3-beta.1",
  "1.2.3-rc.1",
  "1.2.3-rc.2",
  "1.2.4-0",
  "1.0.0-0",
  "2.0.0-rc.1",
  "0.0.0-0",
  "1.2.3+build",
  "1.2.3+other",
  "v1.2.3",
  "1.2",
  "1",
  "01.2.3",
  "1.2.3-01",
  "1.2.3.4",
  "latest",
  "",
  "1.2.3-",
  "1.2.3+",
];

const availability = registryAvailability();

describe.skipIf(!availability.available)("ranges mean what they mean to Helm", () => {
  let program = "";
  beforeAll(async () => {
    program = await registryProgram();
  }, BUILD_MS);

  const expectSame = async (pairs: readonly (readonly [string, string])[]): Promise<void> => {
    const theirs: unknown = JSON.parse(await run(program, ["ranges"], JSON.stringify(pairs)));
    const lines = (answers: unknown) =>
      Array.isArray(answers) ? pairs.map((pair, index) => `${pair.join("  ")}  ${answers[index]}`) : [];
    expect(lines(pairs.map(ours))).toEqual(lines(theirs));
  };

  test("for every operator with every kind of version, and for ranges of several conditions", async () => {
    const ranges = [...OPERATORS.flatMap((operator) => [...BASES, ...MORE].map((base) => operator + base)), ...WHOLE];
    await expectSame(ranges.flatMap((range) => VERSIONS.map((version) => [range, version] as const)));
  });

  test("for ranges put together at random", async () => {
    const number = fc.constantFrom("0", "1", "2", "x", "*");
    const pre = fc.constantFrom("", "", "", "-0", "-rc.1");
    const version = fc
      .tuple(fc.array(number, { minLength: 1, maxLength: 3 }), pre)
      .map(([parts, tail]) => parts.join(".") + tail);
    const condition = fc.tuple(fc.constantFrom(...OPERATORS), version).map((parts) => parts.join(""));
    const group = fc
      .array(condition, { minLength: 1, maxLength: 3 })
      .chain((all) => fc.constantFrom(" ", ", ", ",", " - ").map((separator) => all.join(separator)));
    const range = fc.array(group, { minLength: 1, maxLength: 2 }).map((groups) => groups.join(" || "));
    const exact = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), pre).map(([a, b, c, tail]) => `${a}.${b}.${c}${tail}`);
    await expectSame(fc.sample(fc.tuple(range, exact), { numRuns: 20_000, seed: 7 }));
  });
});

test("a range that is longer than a range can be is none, at once", () => {
  expect(parseRange(`>=1 ${"|| >=1 ".repeat(200)}`)).toBeUndefined();
  expect(parseRange(Array.from({ length: 33 }, () => "1").join("||"))).toBeUndefined();
  expect(parseRange("1-".repeat(250))).toBeUndefined();
});
