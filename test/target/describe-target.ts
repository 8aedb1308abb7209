import { afterAll, describe, inject, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { isKubectlThere, stopSandboxCluster } from "./sandbox-cluster.ts";

interface Wanted {
  readonly controllers?: boolean;
}

/** describe() for tests that run on both targets. Where the target cannot be had, one skipped test says what is missing. */
export function describeTarget(name: string, body: () => void, wanted: Wanted = {}): void {
  if (inject("target") === "cluster") describeCluster(name, body, wanted);
  else if (isKubectlThere()) describeSandbox(name, body);
  else describe.skip(name, () => test("needs kubectl on the path", () => undefined));
}

function describeSandbox(name: string, body: () => void): void {
  describe(name, () => {
    afterAll(stopSandboxCluster);
    body();
  });
}
