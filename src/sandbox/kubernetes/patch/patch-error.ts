import { isJsonObject, type Json } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";

/** A patch that is no patch. */
export function badPatch(message: string): ApiError {
  return new ApiError(400, { reason: "BadRequest", message });
}

/** A patch that is well-formed, but not for this object. The real server keeps the cause to itself (kube-apiserver 1.36). */
export function unfitPatch(): ApiError {
  const message = "the server rejected our request due to an error in our request";
  return new ApiError(422, { reason: "Invalid", message, details: {} });
}

/** The mistakes for which the real server has no better answer: recorded on kube-apiserver 1.36. */
export function unexpectedPatch(message: string): ApiError {
  return new ApiError(500, { message });
}

/** The server's parser goes to 10,000; what is deeper than this was never meant. */
const MAX_DEPTH = 1000;

/** Errors: 400. Walks without recursion, so that those who come after it may recurse. */
export function refuseHostile(patch: Json): void {
  let level: readonly Json[] = [patch];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw badPatch("error decoding patch: exceeded max depth");
    level = level.flatMap(partsOf);
  }
}

function partsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  if (Object.hasOwn(value, "__proto__")) throw badPatch("error decoding patch: a field must not be named __proto__");
  return Object.values(value).filter((part) => part !== undefined);
}

/** As Go prints values, which some of the server's sentences contain. */
export function goText(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isJsonObject(value)) return value === undefined || value === null ? "<nil>" : String(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${fields.map(([name, part]) => `${name}:${goText(part)}`).join(" ")}]`;
}
