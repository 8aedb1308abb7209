import { beforeAll, describe, expect, test } from "vitest";
import { type Engine, type RenderCase, readCases } from "./case-file.ts";
import { differences } from "./differences.ts";
import { type UpstreamPrograms, upstreamAvailability, upstreamPrograms } from "./programs.ts";
import { renderHere } from "./render-here.ts";
import { askUpstream, objectsOf, unmet } from "./upstream-side.ts";
import { workingCopy } from "./working-copy.ts";

/** Builds the programs where that was not done before. */
const BUILD_MS = 900_000;

/**
 * One test for each case of an engine: the upstream program and src/render say the same. Where the programs cannot be had one
 * skipped test stands for all of them and says how to get them; on a build machine (CI=true) that is a failure.
 */
export function compareCases(engine: Engine, more: readonly RenderCase[] = []): void {
  const availability = upstreamAvailability();
  if (!availability.available) {
    if (process.env["CI"] === "true") throw new Error(availability.reason);
    describe.skip(engine, () => test(availability.reason, () => undefined));
    return;
  }
  let programs: UpstreamPrograms;
  beforeAll(async () => {
    programs = await upstreamPrograms();
  }, BUILD_MS);
  test.each([...readCases(engine), ...more])("$id: $what", (of) => compare(of, programs));
}

async function compare(of: RenderCase, programs: UpstreamPrograms): Promise<void> {
  await using copy = await workingCopy(of, programs);
  const answer = await askUpstream(of, copy, programs);
  expect(unmet(of, answer)).toEqual([]);
  const here = await renderHere(of, copy);
  if (of.fails) {
    expect(here.codes).not.toEqual([]);
    if (of.code !== undefined) expect(here.codes).toContain(of.code);
    return;
  }
  expect(here.problems).toEqual([]);
  expect(differences(objectsOf(answer), here.objects)).toEqual([]);
  if (of.warns !== undefined) expect(here.warnings.join("\n")).toContain(of.warns);
}
