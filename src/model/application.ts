import { type Static, Type } from "typebox";
import { HealthRuleSchema, IgnoreRuleSchema } from "./object-rules.ts";
import { SourceSchema, TextMap } from "./source-spec.ts";

const closed = { additionalProperties: false } as const;
/** Go's way of writing a duration, one or more of h, m, s, ms: "90s", "1h30m". */
const Duration = (options: { default?: string; description: string }) =>
  Type.String({ pattern: "^([0-9]+(h|m|s|ms))+$", maxLength: 20, ...options });

const DestinationSchema = Type.Object(
  {
    namespace: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        maxLength: 63,
        description: "For objects that name no namespace.",
      }),
    ),
    cluster: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description: "Name of the cluster; the one there is when left out.",
      }),
    ),
    createNamespace: Type.Boolean({ default: false, description: "Create that namespace when it is missing." }),
    namespaceMetadata: Type.Optional(
      Type.Object(
        {
          labels: Type.Optional(TextMap("Labels that the namespace is to have.")),
          annotations: Type.Optional(TextMap("Annotations that the namespace is to have.")),
        },
        { ...closed, description: "What that namespace is to carry, whoever made it. It is no member." },
      ),
    ),
  },
  { ...closed, default: {}, description: "Where the objects go." },
);

/** When may be written. Cron and time zone are read by whoever asks: a schema cannot tell. */
const SyncWindowSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal("allow"), Type.Literal("deny")], {
      description: "allow: outside of all windows of this kind nothing is written. deny: inside of it nothing is.",
    }),
    schedule: Type.String({
      pattern: "^\\S+( \\S+){4}$",
      maxLength: 200,
      description: 'When it opens: the five fields of cron, "0 8 * * 1-5".',
    }),
    duration: Duration({ description: "How long it is open each time." }),
    timeZone: Type.String({ maxLength: 64, default: "UTC", description: "Of the schedule: Europe/Berlin." }),
    manual: Type.Boolean({ default: false, description: "A sync that a person asks for is done in spite of it." }),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: "Why, for those who wait." })),
  },
  closed,
);

const SyncPolicySchema = Type.Object(
  {
    auto: Type.Boolean({ default: true, description: "Apply new revisions without being asked." }),
    prune: Type.Boolean({ default: true, description: "Delete objects that were removed in Git." }),
    selfHeal: Type.Boolean({ default: true, description: "Undo drift without being asked." }),
    observe: Type.Boolean({ default: false, description: "Never write: report only." }),
    adopt: Type.Union([Type.Literal("unclaimed"), Type.Literal("all"), Type.Literal("never")], {
      default: "unclaimed",
      description:
        "Which objects that are there already may become Plumbline's: those that no other living tool claims, all, none.",
    }),
    interval: Duration({ default: "60s", description: "Time between two looks at the repository." }),
    timeout: Duration({ default: "5m", description: "Deadline of one pass." }),
    waveTimeout: Type.Optional(
      Duration({
        description: "How long a wave, or what is depended on, may take to be healthy. Default: the pass's.",
      }),
    ),
    hookTimeout: Type.Optional(
      Duration({ description: "How long a hook may take, from its creation. Default: the pass's deadline alone." }),
    ),
    pruneLimit: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 50,
      description: "Most per cent of the objects that one pass may delete.",
    }),
    windows: Type.Array(SyncWindowSchema, {
      default: [],
      maxItems: 50,
      description: "When Plumbline may write. None: always.",
    }),
    approve: Type.Boolean({
      default: false,
      description: "Nothing is done, healing included, before somebody has approved exactly that plan.",
    }),
  },
  { ...closed, default: {}, description: "What Plumbline may do, and how often." },
);

export const ApplicationSpecSchema = Type.Object(
  {
    project: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        maxLength: 63,
        description: "The Project whose rules hold; `default` when left out, if there is one of that name.",
      }),
    ),
    source: SourceSchema,
    destination: DestinationSchema,
    serviceAccount: Type.Optional(
      Type.String({
        pattern: "^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        maxLength: 317,
        description: "Whom everything is read and written as: a name in destination.namespace, or `namespace/name`.",
      }),
    ),
    sync: SyncPolicySchema,
    dependsOn: Type.Array(
      Type.Object(
        {
          namespace: Type.Optional(Type.String({ maxLength: 63 })),
          name: Type.String({ minLength: 1, maxLength: 253 }),
        },
        closed,
      ),
      { default: [], maxItems: 100, description: "Applications that must be Synced and Healthy first." },
    ),
    ignore: Type.Array(IgnoreRuleSchema, {
      default: [],
      maxItems: 200,
      description: "Fields that are left to somebody else.",
    }),
    foreign: Type.Union([Type.Literal("report"), Type.Literal("count"), Type.Literal("prune")], {
      default: "report",
      description: "Fields of others that Git does not mention: report them, count them as drift, or remove them, too.",
    }),
    health: Type.Array(HealthRuleSchema, {
      default: [],
      maxItems: 100,
      description: "Rules by which objects are judged in place of the built-in ones.",
    }),
    deletion: Type.Union([Type.Literal("orphan"), Type.Literal("prune")], {
      default: "orphan",
      description:
        "What becomes of the objects when the application is deleted: orphan leaves them, prune deletes them.",
    }),
    suspend: Type.Boolean({ default: false, description: "No pass at all until it is false again." }),
  },
  closed,
);

const DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
const DNS_NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

/** An Application as it stands in a file: defaults filled in by whoever reads it (Value.Default). */
export const ApplicationSchema = Type.Object(
  {
    apiVersion: Type.Literal("plumbline.dev/v1alpha1"),
    kind: Type.Literal("Application"),
    metadata: Type.Object(
      {
        name: Type.String({ pattern: DNS_NAME, maxLength: 253 }),
        namespace: Type.String({ pattern: DNS_LABEL, maxLength: 63, default: "default" }),
        labels: Type.Optional(Type.Record(Type.String(), Type.String())),
        annotations: Type.Optional(Type.Record(Type.String(), Type.String())),
      },
      { additionalProperties: true },
    ),
    spec: ApplicationSpecSchema,
    status: Type.Optional(Type.Unknown()),
  },
  closed,
);

export type Application = Static<typeof ApplicationSchema>;
export type SyncWindow = Static<typeof SyncWindowSchema>;
export type ApplicationSpec = Static<typeof ApplicationSpecSchema>;

/** `<namespace>/<name>`: how an application is named everywhere. */
export type ApplicationName = string;

export function applicationName(application: Pick<Application, "metadata">): ApplicationName {
  return `${application.metadata.namespace}/${application.metadata.name}`;
}
