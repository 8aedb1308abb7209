import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;
const RepoUrl = (description: string) => Type.String({ minLength: 1, maxLength: 2048, description });
const Ref = (description: string) => Type.String({ minLength: 1, maxLength: 250, default: "HEAD", description });
const Path = (description: string) => Type.String({ minLength: 1, maxLength: 1024, description });
/** A dictionary of text: in the CustomResourceDefinition a map, where TypeBox's own records would be patterns. */
export const TextMap = (description: string) =>
  Type.Unsafe<{ readonly [key: string]: string }>({
    type: "object",
    additionalProperties: { type: "string" },
    description,
  });
const AnyMap = (description: string) =>
  Type.Unsafe<{ readonly [key: string]: unknown }>({
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    description,
  });

const ReferenceSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[a-zA-Z][-a-zA-Z0-9]*$", maxLength: 63, description: "Its name behind `$`." }),
    repo: RepoUrl("http(s) URL of the Git repository."),
    ref: Ref("Branch, tag, semver range of tags, or full commit id."),
  },
  closed,
);

export const HelmSourceSchema = Type.Object(
  {
    releaseName: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
        maxLength: 53,
        description: "Name of the release; the application's name when left out.",
      }),
    ),
    valueFiles: Type.Optional(
      Type.Array(Path("From the chart's folder; `/…` from the root of the repository; `$name/…` in a reference."), {
        maxItems: 100,
        description: "Files of values, the later ones on top.",
      }),
    ),
    values: Type.Optional(AnyMap("Values, on top of those of the files.")),
    set: Type.Optional(
      Type.Array(Type.String({ maxLength: 65536 }), { maxItems: 1000, description: "As `helm --set`: `a.b=1`." }),
    ),
    setString: Type.Optional(
      Type.Array(Type.String({ maxLength: 65536 }), { maxItems: 1000, description: "As `helm --set-string`." }),
    ),
    setFile: Type.Optional(
      Type.Array(Type.String({ maxLength: 65536 }), {
        maxItems: 1000,
        description: "As `helm --set-file`: `key=PATH`, with paths as those of valueFiles.",
      }),
    ),
    includeCrds: Type.Optional(Type.Boolean({ description: "Render what stands in crds/. Default true." })),
    skipCrds: Type.Optional(Type.Boolean({ description: "The same as `includeCrds: false`." })),
    kubeVersion: Type.Optional(
      Type.String({ maxLength: 64, description: "In place of the destination's version: v1.33.0." }),
    ),
    apiVersions: Type.Optional(
      Type.Array(Type.String({ maxLength: 512 }), {
        maxItems: 1000,
        description: "Beside those that the destination serves: `group/version` or `group/version/Kind`.",
      }),
    ),
  },
  { ...closed, description: "How a chart is rendered." },
);

const PatchTargetSchema = Type.Object(
  {
    group: Type.Optional(Type.String({ maxLength: 253 })),
    version: Type.Optional(Type.String({ maxLength: 63 })),
    kind: Type.Optional(Type.String({ maxLength: 253 })),
    name: Type.Optional(Type.String({ maxLength: 512 })),
    namespace: Type.Optional(Type.String({ maxLength: 512 })),
    labelSelector: Type.Optional(Type.String({ maxLength: 1024 })),
    annotationSelector: Type.Optional(Type.String({ maxLength: 1024 })),
  },
  { ...closed, description: "Which objects; names are regular expressions, as in a kustomization." },
);

export const KustomizeSourceSchema = Type.Object(
  {
    namePrefix: Type.Optional(Type.String({ maxLength: 253 })),
    nameSuffix: Type.Optional(Type.String({ maxLength: 253 })),
    images: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 1024 }),
            newName: Type.Optional(Type.String({ maxLength: 1024 })),
            newTag: Type.Optional(Type.String({ maxLength: 128 })),
            digest: Type.Optional(Type.String({ maxLength: 256 })),
          },
          closed,
        ),
        { maxItems: 1000, description: "In place of the kustomization's entries of the same name." },
      ),
    ),
    replicas: Type.Optional(
      Type.Array(
        Type.Object(
          { name: Type.String({ minLength: 1, maxLength: 253 }), count: Type.Integer({ minimum: 0 }) },
          closed,
        ),
        {
          maxItems: 1000,
          description: "In place of the kustomization's entries of the same name.",
        },
      ),
    ),
    commonLabels: Type.Optional(TextMap("Labels on everything, selectors too.")),
    commonAnnotations: Type.Optional(TextMap("Annotations on everything.")),
    patches: Type.Optional(
      Type.Array(
        Type.Object(
          {
            patch: Type.String({
              minLength: 1,
              maxLength: 1_000_000,
              description: "Strategic merge or JSON patch, as YAML.",
            }),
            target: Type.Optional(PatchTargetSchema),
          },
          closed,
        ),
        { maxItems: 1000, description: "After the kustomization's own." },
      ),
    ),
    components: Type.Optional(
      Type.Array(Path("From the kustomization's folder."), {
        maxItems: 100,
        description: "After the kustomization's own.",
      }),
    ),
  },
  { ...closed, description: "What is changed in the kustomization before it is built." },
);

export const SourceSchema = Type.Object(
  {
    repo: RepoUrl(
      "http(s) URL of the Git repository, without credentials; with `chart`, of the Helm repository, or oci://… of the registry's folder.",
    ),
    ref: Ref("Branch, tag, semver range of tags, or full commit id; with `chart`, its version or a semver range."),
    path: Type.String({ maxLength: 1024, default: ".", description: "Folder in the repository." }),
    chart: Type.Optional(
      Type.String({ minLength: 1, maxLength: 253, description: "Name of a chart in a Helm repository or registry." }),
    ),
    render: Type.Optional(
      Type.Union([Type.Literal("plain"), Type.Literal("helm"), Type.Literal("kustomize")], {
        description: "What the path holds; found from its files when left out.",
      }),
    ),
    references: Type.Optional(
      Type.Array(ReferenceSchema, { maxItems: 20, description: "Further repositories, for `$name/…` in valueFiles." }),
    ),
    helm: Type.Optional(HelmSourceSchema),
    kustomize: Type.Optional(KustomizeSourceSchema),
  },
  { ...closed, description: "Where the manifests are, and how they are made." },
);

export type SourceSpec = Static<typeof SourceSchema>;
export type HelmSource = Static<typeof HelmSourceSchema>;
export type KustomizeSource = Static<typeof KustomizeSourceSchema>;
