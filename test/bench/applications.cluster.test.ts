import { join } from "node:path";
import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { measureFleet } from "./fleet/measure-fleet.ts";
import { markdown, plain } from "./fleet/print.ts";

const PLUMB = join(import.meta.dirname, "../../src/cli/main.ts");
const FIGURES = { median: expect.any(Number), p99: expect.any(Number) };

describeCluster("the benchmark of a fleet", () => {
  test("measures a small one in the shape of a large one: six writes for four objects at first, none when there is nothing to do", async () => {
    const results = await measureFleet({
      controlPlane: sharedControlPlane(),
      ...{ applications: 6, objects: 4, runs: 2, interval: "2s", command: [PLUMB], say: () => undefined },
    });
    const { discovery: _, openapi: _o, list: _l, watch: _w, get = 0, ...writes } = results.requests.cold;
    expect(writes).toEqual({ apply: 6 * 6 });
    // One list serves them all, but for a server that is as full as one which many tests share: there each object is asked for.
    expect(get).toBeLessThanOrEqual(6 * 4);
    expect(results).toMatchObject({
      cold: { objectsPerSecond: 24 / results.cold.seconds, ratioToCeiling: expect.any(Number) },
      noop: { passes: expect.any(Number) },
      commit: FIGURES,
      drift: { reported: FIGURES, healed: FIGURES },
      memory: { peakMiB: expect.any(Number) },
      cpu: { coldSeconds: expect.any(Number) },
      list: FIGURES,
    });
    // Of the server that is shared, others' parents that go are looked for by name, and watches end.
    const { get: _g, watch: _ended, list: _l2, discovery: _d2, ...asked } = results.requests.noop;
    expect(asked).toEqual({});
    for (const text of [plain(results), markdown(results)]) expect(text).toContain("nothing to all Synced");
    expect(JSON.stringify(results)).not.toMatch(/null|NaN/);
  });
});
