import { type Static, Type } from "typebox";
import { IgnoreRuleSchema } from "../../model/index.ts";

const Path = (description: string) => Type.String({ minLength: 1, maxLength: 4096, description });

const CredentialsSchema = Type.Object(
  {
    username: Type.Optional(Type.String({ minLength: 1 })),
    passwordFile: Type.Optional(Path("File with the password.")),
    passwordEnv: Type.Optional(Type.String({ minLength: 1, description: "Variable with the password." })),
    tokenFile: Type.Optional(Path("File with a bearer token.")),
    tokenEnv: Type.Optional(Type.String({ minLength: 1, description: "Variable with a bearer token." })),
  },
  { additionalProperties: false },
);

/** How Git repositories are reached: the list that --repositories names, and `repositories` of the settings file. */
export const RepositoriesSchema = Type.Array(
  Type.Object(
    {
      url: Type.String({ minLength: 1, description: 'A repository, or all whose URL begins so where it ends in "/".' }),
      credentials: Type.Optional(CredentialsSchema),
      caFile: Type.Optional(Path("PEM file of the certificate authorities to trust.")),
    },
    { additionalProperties: false },
  ),
  { default: [], maxItems: 10_000 },
);

/** What is left to others in every application: the list that --ignore names, and `ignore` of the settings file. */
export const IgnoreRulesSchema = Type.Array(IgnoreRuleSchema, { default: [], maxItems: 200 });

/** Further clusters: the list that --clusters names, and `clusters` of the settings file. */
export const ClustersSchema = Type.Array(
  Type.Object(
    {
      name: Type.String({
        pattern: "^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$",
        maxLength: 63,
        description: "As spec.destination.cluster names it.",
      }),
      kubeconfig: Path("Kubeconfig; it is read again when it changes."),
      context: Type.Optional(
        Type.String({ minLength: 1, description: "Context of it; its current one when left out." }),
      ),
    },
    { additionalProperties: false },
  ),
  { default: [], maxItems: 10_000 },
);

/** The settings file of `plumb serve`. Paths in it start at its own folder. */
export const ServeFileSchema = Type.Object(
  {
    config: Type.Optional(Path("File or folder with Application documents.")),
    kubeconfig: Type.Optional(Path("Kubeconfig of the cluster.")),
    context: Type.Optional(Type.String({ minLength: 1, description: "Context of the kubeconfig." })),
    clusters: Type.Optional(ClustersSchema),
    listen: Type.Optional(Type.String({ minLength: 1, description: "HOST:PORT of the API." })),
    dataDir: Type.Optional(Path("Folder for mirrors of repositories; may be lost.")),
    logFormat: Type.Optional(Type.Enum(["text", "json"])),
    logLevel: Type.Optional(Type.Enum(["debug", "info", "warn", "error"])),
    tokens: Type.Optional(Path("File with the hashed tokens of the API's callers.")),
    webhookSecretFile: Type.Optional(Path("File with the secret that webhooks are signed with.")),
    repositories: Type.Optional(RepositoriesSchema),
    remoteSources: Type.Optional(
      Type.String({
        maxLength: 65536,
        description:
          "URLs that kustomizations may fetch from, parted by commas; those that end in a slash allow all below.",
      }),
    ),
    ignore: Type.Optional(IgnoreRulesSchema),
    inventoryNamespace: Type.Optional(
      Type.String({
        pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
        maxLength: 63,
        description: "Where the inventory is kept.",
      }),
    ),
    projects: Type.Optional(
      Type.Enum(["optional", "required"], { description: "Whether applications without a Project do anything." }),
    ),
    redis: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2048, description: "Redis, over which processes share the work." }),
    ),
    redisCaFile: Type.Optional(Path("PEM file of the certificate authorities to trust of a rediss:// Redis.")),
    redisPasswordFile: Type.Optional(Path("File with the password for Redis.")),
    replicas: Type.Optional(Type.Enum(["leases", "redis"], { description: "How replicas find one another." })),
    replicaAddress: Type.Optional(
      Type.String({
        pattern: "^https?://[^/?#@\\s]+/?$",
        maxLength: 2048,
        description: "Where the other replicas reach this one's API, as http://HOST:PORT.",
      }),
    ),
    replicaTokenFile: Type.Optional(Path("File with the secret by which replicas know one another.")),
    concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: "Applications at once." })),
  },
  { additionalProperties: false, default: {} },
);

export type ServeFile = Static<typeof ServeFileSchema>;
