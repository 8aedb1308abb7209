import { type TSchema, Type } from "typebox";
import {
  ACTIONS,
  type ErrorCode,
  HEALTH_STATUSES,
  type Json,
  type LeftSource,
  OUTCOMES,
  type RetryKind,
  STAGE_NAMES,
  type SyncStatus,
  type TriggerKind,
} from "../model/index.ts";

/** Shapes that several answers have. They follow the nouns of the model; a test holds every field of the nouns against them. */
const SYNC_STATUSES = ["Synced", "Pending", "Drifted", "Diverged", "Unknown"] as const satisfies SyncStatus[];
const CHANGE_CLASSES = ["drift", "pending", "conflict", "foreign"] as const;
const RETRY_KINDS = ["soon", "interval", "revision", "never"] as const satisfies RetryKind[];
export const TRIGGERS = [
  "start",
  "interval",
  "commit",
  "webhook",
  "manual",
  "drift",
  "retry",
  "config",
] as const satisfies TriggerKind[];

export const list = <T extends TSchema>(items: T) => Type.Immutable(Type.Array(items));
export const Time = (description: string) => Type.String({ description: `RFC 3339. ${description}` });
const Code = Type.Unsafe<ErrorCode>(Type.String({ description: "One of docs/errors.md." }));
/** Free JSON: what a field of Kubernetes may hold. */
const FreeJson = (description: string) => Type.Unsafe<Json>({ description });

export const SyncStatusSchema = Type.Enum(SYNC_STATUSES);
export const HealthStatusSchema = Type.Enum(HEALTH_STATUSES);
export const ActionSchema = Type.Enum(ACTIONS);
export const StageSchema = Type.Enum(STAGE_NAMES);

export const RefSchema = Type.Object({
  group: Type.String({ description: "Empty for the core group." }),
  version: Type.String(),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
});

export const ProblemSchema = Type.Object({
  code: Code,
  message: Type.String(),
  where: Type.Optional(Type.String()),
  next: Type.String({ description: "What to do about it." }),
  retry: Type.Enum(RETRY_KINDS),
});

export const SyncSchema = Type.Object({ status: SyncStatusSchema, message: Type.String() });
export const HealthSchema = Type.Object({ status: HealthStatusSchema, message: Type.String() });

export const UnconfirmedSchema = Type.String({
  description:
    "Why the verdict stands on ownership and values alone, and which fields may be the server's own spelling: a dry run was forbidden or refused.",
});

export const OriginSchema = Type.Object({
  repo: Type.String(),
  revision: Type.String(),
  file: Type.String(),
  line: Type.Integer({ description: "From 1." }),
});

export const AuthorSchema = Type.Object({
  manager: Type.Optional(Type.String({ description: "Field manager; absent where the server remembers nobody." })),
  operation: Type.Optional(Type.Enum(["Apply", "Update"])),
  subresource: Type.Optional(Type.String()),
  time: Type.Optional(Time("When the manager wrote; the server keeps none for what came through /scale.")),
});

export const FieldChangeSchema = Type.Object({
  path: Type.String({ description: "JSON pointer with list items by merge key; empty for the whole object." }),
  pointer: Type.String({ description: "RFC 6901, by position." }),
  desired: Type.Optional(FreeJson("What Git wants; absent where it does not want the field.")),
  live: Type.Optional(FreeJson("What the cluster has; absent where it does not have the field.")),
  base: Type.Optional(FreeJson("What was applied last, where that is known.")),
  class: Type.Enum(CHANGE_CLASSES),
  ...AuthorSchema.properties,
  coOwners: Type.Optional(
    Type.Immutable(
      Type.Array(AuthorSchema, { description: "Others that have it too, with the same value; newest first." }),
    ),
  ),
  likely: Type.Optional(
    Type.Immutable(
      Type.Array(AuthorSchema, {
        description: "Where nobody is named: who wrote the object since our last apply, newest first. Never certain.",
      }),
    ),
  ),
  policy: Type.Optional(
    Type.Enum(["count", "prune"], { description: "Of a foreign field that counts as drift; prune: removed on heal." }),
  ),
});

/** Of which application something is, and under whose rules. */
export const IdentityFields = {
  namespace: Type.String(),
  name: Type.String(),
  madeBy: Type.Optional(Type.String({ description: "The declaration of many that makes it." })),
  project: Type.Optional(Type.String({ description: "Its Project; absent where it has none." })),
  cluster: Type.Optional(Type.String({ description: "The cluster that it names; absent for home." })),
  serviceAccount: Type.Optional(
    Type.String({ description: "`namespace/name` of whom it is read and written as; absent for Plumbline itself." }),
  ),
};

