import type {
  ApplicationStatus,
  DriftEpisode,
  FieldChange,
  IgnoreRule,
  LeftField,
  Plan,
  PlanStep,
  ResourceStatus,
} from "../../src/model/index.ts";
import { deployment, outcome, pass, problem, status } from "../report/statuses.ts";

/** Nouns with every field that they can have, so that an answer that loses one is seen. */
const ref = deployment("web");
const origin = { repo: "https://git.example/shop.git", revision: "b".repeat(40), file: "apps/web/web.yaml", line: 3 };
const revision = "b".repeat(40);
/** Of a wait that begins only then no time has passed. */
export const STILL_TO_COME = "2999-01-01T00:00:00.000Z";

export const FULL_CHANGE: FieldChange = {
  path: "/spec/template/spec/containers[name=web]",
  pointer: "/spec/template/spec/containers/0",
  desired: { image: "web:1", args: ["a", 1, true, null], resources: {} },
  live: null,
  base: [],
  class: "conflict",
  manager: "kubectl-edit",
  operation: "Update",
  subresource: "scale",
  time: "2026-01-01T00:00:00Z",
  coOwners: [{ manager: "helm", operation: "Apply", subresource: "scale", time: "2026-01-01T00:00:00Z" }],
  likely: [{ manager: "kubectl" }, {}],
  policy: "count",
};

const FULL_LEFT: LeftField = {
  path: "/spec/replicas",
  pointer: "/spec/replicas",
  desired: 2,
  live: 5,
  to: "HorizontalPodAutoscaler web",
  reason: "it scales the object",
  source: "built-in",
};

export const FULL_RESOURCE: ResourceStatus = {
  ref,
  stage: "workloads",
  sync: "Diverged",
  health: { status: "Progressing", message: "1/2 replicas updated" },
  changes: [FULL_CHANGE],
  left: [FULL_LEFT],
  origin,
  problem: problem(),
  warnings: ["v1beta1 is deprecated"],
  unconfirmed: "the server was not asked",
  waiting: "waits 8 s before healing",
  waitingSince: STILL_TO_COME,
  evidence: {
    at: "2026-01-01T00:00:30.000Z",
    events: [{ ref, reason: "BackOff", message: "Back-off", count: 3, lastSeen: "2026-01-01T00:00:00Z" }],
    logs: [{ namespace: "shop", pod: "web-0", container: "web", previous: true, command: "kubectl logs" }],
  },
};

const END = { how: "reverted", at: "2026-01-01T00:02:00.000Z", pass: 3, by: { manager: "ann" } } as const;
const FULL_RULE: IgnoreRule = {
  group: "apps",
  kind: "Deployment",
  namespace: "shop",
  name: "web",
  path: "/spec/replicas",
  jsonPath: ".spec.replicas",
  manager: "foo-operator",
  reason: "left to foo-operator",
};

/** Every field that an open episode can have. */
export const FULL_EPISODE: DriftEpisode = {
  ref,
  change: FULL_CHANGE,
  firstSeen: "2026-01-01T00:00:00.000Z",
  lastSeen: "2026-01-01T00:01:00.000Z",
  count: 7,
  fight: {
    times: 7,
    message: "foo-operator has changed it 7 times within 5 minutes",
    healsAt: "2026-01-01T00:01:08.000Z",
    rule: FULL_RULE,
  },
};

export const FULL_ENDED: DriftEpisode = {
  ...FULL_EPISODE,
  change: { ...FULL_CHANGE, path: "/spec/paused" },
  end: END,
};

const step: PlanStep = {
  ref,
  action: "update",
  stage: "workloads",
  wave: -1,
  reason: "replicas moved in the cluster",
  changes: [FULL_CHANGE],
  origin,
  hash: "c".repeat(64),
  problem: problem(),
};

export const FULL_PLAN: Plan = {
  application: "shop/web",
  revision,
  hash: "d".repeat(64),
  setHash: "e".repeat(64),
  steps: [step],
  prunes: [{ ...step, action: "prune", uid: "1234" }],
  withheld: [{ ref, guard: "limit", reason: "more than 50% of 4 objects" }],
  inventory: {
    id: "applyset-x-v1",
    parent: { group: "", version: "v1", kind: "ConfigMap", namespace: "plumbline-system", name: "shop.web" },
    before: { groupKinds: ["Deployment.apps", "Service"], namespaces: ["shop"] },
    after: { groupKinds: ["Deployment.apps"], namespaces: ["shop"] },
    current: { groupKinds: ["Service"], namespaces: [], appliedSet: "f".repeat(64), appliedRevision: revision },
  },
  ensureNamespace: "shop",
};

const fullPass = pass(7, {
  outcomes: [outcome(ref, { outcome: "failed", message: "not tried", problem: problem(), warnings: ["old"] })],
  by: "ann",
  plan: {
    hash: "d".repeat(64),
    setHash: "e".repeat(64),
    actions: { create: 1, update: 2, adopt: 3, prune: 4, run: 5 },
  },
  problem: problem(),
});

export const FULL_STATUS: ApplicationStatus = {
  madeBy: "default/shop",
  project: "shop",
  cluster: "prod-eu",
  serviceAccount: "shop/deployer",
  ...status("shop/web"),
  sync: { status: "Diverged", message: "both moved" },
  health: { status: "Progressing", message: "1/2 replicas updated", decidedBy: ref },
  source: {
    repo: origin.repo,
    ref: "main",
    path: "apps/web",
    revision,
    newest: "c".repeat(40),
    author: "Ada <ada@example>",
    subject: "Scale up",
    checkedAt: "2026-01-01T00:00:00Z",
    stale: { since: "2026-01-01T00:00:00Z", problem: problem() },
  },
  pin: { revision, reason: "bad release", by: "ann", at: "2026-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z" },
  suspended: { reason: "maintenance", by: "ben", at: "2026-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z" },
  resources: [FULL_RESOURCE],
  drift: [FULL_EPISODE, FULL_ENDED],
  plan: FULL_PLAN,
  lastPass: fullPass,
  lastSync: fullPass,
  problems: [problem()],
  warnings: ["v1beta1 is deprecated"],
  waiting: "for shop/database, 12s now",
  waitingSince: STILL_TO_COME,
  nextPassAt: "2026-01-01T00:01:00Z",
};
