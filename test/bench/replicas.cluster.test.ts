import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { programCommand } from "../program/index.ts";
import { measureSharedFleet } from "./shared-fleet/measure-shared-fleet.ts";
import { table } from "./shared-fleet/print.ts";

describeCluster("the benchmark of a fleet over replicas", () => {
  test("measures a small one over two: three writes an application by one replica each, one webhook for a commit, and nothing lost when one dies", async () => {
    const results = await measureSharedFleet({
      controlPlane: sharedControlPlane(),
      ...{ applications: 8, replicas: 2, touched: 4, interval: "2s", env: {}, say: () => undefined },
      command: programCommand(),
    });
    expect(results.shares.reduce((all, { applications }) => all + applications, 0)).toBe(8);
    for (const { livesMiB, settledMiB, peakMiB } of results.shares) {
      expect(livesMiB).toBeGreaterThan(1);
      expect(peakMiB).toBeGreaterThanOrEqual(settledMiB);
    }
    expect(results.first).toMatchObject({ kube: { apply: expect.any(Number) }, leases: expect.any(Number) });
    expect(results.first.writes).toBeGreaterThanOrEqual(3 * 8);
    expect(results.commit).toMatchObject({ touched: 4, writtenByTwo: 0 });
    expect(results.commit.writes).toBeGreaterThanOrEqual(4);
    expect(results.death?.seconds).toBeGreaterThan(0);
    expect(table([results])).toContain("| what lives in a replica, after a collection |");
    expect(JSON.stringify(results)).not.toMatch(/null|NaN/);
  });
});