/** What an application is made of, in a list and by itself. */
export const SourceFields = {
  repo: Type.String(),
  ref: Type.String(),
  path: Type.String(),
  chart: Type.Optional(Type.String({ description: "Of a Helm repository; the revision is its version." })),
  revision: Type.Optional(Type.String()),
  newest: Type.Optional(Type.String({ description: "What the ref leads to, while something is pinned." })),
};

/** What waits says so in these two. */
export const WaitingFields = {
  waiting: Type.Optional(
    Type.String({ description: "What it waits for and, where that is known, for how long: `..., 40 s` at the end." }),
  ),
  waitingSince: Type.Optional(Time("Since when it waits; absent where the sentence says how long in its own way.")),
};

export const EvidenceSchema = Type.Object(
  {
    at: Time("When it was looked for."),
    events: list(
      Type.Object({
        ref: RefSchema,
        reason: Type.String(),
        message: Type.String(),
        count: Type.Integer(),
        lastSeen: Type.Optional(Time("When it was said last.")),
      }),
    ),
    logs: list(
      Type.Object({
        namespace: Type.String(),
        pod: Type.String(),
        container: Type.String(),
        previous: Type.Boolean({ description: "Of the run before: this one has not begun." }),
        command: Type.String({ description: "Prints its last lines." }),
      }),
    ),
  },
  {
    description:
      "Of an object that is waited for longer than half a minute, or in vain: the newest warnings that Kubernetes has about it and about its Pods, and where the logs are. What they say is never read.",
  },
);

const LEFT_SOURCES = ["application", "settings", "annotation", "built-in"] as const satisfies LeftSource[];

export const LeftFieldSchema = Type.Object(
  {
    ...Type.Pick(FieldChangeSchema, ["path", "pointer", "desired", "live"]).properties,
    to: Type.String({ description: "Who has the field, or will." }),
    reason: Type.String(),
    source: Type.Enum(LEFT_SOURCES, { description: "Where the rule stands." }),
  },
  { description: "A field that is left to somebody else." },
);

export const ChangeCountsSchema = Type.Object(
  { drift: Type.Integer(), pending: Type.Integer(), conflict: Type.Integer(), foreign: Type.Integer() },
  { description: "Fields by class." },
);

const SAID = {
  by: Type.String({ description: "Who said it: the name of his token." }),
  at: Time("When."),
  until: Type.Optional(Time("When it is over; absent: when somebody ends it.")),
};
export const PinSchema = Type.Object(
  { revision: Type.String(), reason: Type.String(), ...SAID },
  { description: "Rendered in place of what the ref leads to." },
);
export const SuspensionSchema = Type.Object(
  { reason: Type.String(), ...SAID },
  { description: "It is looked at and not written." },
);

/** The query of every list. */
export const PagingQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: "Most items on the page." }),
  ),
  continue: Type.Optional(Type.String({ maxLength: 4096, description: "`next` of the page before." })),
};

export const AsOf = Type.Optional(
  Time("Where the replica that works on the application does not answer: when it did last."),
);

export const Incomplete = Type.Optional(
  Type.String({ description: "What is missing, since a replica does not answer." }),
);

export const pageSchema = <T extends TSchema>(item: T) =>
  Type.Object({
    items: list(item),
    next: Type.Optional(Type.String({ description: "Give it back as `continue`; absent on the last page." })),
    total: Type.Integer({ description: "All that fit the filter." }),
    asOf: AsOf,
    incomplete: Incomplete,
  });

export const ApplicationParams = Type.Object({
  namespace: Type.String({ maxLength: 63 }),
  name: Type.String({ maxLength: 253 }),
});

const OutcomeSchema = Type.Object({
  ref: RefSchema,
  action: ActionSchema,
  outcome: Type.Enum(OUTCOMES),
  stage: StageSchema,
  message: Type.Optional(Type.String()),
  problem: Type.Optional(ProblemSchema),
  warnings: list(Type.String()),
  durationMs: Type.Number(),
});

const COUNT = Type.Optional(Type.Integer());

export const PlanSummarySchema = Type.Object(
  {
    hash: Type.String(),
    setHash: Type.String({ description: "Of the manifests alone." }),
    actions: Type.Object({ create: COUNT, update: COUNT, adopt: COUNT, prune: COUNT, run: COUNT }),
  },
  { description: "What it was about to do, in numbers." },
);

export const PassSchema = Type.Object({
  id: Type.Integer(),
  trigger: Type.Enum(TRIGGERS),
  by: Type.Optional(Type.String({ description: "Who asked for it: the name of his token." })),
  startedAt: Time("When it began."),
  finishedAt: Time("When it ended."),
  durationMs: Type.Number(),
  revision: Type.Optional(Type.String()),
  outcomes: list(OutcomeSchema),
  plan: Type.Optional(PlanSummarySchema),
  problem: Type.Optional(ProblemSchema),
});
