import { readFile } from "node:fs/promises";
import { PlumblineError } from "../model/index.ts";
import type { RepositorySettings } from "./types.ts";

/** What one request needs to be let in. Read anew for each, so that renewed secrets count. */
export interface Access {
  /** Value of the Authorization header. Goes to the repository's own origin only. */
  readonly authorization?: string;
  /** PEM text. */
  readonly ca?: string;
}

/** The settings whose URL is the repository's, or the longest that is a prefix of it and ends in a slash. */
export function settingsFor(
  url: Pick<URL, "href">,
  all: readonly RepositorySettings[],
): RepositorySettings | undefined {
  let best: RepositorySettings | undefined;
  for (const one of all) {
    if (!covers(one.url, url.href)) continue;
    if (best === undefined || one.url.length > best.url.length) best = one;
  }
  return best;
}

function covers(setting: string, href: string): boolean {
  const spelled = spelledUrl(setting);
  if (spelled === undefined) return false;
  return spelled.endsWith("/") ? `${href}/`.startsWith(spelled) : spelled === href;
}

/** A URL in one spelling, with `oci://` ones as those of the web: their hosts have no case and 443 is their usual port. */
export function spelledUrl(text: string): string | undefined {
  const web = text.replace(/^oci:\/\//i, "https://");
  if (!URL.canParse(web)) return undefined;
  const { href } = new URL(web);
  return web === text ? href : href.replace(/^https:/, "oci:");
}

/** Errors: PL-CONFIG-UNREADABLE, naming the file or variable and never what is in it. */
export async function readAccess(settings: RepositorySettings | undefined): Promise<Access> {
  if (settings === undefined) return {};
  const authorization = await authorizationOf(settings.credentials);
  const ca = settings.caFile === undefined ? undefined : await readNamed(settings.caFile);
  return { ...(authorization === undefined ? {} : { authorization }), ...(ca === undefined ? {} : { ca }) };
}

/** A token with a user name goes as a password: the Git hosts that take tokens take them so, and some take them only so. */
async function authorizationOf(credentials: RepositorySettings["credentials"]): Promise<string | undefined> {
  if (credentials === undefined) return undefined;
  const { username, passwordFile, passwordEnv, tokenFile, tokenEnv } = credentials;
  const token = await secretOf(tokenFile, tokenEnv);
  if (token !== undefined && username === undefined) return `Bearer ${token}`;
  const password = token ?? (await secretOf(passwordFile, passwordEnv));
  if (username === undefined && password === undefined) return undefined;
  return `Basic ${Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64")}`;
}

async function secretOf(file: string | undefined, variable: string | undefined): Promise<string | undefined> {
  if (file !== undefined) return checkedSecret((await readNamed(file)).trim(), file);
  if (variable === undefined) return undefined;
  const value = process.env[variable];
  if (value === undefined) throw unreadable(`the environment variable ${variable} is not set`, variable);
  return checkedSecret(value.trim(), variable);
}

/** A line break or another control character would end the header, or make a library print the value in its error. */
function checkedSecret(secret: string, where: string): string {
  if (secret === "") throw unreadable("the secret is empty", where);
  if (!/^[\x20-\x7e]+$/.test(secret)) throw unreadable("the secret holds characters other than printable ASCII", where);
  return secret;
}

async function readNamed(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new PlumblineError("PL-CONFIG-UNREADABLE", { message: "the file cannot be read", where: file, cause });
  }
}

function unreadable(message: string, where: string): PlumblineError {
  return new PlumblineError("PL-CONFIG-UNREADABLE", { message, where });
}
