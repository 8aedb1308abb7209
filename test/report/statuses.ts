import type {
  ApplicationStatus,
  DriftEpisode,
  FieldChange,
  PassStatus,
  Problem,
  Ref,
  ResourceStatus,
  StepOutcome,
} from "../../src/model/index.ts";

/** Small values for tests: each builder gives a whole, plausible noun, and takes what the test is about. */
export function deployment(name: string, namespace = "shop"): Ref {
  return { group: "apps", version: "v1", kind: "Deployment", namespace, name };
}

export function change(over: Partial<FieldChange> = {}): FieldChange {
  return {
    path: "/spec/replicas",
    pointer: "/spec/replicas",
    desired: 2,
    live: 5,
    class: "drift",
    manager: "kubectl-edit",
    ...over,
  };
}

export function resource(ref: Ref, changes: readonly FieldChange[] = []): ResourceStatus {
  return {
    ref,
    stage: "workloads",
    sync: changes.length === 0 ? "Synced" : "Drifted",
    health: { status: "Healthy", message: "2/2 replicas available" },
    changes,
    warnings: [],
  };
}

export function status(name: string, over: Partial<ApplicationStatus> = {}): ApplicationStatus {
  const [namespace = "", own = ""] = name.split("/");
  return {
    namespace,
    name: own,
    sync: { status: "Synced", message: "2 objects are as Git wants them" },
    health: { status: "Healthy", message: "all objects are healthy" },
    source: { repo: "https://git.example/shop.git", ref: "main", path: "apps/web", revision: "a".repeat(40) },
    resources: [],
    drift: [],
    problems: [],
    warnings: [],
    ...over,
  };
}

export const TIME = "2026-01-01T00:00:00.000Z";

export function episode(over: Partial<DriftEpisode> = {}): DriftEpisode {
  return { ref: deployment("web"), change: change(), firstSeen: TIME, lastSeen: TIME, count: 1, ...over };
}

export function drifted(name: string, changes: readonly FieldChange[] = [change()]): ApplicationStatus {
  const followed = changes.filter((one) => one.class !== "pending");
  return status(name, {
    sync: { status: "Drifted", message: "1 field was changed in the cluster" },
    resources: [resource(deployment("web"), changes)],
    drift: followed.map((one) => episode({ change: one })),
  });
}

export function outcome(ref: Ref, over: Partial<StepOutcome> = {}): StepOutcome {
  return { ref, action: "update", outcome: "configured", stage: "workloads", warnings: [], durationMs: 3, ...over };
}

export function pass(id: number, over: Partial<PassStatus> = {}): PassStatus {
  return {
    id,
    trigger: "commit",
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T00:00:00.230Z",
    durationMs: 230,
    revision: "b".repeat(40),
    outcomes: [],
    ...over,
  };
}

export function problem(over: Partial<Problem> = {}): Problem {
  return {
    code: "PL-YAML-TAB",
    message: "a tab where YAML wants spaces",
    where: "apps/web/deploy.yaml:14",
    next: "replace the tab",
    retry: "revision",
    ...over,
  };
}
