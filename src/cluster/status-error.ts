import { type ErrorCode, formatRef, isJsonObject, type Json, PlumblineError, type Ref } from "../model/index.ts";
import { tryParse } from "./answer.ts";
import { type Answer, type Call, retryAfterSeconds } from "./transport.ts";

/** What an answer that is no success says, in the parts that tell its meaning. */
interface Refusal {
  readonly http: number;
  readonly verb: Call["verb"];
  readonly reason: string | undefined;
  readonly message: string;
  readonly causes: readonly Cause[];
  /** details.kind and details.name: what was not found, say. */
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly retryAfter: number | undefined;
}

interface Cause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

interface Rule {
  readonly code: ErrorCode;
  readonly when: (refusal: Refusal) => boolean;
}

const hasCause = (reason: string) => (refusal: Refusal) => refusal.causes.some((cause) => cause.reason === reason);
const http =
  (...statuses: readonly number[]) =>
  (refusal: Refusal) =>
    statuses.includes(refusal.http);
/** For the few things that the server says in words alone: there is no reason, cause or field that tells them. */
const says = (pattern: RegExp) => (refusal: Refusal) =>
  pattern.test(refusal.message) || refusal.causes.some(({ message }) => pattern.test(message));

const IMMUTABLE = /immutable|may not change|cannot change|can not be unset|updates to .* are forbidden/;
const UNKNOWN_FIELD = /field not declared in schema|unknown field "/;

/**
 * The first that fits gives the code. Recorded on kube-apiserver 1.36.
 * A 500 that answers an apply without a reason is the refusal of a manifest whose types are wrong, and is not to be tried again.
 */
