import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, resolve } from "node:path";
// The whole of client-node costs 90 MB and half a second, nearly all of it for models of kinds; its reader of kubeconfigs alone costs 5 ms.
import {
  type Cluster as ClusterEntry,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { load } from "js-yaml";
import { isJsonObject, type JsonObject, PlumblineError } from "../model/index.ts";

/** Where a server is, how it proves itself, and who we are. Files are absolute paths; they are read when they are used. */
export interface KubeAccess {
  /** The context's name. */
  readonly name: string;
  readonly cluster: ClusterEntry;
  readonly user: User & { readonly tokenFile?: string };
  /** Where this was read, for messages. */
  readonly origin: string;
}

export interface KubeAccessChoice {
  /** A file, or several joined as in $KUBECONFIG: what an earlier one says goes. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The file that is named; else the Pod's own service account; else ~/.kube/config. Errors: PL-KUBE-CONFIG. */
export async function loadKubeAccess({ kubeconfig, context }: KubeAccessChoice): Promise<KubeAccess> {
  if (kubeconfig !== undefined) return fromFiles(kubeconfig.split(delimiter).filter(Boolean), context);
  const own = context === undefined ? inCluster() : undefined;
  return own ?? fromFiles([resolve(homedir(), ".kube", "config")], context);
}

export interface ParsedKubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: readonly ClusterEntry[];
  readonly contexts: readonly { readonly name: string; readonly cluster: string; readonly user: string | undefined }[];
  readonly users: readonly KubeAccess["user"][];
}

async function fromFiles(files: readonly string[], wanted: string | undefined): Promise<KubeAccess> {
  return chosenAccess(await Promise.all(files.map(readKubeconfig)), { origin: files.join(delimiter), wanted });
}

/** Errors: PL-KUBE-CONFIG. */
export function chosenAccess(
  parsed: readonly ParsedKubeconfig[],
  { origin, wanted }: { readonly origin: string; readonly wanted: string | undefined },
): KubeAccess {
  const name = wanted ?? parsed.find(({ currentContext }) => currentContext)?.currentContext;
  if (name === undefined) {
    throw configError(origin, "no context is chosen", "give --context NAME, or set current-context in the file");
  }
  const contexts = parsed.flatMap((one) => one.contexts);
  const context = contexts.find((one) => one.name === name);
  if (context === undefined) {
    const known = contexts.map((one) => one.name).join(", ") || "none";
    throw configError(origin, `there is no context "${name}"; there are: ${known}`);
  }
  const cluster = parsed.flatMap((one) => one.clusters).find((one) => one.name === context.cluster);
  if (cluster === undefined) {
    throw configError(origin, `context "${name}" names cluster "${context.cluster}", which is not there`);
  }
  const user = parsed.flatMap((one) => one.users).find((one) => one.name === context.user);
  if (user === undefined && context.user !== undefined) {
    throw configError(origin, `context "${name}" names user "${context.user}", which is not there`);
  }
  return { name, cluster, user: user ?? { name: "" }, origin };
}

async function readKubeconfig(file: string): Promise<ParsedKubeconfig> {
  try {
    const raw: unknown = load(await readFile(file, "utf8"));
    if (!isJsonObject(raw)) throw new Error("it is no kubeconfig");
    return parseKubeconfig(raw, dirname(resolve(file)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw configError(file, `the kubeconfig cannot be read: ${firstLine(reason)}`);
  }
}

/** `folder`: where files that it names are looked for. Errors: those of client-node's reader. */
export function parseKubeconfig(raw: JsonObject, folder: string): ParsedKubeconfig {
  const currentContext = raw["current-context"];
  return {
    currentContext: typeof currentContext === "string" && currentContext !== "" ? currentContext : undefined,
    clusters: newClusters(raw["clusters"]).map((one) => withAbsolute(one, ["caFile"], folder)),
    contexts: newContexts(raw["contexts"]),
    users: usersOf(raw, folder),
  };
}

/** The reader above knows "token-file"; kubectl's own word is "tokenFile". */
function usersOf(raw: JsonObject, folder: string): KubeAccess["user"][] {
  const entries = Array.isArray(raw["users"]) ? raw["users"] : [];
  return newUsers(entries).map((user, index) => {
    const entry = entries[index];
    const details = isJsonObject(entry) && isJsonObject(entry["user"]) ? entry["user"] : {};
    const tokenFile = details["tokenFile"];
    const known = typeof tokenFile === "string" ? { ...user, tokenFile } : user;
    return withAbsolute<KubeAccess["user"]>(known, ["certFile", "keyFile", "tokenFile"], folder);
  });
}

/** Files of a kubeconfig are relative to its folder. */
function withAbsolute<T extends object>(entry: T, fields: readonly (keyof T)[], folder: string): T {
  const absolute = { ...entry };
  for (const field of fields) {
    const path = entry[field];
    if (typeof path === "string" && path !== "") Object.assign(absolute, { [field]: resolve(folder, path) });
  }
  return absolute;
}

/** What the kubelet gives every Pod that has a service account. Undefined elsewhere.
 *  Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
function inCluster(): KubeAccess | undefined {
  // Set by the kubelet, not by an operator: so read here and not by the settings' reader.
  const host = process.env["KUBERNETES_SERVICE_HOST"];
  const port = process.env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const tokenFile = `${SERVICE_ACCOUNT}/token`;
  if (host === undefined || host === "" || !existsSync(tokenFile)) return undefined;
  return {
    name: "in-cluster",
    cluster: {
      name: "in-cluster",
      caFile: `${SERVICE_ACCOUNT}/ca.crt`,
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      skipTLSVerify: false,
    },
    user: { name: "service-account", tokenFile },
    origin: SERVICE_ACCOUNT,
  };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

export function configError(where: string, message: string, next?: string): PlumblineError {
  return new PlumblineError("PL-KUBE-CONFIG", { message, where, ...(next === undefined ? {} : { next }) });
}
