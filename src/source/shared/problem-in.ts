import {
  ERROR_CODES,
  type ErrorCode,
  isJsonObject,
  PlumblineError,
  type Problem,
  toProblem,
} from "../../model/index.ts";

const MOST_TEXT = 4096;

/** A problem as another replica tells it; undefined where it is none. What helps is read from our own table. */
export function problemIn(told: unknown): Problem | undefined {
  if (!isJsonObject(told)) return undefined;
  const { code, message, where, next } = told;
  if (!isCode(code) || typeof message !== "string" || typeof next !== "string") return undefined;
  const place = typeof where === "string" ? { where: where.slice(0, MOST_TEXT) } : {};
  const text = { message: message.slice(0, MOST_TEXT), next: next.slice(0, MOST_TEXT) };
  return toProblem(new PlumblineError(code, { ...text, ...place }));
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}

/** A count of milliseconds that has passed. */
export function isAge(told: unknown): told is number {
  return typeof told === "number" && Number.isFinite(told) && told >= 0;
}