const RULES: readonly Rule[] = [
  { code: "PL-KUBE-UNAUTHORIZED", when: http(401) },
  { code: "PL-KUBE-BUSY", when: http(429) },
  { code: "PL-KUBE-TIMEOUT", when: http(408, 504) },
  { code: "PL-KUBE-UNREACHABLE", when: http(502, 503) },
  { code: "PL-KUBE-TERMINATING", when: hasCause("NamespaceTerminating") },
  // Its reason is that of any error inside the server. Conversion is asked of a webhook, too, and its failure says so.
  {
    code: "PL-KUBE-WEBHOOK-AWAY",
    when: says(/^(Internal error occurred: )*failed calling webhook |conversion webhook for .* failed: /),
  },
  // A webhook chooses status and reason of its refusal; that it was one stands only in the message, before the webhook's own words.
  { code: "PL-KUBE-WEBHOOK", when: says(/^(Internal error occurred: )?admission webhook "/) },
  // A policy's refusal is about the object, whatever its status.
  { code: "PL-KUBE-INVALID", when: says(/ValidatingAdmissionPolicy '/) },
  // Quota and missing permission have the same status, reason and (no) causes.
  { code: "PL-KUBE-QUOTA", when: (refusal) => refusal.http === 403 && says(/exceeded quota:/)(refusal) },
  { code: "PL-KUBE-FORBIDDEN", when: http(403) },
  { code: "PL-KIND-UNKNOWN", when: (refusal) => refusal.http === 404 && refusal.name === undefined },
  { code: "PL-KUBE-NOT-FOUND", when: http(404) },
  { code: "PL-KUBE-CONFLICT", when: http(409) },
  { code: "PL-KUBE-IMMUTABLE", when: (refusal) => refusal.http === 422 && says(IMMUTABLE)(refusal) },
  { code: "PL-KUBE-UNKNOWN-FIELD", when: (refusal) => isRefusedManifest(refusal) && says(UNKNOWN_FIELD)(refusal) },
  { code: "PL-KUBE-INVALID", when: isRefusedManifest },
];

function isRefusedManifest({ http: status, verb, reason }: Refusal): boolean {
  if ([400, 405, 413, 422].includes(status)) return true;
  return status === 500 && reason === undefined && (verb === "apply" || verb === "dry-run");
}

/** An answer that is no success as an error: code by status, reason and causes; `where` is the object. */
export function answerError(answer: Answer, call: Pick<Call, "verb" | "kind">, ref?: Ref): PlumblineError {
  const refusal = readRefusal(answer, call.verb);
  const code = RULES.find(({ when }) => when(refusal))?.code ?? "PL-KUBE-UNEXPECTED";
  const next = nextStep(code, refusal);
  return new PlumblineError(code, {
    message: isSecret(ref, call.kind) ? sayWithoutValues(refusal) : say(refusal),
    where: ref === undefined ? call.kind : formatRef(ref),
    ...(next === undefined ? {} : { next }),
    ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
  });
}

/** The server looks at every owner's fields in the version that he wrote in, and gives up where it cannot: kube-apiserver 1.36. */
const UNCONVERTED = /failed to convert (?:\w+ )*object at version ([A-Za-z0-9./-]{1,300}):/;

function nextStep(code: ErrorCode, { kind, name, message }: Refusal): string | undefined {
  const version = UNCONVERTED.exec(message)?.[1];
  if (version !== undefined) {
    return `another manager wrote the object in ${version}, which lacks the field: give the definition a conversion webhook, or both versions the same fields`;
  }
  if (code !== "PL-KUBE-NOT-FOUND" || kind !== "namespaces") return undefined;
  return `create Namespace ${name}, or set spec.destination.createNamespace`;
}

function readRefusal(answer: Answer, verb: Call["verb"]): Refusal {
  const parsed = tryParse(answer.text);
  const status = isJsonObject(parsed) ? parsed : {};
  const details = isJsonObject(status["details"]) ? status["details"] : {};
  const named = details["retryAfterSeconds"];
  return {
    http: answer.status,
    verb,
    reason: textOf(status["reason"]),
    message: textOf(status["message"]) ?? firstLine(answer.text),
    causes: (Array.isArray(details["causes"]) ? details["causes"] : []).map(causeOf),
    kind: textOf(details["kind"]),
    name: textOf(details["name"]),
    retryAfter: retryAfterSeconds(answer) ?? (typeof named === "number" ? named : undefined),
  };
}

function causeOf(cause: Json): Cause {
  const { reason, field, message } = isJsonObject(cause) ? cause : {};
  return { reason: textOf(reason) ?? "", field: textOf(field) ?? "", message: textOf(message) ?? "" };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

const LONGEST = 1000;
const MOST_CAUSES = 5;

function say({ http: status, message, causes }: Refusal): string {
  const parts = causes
    .filter(({ field }) => field !== "")
    .slice(0, MOST_CAUSES)
    .map(({ field, message: text }) => `${field}: ${text}`);
  const more = causes.length > MOST_CAUSES ? [`and ${causes.length - MOST_CAUSES} more`] : [];
  const said = parts.length > 0 ? [...parts, ...more].join("; ") : message.replace(/\s*\n\s*/g, " ");
  return clip(said === "" ? `the server answered ${status}` : said);
}

function clip(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function isSecret(ref: Ref | undefined, kind: string): boolean {
  return (ref?.kind ?? kind) === "Secret";
}

/** The authorizer's sentence has names alone: who may not do what, to which resource, and where. */
const RIGHT =
  /User "[^"]{1,500}" cannot [a-z]{1,30} resource "[a-z0-9./-]{1,300}" in API group "[a-z0-9.-]{0,253}"( in the namespace "[a-z0-9-]{1,63}"| at the cluster scope)/;

/** The server repeats what it refuses. Of what it says about a Secret, only reasons and the names of fields are kept. */
function sayWithoutValues({ http: status, reason, causes, message }: Refusal): string {
  const undeclared = [...message.matchAll(/(\.[A-Za-z0-9._-]{1,80}): field not declared in schema/g)].map(
    ([, field]) => field,
  );
  const fields = [...new Set([...causes.map(({ field }) => field), ...undeclared])].filter(Boolean);
  const reasons = [...new Set([reason, ...causes.map((cause) => cause.reason)])].filter(Boolean);
  const about = fields.length > 0 ? ` about ${fields.slice(0, MOST_CAUSES).join(", ")}` : "";
  const said = reasons.length > 0 ? ` (${reasons.join(", ")})` : "";
  const right = RIGHT.exec(message)?.[0];
  if (right !== undefined) return right;
  return `the server answered ${status}${said}${about}; its words are left out, since they may hold values of the Secret`;
}
