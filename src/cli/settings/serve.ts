import { dirname, join, resolve } from "node:path";
import type { ClusterFile } from "../../cluster/index.ts";
import { ruleSetOf } from "../../diff/index.ts";
import { type IgnoreRule, PlumblineError, toProblem } from "../../model/index.ts";
import type { RedisSettings } from "../../redis/index.ts";
import type { RepositorySettings } from "../../source/index.ts";
import type { Host } from "../host.ts";
import { cacheFolder } from "./cache-folder.ts";
import { checkedText, misfits, type SettingsText } from "./checked.ts";
import { nonEmpty } from "./client.ts";
import { kubeSettings } from "./kube.ts";
import { lineOf } from "./line-of.ts";
import { type Listen, parseListen } from "./listen.ts";
import { readText } from "./read-text.ts";
import { redisSettings } from "./redis.ts";
import { type ReplicaSettings, replicaSettings } from "./replicas.ts";
import { SERVE_OPTIONS, type SettingName } from "./serve-options.ts";
import {
  ClustersSchema,
  IgnoreRulesSchema,
  RepositoriesSchema,
  type ServeFile,
  ServeFileSchema,
} from "./serve-schema.ts";
import { flagOf, variableOf } from "./spelling.ts";

/** As commander gives them: absent where the flag is. */
export type ServeFlags = { readonly [name in SettingName | "settings"]?: string };

export interface ServeSettings {
  /** File or folder with Applications; without it only those in the cluster count. */
  readonly config: string | undefined;
  readonly kube: { readonly kubeconfig?: string; readonly context?: string };
  /** Beside that of `kube`. */
  readonly clusters: readonly ClusterFile[];
  readonly listen: Listen;
  readonly dataDir: string;
  readonly logFormat: "text" | "json";
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly tokens: string | undefined;
  readonly webhookSecretFile: string | undefined;
  readonly repositories: readonly RepositorySettings[];
  /** URLs, or beginnings of URLs that end in a slash. */
  readonly remoteSources: readonly string[];
  /** Where what is costly to build is found. */
  readonly cacheFolder: string;
  /** What is left to others in every application. */
  readonly ignore: readonly IgnoreRule[];
  readonly inventoryNamespace: string;
  readonly projects: "optional" | "required";
  readonly concurrency: number;
  /** Where processes meet that share the work; without it the process works alone, or with others by Leases. */
  readonly redis: RedisSettings | undefined;
  /** Absent: this process is alone. */
  readonly replicas: ReplicaSettings | undefined;
}

/** Settings of `plumb serve`: flag, then environment, then settings file, then default. Errors: PL-USAGE, PL-CONFIG-*. */
export async function readServeSettings(flags: ServeFlags, host: Pick<Host, "env" | "home">): Promise<ServeSettings> {
  const file = await readSettingsFile(flags.settings ?? nonEmpty(host.env["PLUMB_SETTINGS"]));
  const given = { ...file, ...named(host.env, (name) => variableOf(name)), ...named(flags, (name) => name, flagOf) };
  const { repositories, ignore, clusters, ...rest } = given;
  const redis = rest.redis === undefined ? undefined : await redisSettings({ ...rest, redis: rest.redis });
  return {
    config: rest.config,
    kube: kubeSettings(rest, host.env),
    clusters: distinct(typeof clusters === "string" ? await readClusters(clusters) : (clusters ?? [])),
    listen: parseListen(rest.listen ?? "127.0.0.1:8080"),
    dataDir: resolve(rest.dataDir ?? defaultDataDir(host)),
    logFormat: rest.logFormat ?? "text",
    logLevel: rest.logLevel ?? "info",
    tokens: rest.tokens,
    webhookSecretFile: rest.webhookSecretFile,
    repositories: typeof repositories === "string" ? await readRepositories(repositories) : (repositories ?? []),
    remoteSources: listed(rest.remoteSources),
    cacheFolder: cacheFolder(host),
    ignore: typeof ignore === "string" ? await readRules(ignore) : (ignore ?? []),
    inventoryNamespace: rest.inventoryNamespace ?? "plumbline-system",
    projects: rest.projects ?? "optional",
    concurrency: rest.concurrency ?? 64,
    redis,
    replicas: replicaSettings(rest, redis),
  };
}

/** Lists that a flag or a variable gives as a file. */
type Listed = "repositories" | "ignore" | "clusters";
type Given = Omit<ServeFile, Listed> & { readonly [name in Listed]?: string };

