import type { JsonObject, LiveObject } from "../../model/index.ts";
import type { Controller, Stage } from "./controller.ts";
import { listOf, numberOf, partOf, stampOf, textOf, withCondition, writeStatus } from "./fields.ts";
import { createPod, deletePod, ownedBy, PODS, phaseOf } from "./owned.ts";

/** Pods until as many have succeeded as are asked for, or more have failed than are allowed. */
export const jobs: Controller = {
  kind: { group: "batch", kind: "Job" },
  reconcile(job, stage) {
    const status = partOf(job, "status");
    if (job.metadata.deletionTimestamp !== undefined || isFinished(status)) return undefined;
    const spec = partOf(job, "spec");
    const pods = ownedBy(stage, job, PODS);
    const count = (phase: string): number => pods.filter((pod) => phaseOf(pod) === phase).length;
    const [succeeded, failed] = [count("Succeeded"), count("Failed")];
    const active = pods.filter((pod) => phaseOf(pod) !== "Succeeded" && phaseOf(pod) !== "Failed");
    const numbers = { wanted: numberOf(spec, "completions", 1), succeeded, failed, active: active.length };
    if (spec["suspend"] === true) for (const pod of active) deletePod(stage, job, pod);
    else if (failed <= numberOf(spec, "backoffLimit", 6)) startMore(job, numbers, stage);
    return report(job, numbers, stage);
  },
};

interface Numbers {
  readonly wanted: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly active: number;
}

function isFinished(status: JsonObject): boolean {
  return listOf(status, "conditions").some(
    ({ type, status: is }) => (type === "Complete" || type === "Failed") && is === "True",
  );
}

function startMore(job: LiveObject, { wanted, succeeded, active }: Numbers, stage: Stage): void {
  const spec = partOf(job, "spec");
  const room = Math.min(numberOf(spec, "parallelism", 1), wanted - succeeded) - active;
  const template = partOf(spec, "template");
  for (let at = 0; at < room; at++) createPod(stage, { owner: job, template, name: `${job.metadata.name}-` });
}

function report(job: LiveObject, { wanted, succeeded, failed }: Numbers, stage: Stage): undefined {
  const time = stampOf(stage);
  const before = partOf(job, "status");
  const spec = partOf(job, "spec");
  const running = ownedBy(stage, job, PODS).filter(
    (pod) => phaseOf(pod) !== "Succeeded" && phaseOf(pod) !== "Failed",
  ).length;
  const shared = {
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(failed === 0 ? {} : { failed }),
    ...(running === 0 ? {} : { active: running }),
  };
  const { active: _1, succeeded: _2, failed: _3, ...rest } = before;
  if (spec["suspend"] === true) {
    const conditions = withCondition(
      listOf(before, "conditions"),
      { type: "Suspended", status: "True", reason: "JobSuspended", message: "Job suspended" },
      { time },
    );
    writeStatus(stage, job, { ...rest, ...shared, conditions });
    return undefined;
  }
  const startTime = textOf(before, "startTime") || time;
  const outcome = outcomeOf(job, { wanted, succeeded, failed });
  const conditions = outcome.reduce(
    (all, condition) => withCondition(all, condition, { time }),
    listOf(before, "conditions"),
  );
  const completed = outcome.some(({ type }) => type === "Complete") ? { completionTime: time } : {};
  const written = writeStatus(stage, job, {
    ...rest,
    ...shared,
    ready: 0,
    startTime,
    ...completed,
    ...(conditions.length === 0 ? {} : { conditions }),
  });
  const [last] = outcome.slice(-1);
  if (written && last !== undefined) {
    const failure = last.type === "Failed";
    const message = failure ? "Job has reached the specified backoff limit" : "Job completed";
    stage.tell(job, {
      type: failure ? "Warning" : "Normal",
      reason: failure ? "BackoffLimitExceeded" : "Completed",
      message,
      by: "job-controller",
    });
  }
  return undefined;
}

interface Outcome {
  readonly type: string;
  readonly status: "True";
  readonly reason: string;
  readonly message: string;
}

function outcomeOf(job: LiveObject, { wanted, succeeded, failed }: Omit<Numbers, "active">): readonly Outcome[] {
  if (succeeded >= wanted) {
    const words = {
      status: "True",
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    } as const;
    return [
      { type: "SuccessCriteriaMet", ...words },
      { type: "Complete", ...words },
    ];
  }
  if (failed <= numberOf(partOf(job, "spec"), "backoffLimit", 6)) return [];
  const words = {
    status: "True",
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
  } as const;
  return [
    { type: "FailureTarget", ...words },
    { type: "Failed", ...words },
  ];
}
