/** One row a setting: flag, variable and field have the same name in three spellings. */
export const SERVE_OPTIONS = [
  { name: "config", value: "<path>", help: "file or folder with Application documents", isPath: true },
  { name: "kubeconfig", value: "<file>", help: "kubeconfig of the cluster", isPath: true },
  { name: "context", value: "<name>", help: "context of the kubeconfig" },
  { name: "clusters", value: "<file>", help: "further clusters and their kubeconfigs, a YAML list", isPath: true },
  { name: "listen", value: "<host:port>", help: "where the API listens (127.0.0.1:8080 unless given)" },
  { name: "dataDir", value: "<folder>", help: "for mirrors of repositories; may be lost", isPath: true },
  { name: "logFormat", value: "<format>", help: "text or json (text unless given)" },
  { name: "logLevel", value: "<level>", help: "debug, info, warn or error (info unless given)" },
  { name: "tokens", value: "<file>", help: "hashed tokens of those who may call the API", isPath: true },
  { name: "webhookSecretFile", value: "<file>", help: "the secret that webhooks are signed with", isPath: true },
  { name: "repositories", value: "<file>", help: "credentials and CAs of Git repositories, a YAML list", isPath: true },
  {
    name: "remoteSources",
    value: "<urls>",
    help: "what kustomizations may fetch from elsewhere (nothing unless given)",
  },
  {
    name: "ignore",
    value: "<file>",
    help: "rules of what is left to others in every application, a YAML list",
    isPath: true,
  },
  { name: "inventoryNamespace", value: "<name>", help: "where the inventory is kept (plumbline-system unless given)" },
  {
    name: "projects",
    value: "<how>",
    help: "required: applications without a Project do nothing (optional unless given)",
  },
  {
    name: "replicas",
    value: "<how>",
    help: "share the work with others that say the same: leases or redis (alone unless given)",
  },
  { name: "replicaAddress", value: "<url>", help: "where the other replicas reach this one's API" },
  {
    name: "replicaTokenFile",
    value: "<file>",
    help: "the secret by which replicas know one another",
    isPath: true,
  },
  { name: "concurrency", value: "<n>", help: "applications at once (64 unless given)" },
  { name: "redis", value: "<url>", help: "shares the work with others over Redis (alone unless given)" },
  { name: "redisCaFile", value: "<file>", help: "certificate authorities of a rediss:// Redis, as PEM", isPath: true },
  { name: "redisPasswordFile", value: "<file>", help: "the password for Redis", isPath: true },
] as const satisfies readonly { name: string; value: string; help: string; isPath?: true }[];

export type SettingName = (typeof SERVE_OPTIONS)[number]["name"];
