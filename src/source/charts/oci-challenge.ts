import { parseJson } from "../../kit/parse-json.ts";
import { isObject } from "./index-parse.ts";

/** What a registry asks for with status 401. */
export type Challenge =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Undefined for no challenge, or one of another kind. Source: RFC 9110, 11.6.1; the distribution project, "Token Authentication". */
export function parseChallenge(header: string): Challenge | undefined {
  // Other schemes before it are passed over.
  const match = /(?:^|,\s*)(bearer|basic)\b(.*)$/is.exec(header);
  if (match === null) return undefined;
  if (match[1]?.toLowerCase() === "basic") return { scheme: "basic" };
  const values = new Map<string, string>();
  for (const [, name = "", quoted, plain] of (match[2] ?? "").matchAll(
    /([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi,
  ))
    if (!values.has(name.toLowerCase())) values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  const realm = values.get("realm");
  if (realm === undefined) return undefined;
  const [service, scope] = [values.get("service"), values.get("scope")];
  return {
    scheme: "bearer",
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}

/** Value of an Authorization header, and until when. */
export interface Grant {
  readonly authorization: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** A token lives for a minute where its server does not say. Source: the distribution project, "Token Authentication". */
const DEFAULT_SECONDS = 60;
/** Of a token's life: it must not end on its way. */
const USED = 0.8;

/** Undefined where the answer holds no token that a header can carry. */
export function grantOf(body: string, now: number): Grant | undefined {
  const answer = parseJson(body);
  if (!isObject(answer)) return undefined;
  const token = answer["token"] ?? answer["access_token"];
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) return undefined;
  const given = answer["expires_in"];
  const seconds = typeof given === "number" && given > 0 ? given : DEFAULT_SECONDS;
  return { authorization: `Bearer ${token}`, until: now + seconds * 1000 * USED };
}
