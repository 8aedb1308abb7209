import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSet, SSA } from "../../conformance/index.ts";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { SCENARIOS } from "./generated.ts";
import { Recorder } from "./record.ts";

/** The same ones in every run of the suite; by hand others, and more: GENERATED=500. */
const { GENERATED } = process.env;
const CHOICE = GENERATED === undefined ? { numRuns: 25, seed: 1 } : { numRuns: Number(GENERATED) };

describeCluster("whatever is applied and edited", () => {
  let recorder: Recorder;
  let schemas: unknown;
  beforeAll(async () => {
    recorder = await Recorder.open(sharedControlPlane());
    schemas = await recorder.schemas();
  });
  afterAll(async () => {
    await recorder[Symbol.asyncDispose]();
  });

  test("our diff is what the real server would change, and nothing remembered hides any of it", async () => {
    let count = 0;
    const property = fc.asyncProperty(SCENARIOS, async (made) => {
      const recorded = await recorder.record(made(`g${++count}`));
      const files = [
        { path: "generated.json", value: recorded },
        { path: "openapi.json", value: schemas },
      ];
      const { wrong } = await runSet(SSA, { root: "", files, unreadable: [] });
      expect(wrong, JSON.stringify(recorded)).toEqual([]);
    });
    await fc.assert(property, { ...CHOICE, interruptAfterTimeLimit: 90_000 });
  });
});
