import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { isJsonObject, type JsonObject } from "../model/index.ts";
import { configError, type KubeAccess } from "./kubeconfig.ts";

/** What a request carries to say who we are. Kept in memory only. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM: for connections, so that new ones are made when it changes. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Milliseconds since 1970 until which they are good; Infinity when nobody says. */
  readonly expiresAt: number;
}

const LONGEST_MS = 60_000;

/**
 * Runs the plugin that a kubeconfig's `exec` names, without a shell and without a terminal, and reads the ExecCredential it prints.
 * Errors: PL-KUBE-CONFIG with the plugin's name and exit code. What it prints is not repeated: it may hold a credential.
 * Source: Kubernetes, "client-go credential plugins".
 */
export async function runExecPlugin(exec: JsonObject, access: KubeAccess): Promise<Credentials> {
  const { command, args } = exec;
  if (typeof command !== "string" || command === "") throw configError(access.origin, "`exec` names no command");
  const words = Array.isArray(args) ? args.map(String) : [];
  const output = await run({ command, args: words, env: environment(exec, access), origin: access.origin });
  const status = statusOf(output);
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const certificate = typeof cert === "string" && typeof key === "string" ? { certificate: { cert, key } } : {};
  if (typeof token !== "string" && !("certificate" in certificate)) {
    throw configError(
      access.origin,
      `the credential plugin ${command} printed no ExecCredential with a credential in it`,
    );
  }
  const expiry = typeof expirationTimestamp === "string" ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    headers: typeof token === "string" ? { authorization: `Bearer ${token}` } : {},
    ...certificate,
    expiresAt: Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry,
  };
}

function environment(exec: JsonObject, { cluster }: KubeAccess): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const entry of Array.isArray(exec["env"]) ? exec["env"] : []) {
    if (isJsonObject(entry) && typeof entry["name"] === "string") env[entry["name"]] = String(entry["value"] ?? "");
  }
  const asked = exec["provideClusterInfo"] === true;
  const info = {
    server: cluster.server,
    "certificate-authority-data": cluster.caData,
    "tls-server-name": cluster.tlsServerName,
  };
  const spec = { interactive: false, ...(asked ? { cluster: info } : {}) };
  env["KUBERNETES_EXEC_INFO"] = JSON.stringify({ apiVersion: exec["apiVersion"], kind: "ExecCredential", spec });
  return env;
}

interface Run {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly origin: string;
}

async function run({ command, args, env, origin }: Run): Promise<string> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "ignore"], timeout: LONGEST_MS });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started: ${error.message}`));
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `ended with ${signal ?? `exit code ${code}`}`));
  });
  const [output, failure] = await Promise.all([text(child.stdout), ended]);
  if (failure !== "")
    throw configError(origin, `the credential plugin ${command} ${failure}`, "run the plugin by hand to see why");
  return output;
}

function statusOf(output: string): JsonObject {
  const parsed = parseJson(output);
  const status = isJsonObject(parsed) ? parsed["status"] : undefined;
  return isJsonObject(status) ? status : {};
}

function parseJson(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined; // the caller says that there was no ExecCredential; the text may hold a credential and is not repeated
  }
}
