import type { IncomingMessage } from "node:http";
import { type ApiError, badRequest, type Cause } from "../api-error.ts";
import { cause, invalid } from "../validate/index.ts";
import { fieldValidationOf } from "../verbs/decode.ts";
import type { Query } from "../verbs/read.ts";
import type { WriteOptions } from "../verbs/write.ts";
import { isTrue } from "./request.ts";

/** The options of each verb, as the server names them. */
const KINDS: { readonly [method: string]: string } = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
};

const LONGEST_MANAGER = 128;

/** The manager is the client's own word, else the first part of its name. Errors: 422 for parameters that may not be so. */
export function writeOptionsOf(request: IncomingMessage, query: Query, warnings: string[]): WriteOptions {
  const kind = KINDS[request.method ?? ""] ?? "DeleteOptions";
  const apply = request.headers["content-type"]?.startsWith("application/apply-patch+yaml") === true;
  const causes = [...dryRunCauses(query), ...managerCauses(query, kind, apply), ...forceCauses(query, kind, apply)];
  if (causes.length > 0) throw refused(kind, causes);
  const agent = (request.headers["user-agent"] ?? "").split("/")[0] ?? "";
  return {
    manager: query.get("fieldManager") || agent || "unknown",
    dryRun: query.get("dryRun") === "All",
    fieldValidation: fieldValidationOf(query, kind),
    duplicates: [],
    warn: (text) => warnings.push(text),
  };
}

function refused(kind: string, causes: readonly Cause[]): ApiError {
  return invalid({ group: "meta.k8s.io", kind }, causes);
}

function dryRunCauses(query: Query): Cause[] {
  const dryRun = query.get("dryRun") ?? "";
  if (dryRun === "" || dryRun === "All") return [];
  return [
    cause({ reason: "FieldValueNotSupported", field: "dryRun", value: [dryRun], detail: 'supported values: "All"' }),
  ];
}

function managerCauses(query: Query, kind: string, apply: boolean): Cause[] {
  const manager = query.get("fieldManager") ?? "";
  const field = "fieldManager";
  if (apply && kind === "PatchOptions" && manager === "") {
    return [cause({ reason: "FieldValueRequired", field, detail: "is required for apply patch" })];
  }
  if (Buffer.byteLength(manager) > LONGEST_MANAGER) {
    return [cause({ reason: "FieldValueTooLong", field, detail: `may not be more than ${LONGEST_MANAGER} bytes` })];
  }
  const [odd] = /\p{C}/u.exec(manager) ?? [];
  if (odd === undefined) return [];
  const code = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const detail = `invalid character U+${code} (at position ${manager.indexOf(odd)})`;
  return [cause({ reason: "FieldValueInvalid", field, value: manager, detail })];
}

function forceCauses(query: Query, kind: string, apply: boolean): Cause[] {
  if (kind !== "PatchOptions" || apply || !isTrue(query, "force")) return [];
  return [cause({ reason: "FieldValueForbidden", field: "force", detail: "may not be specified for non-apply patch" })];
}

/** Errors: 400 for a parameter that should be a whole number and is none. */
export function requireNumbers(query: Query, names: readonly string[]): void {
  for (const name of names) {
    const text = query.get(name) ?? "";
    if (text !== "" && !/^[+-]?\d{1,18}$/.test(text)) {
      throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    }
  }
}
