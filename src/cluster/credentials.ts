import { readFile } from "node:fs/promises";
import { isJsonObject } from "../model/index.ts";
import { type Credentials, runExecPlugin } from "./exec-credential.ts";
import { configError, type KubeAccess } from "./kubeconfig.ts";

/** Credentials are asked for again this long before they end. */
const EARLY_MS = 10_000;
/** Files and auth providers say no expiry: they are read again after this time, as client-go does. */
const READ_AGAIN_MS = 60_000;
/** A plugin is not run again for a refused credential that is younger than this. */
const TOO_SOON_MS = 5000;

/** Credentials that are fetched when they are needed: at first, at their expiry, and when the server refused them. One fetch at a time. */
export class CredentialStore {
  readonly #fetch: () => Promise<Credentials>;
  readonly #now: () => number;
  #current: Credentials | undefined;
  #fetchedAt = 0;
  #fetching: Promise<Credentials> | undefined;

  constructor(fetch: () => Promise<Credentials>, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  async current(): Promise<Credentials> {
    const kept = this.#current;
    return kept !== undefined && kept.expiresAt - EARLY_MS > this.#now() ? kept : this.#renew();
  }

  /** Others than those that were refused; undefined when there are none, so that asking again is of no use. */
  async instead(refused: Credentials): Promise<Credentials | undefined> {
    const kept = this.#current;
    if (kept !== undefined && kept !== refused) return kept;
    if (this.#fetching === undefined && this.#now() - this.#fetchedAt < TOO_SOON_MS) return undefined;
    const fetched = await this.#renew();
    return sameCredentials(fetched, refused) ? undefined : fetched;
  }

  #renew(): Promise<Credentials> {
    this.#fetching ??= this.#fetch()
      .then((fetched) => {
        this.#current = fetched;
        this.#fetchedAt = this.#now();
        return fetched;
      })
      .finally(() => {
        this.#fetching = undefined;
      });
    return this.#fetching;
  }
}

function sameCredentials(one: Credentials, other: Credentials): boolean {
  return (
    one.headers["authorization"] === other.headers["authorization"] && one.certificate?.cert === other.certificate?.cert
  );
}

/** What the kubeconfig's user has: a plugin, a token file, an auth provider, or the credentials themselves. Errors: PL-KUBE-CONFIG. */
export async function fetchCredentials(access: KubeAccess): Promise<Credentials> {
  const { user } = access;
  const base = await ofUser(access);
  const impersonate = user.impersonateUser ? { "impersonate-user": user.impersonateUser } : {};
  return { ...base, headers: { ...base.headers, ...impersonate } };
}

async function ofUser(access: KubeAccess): Promise<Credentials> {
  const { user, origin } = access;
  const exec: unknown = user.exec;
  if (isJsonObject(exec)) return runExecPlugin(exec, access);
  if (user.authProvider) return fromProvider(access);
  const certificate = await certificateOf(access);
  if (user.tokenFile !== undefined) {
    const token = (await readText(user.tokenFile, origin)).trim();
    return { ...certificate, ...bearer(token), expiresAt: Date.now() + READ_AGAIN_MS };
  }
  const expiresAt = Number.POSITIVE_INFINITY;
  if (user.token) return { ...certificate, ...bearer(user.token.trim()), expiresAt };
  if (!user.username) return { ...certificate, headers: {}, expiresAt };
  const basic = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
  return { ...certificate, headers: { authorization: `Basic ${basic}` }, expiresAt };
}

function bearer(token: string): Pick<Credentials, "headers"> {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function certificateOf({ user, origin }: KubeAccess): Promise<Pick<Credentials, "certificate">> {
  const cert = await dataOrFile(user.certData, user.certFile, origin);
  const key = await dataOrFile(user.keyData, user.keyFile, origin);
  return cert === undefined || key === undefined ? {} : { certificate: { cert, key } };
}

/** OIDC, GCP and Azure are client-node's own; the whole of it is loaded only for them. */
async function fromProvider({ cluster, user }: KubeAccess): Promise<Credentials> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  const options: { headers: Record<string, string> } = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const authorization = options.headers["Authorization"];
  return {
    headers: authorization === undefined ? {} : { authorization },
    expiresAt: Date.now() + READ_AGAIN_MS,
  };
}

/** kubeconfig's two ways to give PEM: base64 in place, or a file. Errors: PL-KUBE-CONFIG. */
export async function dataOrFile(
  data: string | undefined,
  file: string | undefined,
  origin: string,
): Promise<string | undefined> {
  if (data) return Buffer.from(data, "base64").toString("utf8");
  return file ? readText(file, origin) : undefined;
}

async function readText(file: string, origin: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw configError(origin, `${file}, which the kubeconfig names, cannot be read (${code})`);
  }
}
