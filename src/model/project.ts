import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;
const Globs = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), { default: [], maxItems: 1000, description });

const KindLists = (allow: readonly string[], description: string) =>
  Type.Object(
    {
      allow: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
        ...{ default: [...allow], maxItems: 1000 },
        description: "Those that may be used: `Kind.group`, `Kind` of the core group, `*.group`, `*`.",
      }),
      deny: Globs("Those of them that may not."),
    },
    { ...closed, default: {}, description },
  );

const DestinationRuleSchema = Type.Object(
  {
    cluster: Type.String({ minLength: 1, maxLength: 253, default: "*", description: "Glob of the cluster's name." }),
    namespaces: Globs("Globs of namespaces there. Plumbline's own is meant by its name alone."),
  },
  closed,
);

/** What applications of a project may do. Whatever is not said may not be done, but for kinds in namespaces. */
export const ProjectSpecSchema = Type.Object(
  {
    description: Type.Optional(Type.String({ maxLength: 2000, description: "For people." })),
    repositories: Globs("Globs of the repositories that may be read, those of charts included."),
    destinations: Type.Array(DestinationRuleSchema, {
      ...{ default: [], maxItems: 1000 },
      description: "Where objects may be: clusters, and namespaces there.",
    }),
    kinds: KindLists(["*"], "Kinds of objects in namespaces. All of them when left out."),
    clusterKinds: KindLists([], "Kinds of objects outside namespaces. None of them when left out."),
    serviceAccounts: Type.Object(
      {
        required: Type.Boolean({ default: false, description: "No application without spec.serviceAccount." }),
        allow: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 512 }), {
            maxItems: 1000,
            description: "Globs of `namespace/name`. Those of the destination's own namespace when left out.",
          }),
        ),
      },
      { ...closed, default: {}, description: "Whom applications may be written as." },
    ),
    applicationNamespaces: Globs(
      "Globs of namespaces from which Application objects may come, beside Plumbline's own.",
    ),
    dependencies: Globs("Globs of other projects whose applications may stand in spec.dependsOn; `*` for all of them."),
  },
  closed,
);

/** A Project as it stands in a file or in the cluster. Of the namespace nothing depends: a Project is known by its name. */
export const ProjectSchema = Type.Object(
  {
    apiVersion: Type.Literal("plumbline.dev/v1alpha1"),
    kind: Type.Literal("Project"),
    metadata: Type.Object(
      { name: Type.String({ pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 }) },
      { additionalProperties: true },
    ),
    spec: ProjectSpecSchema,
  },
  closed,
);

export type Project = Static<typeof ProjectSchema>;
export type ProjectSpec = Static<typeof ProjectSpecSchema>;

/** The one that holds for every application without spec.project. */
export const DEFAULT_PROJECT = "default";
