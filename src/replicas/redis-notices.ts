import { parseJson } from "../kit/parse-json.ts";
import { isJsonObject } from "../model/index.ts";
import type { Notice, SeenNotice } from "./notice.ts";

/** More than there can be replicas: each looks at all of it every two seconds. */
export const MOST_NOTICES = 500;

const LONGEST = 64 * 1024;
const LONGEST_URL = 4096;
const ID = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const NUMBERED = /^(\d{1,16}) (.*)$/s;

export function textOf({ url, claims, released }: Notice): string {
  return JSON.stringify({ url, claims, released });
}

/** Of what stands on the board. Whoever can write to Redis can put anything there: undefined for what no replica would say. */
export function noticeOf(id: string, text: string): SeenNotice | undefined {
  if (text.length > LONGEST || !ID.test(id)) return undefined;
  const [, version, said = ""] = NUMBERED.exec(text) ?? [];
  const fields = parseJson(said);
  if (version === undefined || !isJsonObject(fields)) return undefined;
  const { url, claims, released } = fields as { readonly [name in "url" | "claims" | "released"]?: unknown };
  if (!isAbsentOr(url, isUrl) || !isAbsentOr(claims, areIds) || !isAbsentOr(released, isYesOrNo)) return undefined;
  return {
    ...{ id, version },
    ...(url === undefined ? {} : { url }),
    ...(claims === undefined ? {} : { claims }),
    ...(released === undefined ? {} : { released }),
  };
}

function isAbsentOr<T>(value: unknown, is: (value: unknown) => value is T): value is T | undefined {
  return value === undefined || is(value);
}

/** No more than that it can be printed: whether it is the replica's own is for whoever knows their secret. */
function isUrl(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_URL && /^https?:\/\/[!-~]+$/.test(value);
}

function areIds(value: unknown): value is string[] {
  const isId = (one: unknown): boolean => typeof one === "string" && ID.test(one);
  return Array.isArray(value) && value.length <= MOST_NOTICES && value.every(isId);
}

function isYesOrNo(value: unknown): value is boolean {
  return typeof value === "boolean";
}
