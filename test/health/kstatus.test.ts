import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import type { HealthStatus, LiveObject } from "../../src/model/index.ts";

const FILE = join(
  process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../shared/conformance"),
  "health/kstatus.json",
);

interface Case {
  readonly name: string;
  readonly object: LiveObject;
  readonly expectedStatus: string;
}

/** kstatus knows no pause: what we call Suspended is current or on its way there. */
const MEANS: { readonly [status: string]: readonly HealthStatus[] } = {
  Current: ["Healthy", "Suspended"],
  InProgress: ["Progressing"],
  Failed: ["Degraded"],
  Terminating: ["Progressing"],
  NotFound: ["Missing"],
  Unknown: ["Unknown"],
};

/** Where we differ on purpose, and why. */
const OTHERWISE: { readonly [name: string]: { readonly status: HealthStatus; readonly why: string } } = {
  "TestJobStatus/jobInProgress": {
    status: "Progressing",
    why: "a Job is done when it is complete; kstatus is content when it has started",
  },
  "TestPodStatus/podCompletedFailed": {
    status: "Degraded",
    why: "a Pod that failed did not do its work; kstatus calls it current since it will not change",
  },
  "TestPodStatus/podUnschedulable": {
    status: "Progressing",
    why: "a node may come; kstatus gives up after 15 seconds by the clock, and we read none",
  },
  "TestReplicasetStatus/rsReplicaFailure": {
    status: "Degraded",
    why: "the controller says that it cannot make Pods, and why",
  },
  "TestServiceStatus/serviceLBok": {
    status: "Progressing",
    why: "no address yet; kstatus is content with a cluster IP",
  },
};

test.skipIf(!existsSync(FILE))(
  "kstatus' verdicts are ours, but for those listed here with a reason (needs the conformance folder)",
  () => {
    const cases = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Case[]) : [];
    const wrong = cases.flatMap(({ name, object, expectedStatus }) => {
      const { status, message } = assess(object);
      const right =
        OTHERWISE[name] === undefined
          ? MEANS[expectedStatus]?.includes(status) === true
          : OTHERWISE[name].status === status;
      return right ? [] : [`${name}: ${status} (${message}), kstatus: ${expectedStatus}`];
    });
    expect(wrong).toEqual([]);
  },
);