/** The settings that flags or variables give, each checked as the file's are. */
function named(
  source: { readonly [name: string]: string | undefined },
  keyOf: (name: string) => string,
  shownAs: (name: string) => string = keyOf,
): Given {
  let all: Given = {};
  for (const { name } of SERVE_OPTIONS) {
    const text = nonEmpty(source[keyOf(name)]);
    if (text !== undefined) all = { ...all, ...checkedOne(name, text, shownAs(name)) };
  }
  return all;
}

function checkedOne(name: SettingName, text: string, where: string): Given {
  if (name === "repositories" || name === "ignore" || name === "clusters") return { [name]: text };
  const value = { [name]: name === "concurrency" ? Number(text) : text };
  const [misfit] = misfits(ServeFileSchema, value);
  if (misfit === undefined) return value;
  const code = where.startsWith("--") ? "PL-USAGE" : "PL-CONFIG-INVALID";
  throw new PlumblineError(code, { message: misfit.message, where });
}

async function readSettingsFile(file: string | undefined): Promise<ServeFile> {
  if (file === undefined) return {};
  const source = { text: await readText(file), file };
  const settings = checkedText(ServeFileSchema, source);
  readableRules(settings.ignore ?? [], source, "/ignore");
  const folder = dirname(resolve(file));
  const moved = SERVE_OPTIONS.flatMap((option) => {
    const value = settings[option.name];
    return "isPath" in option && typeof value === "string" ? [[option.name, resolve(folder, value)] as const] : [];
  });
  const repositories = fromFolder(settings.repositories, folder);
  return {
    ...{ ...settings, ...Object.fromEntries(moved) },
    ...(repositories === undefined ? {} : { repositories }),
    ...(settings.clusters === undefined ? {} : { clusters: besides(settings.clusters, folder) }),
  };
}

async function readRepositories(file: string): Promise<readonly RepositorySettings[]> {
  const repositories = checkedText(RepositoriesSchema, { text: await readText(file), file });
  return fromFolder(repositories, dirname(resolve(file))) ?? [];
}

async function readClusters(file: string): Promise<readonly ClusterFile[]> {
  return besides(checkedText(ClustersSchema, { text: await readText(file), file }), dirname(resolve(file)));
}

function besides<T extends { readonly kubeconfig: string }>(clusters: readonly T[], folder: string): T[] {
  return clusters.map((one) => ({ ...one, kubeconfig: resolve(folder, one.kubeconfig) }));
}

/** Errors: PL-CONFIG-INVALID, of two with one name. */
function distinct(clusters: readonly ClusterFile[]): readonly ClusterFile[] {
  const twice = clusters.find(({ name }, i) => clusters.findIndex((one) => one.name === name) < i);
  if (twice === undefined) return clusters;
  throw new PlumblineError("PL-CONFIG-INVALID", { message: `two clusters are named ${twice.name}`, where: "clusters" });
}

async function readRules(file: string): Promise<readonly IgnoreRule[]> {
  const source = { text: await readText(file), file };
  return readableRules(checkedText(IgnoreRulesSchema, source), source, "");
}

/** `pointer`: where the list stands in the text. Errors: PL-IGNORE-INVALID with `file:line`. */
function readableRules(
  rules: readonly IgnoreRule[],
  { text, file }: SettingsText,
  pointer: string,
): readonly IgnoreRule[] {
  for (const [position, rule] of rules.entries()) {
    try {
      ruleSetOf({ source: "settings", rules: [rule], where: file });
    } catch (error) {
      const { code, message, next } = toProblem(error);
      const where = `${file}:${lineOf(text, `${pointer}/${position}`) ?? 1}`;
      throw new PlumblineError(code, { message, where, next, cause: error });
    }
  }
  return rules;
}

/** Files that a settings file names are looked for beside it. */
function fromFolder(repositories: ServeFile["repositories"], folder: string): ServeFile["repositories"] {
  return repositories?.map(({ caFile, credentials, ...rest }) => ({
    ...rest,
    ...(caFile === undefined ? {} : { caFile: resolve(folder, caFile) }),
    ...(credentials === undefined ? {} : { credentials: credentialsFrom(credentials, folder) }),
  }));
}

function credentialsFrom<T extends { passwordFile?: string; tokenFile?: string }>(credentials: T, folder: string): T {
  const { passwordFile, tokenFile } = credentials;
  return {
    ...credentials,
    ...(passwordFile === undefined ? {} : { passwordFile: resolve(folder, passwordFile) }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolve(folder, tokenFile) }),
  };
}

function listed(text = ""): string[] {
  return text.split(/[,\s]+/).filter((one) => one !== "");
}

/** Source: XDG Base Directory Specification, "state". */
function defaultDataDir({ env, home }: Pick<Host, "env" | "home">): string {
  return join(nonEmpty(env["XDG_STATE_HOME"]) ?? join(home, ".local", "state"), "plumbline");
}
