import type { FastifyBaseLogger, FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import { ERROR_CODES, type ErrorCode, PlumblineError } from "../model/index.ts";

/** RFC 9457, with our code, place and next step. */
export const ProblemAnswerSchema = Type.Object(
  {
    type: Type.String({ description: "urn:plumbline:error:CODE" }),
    title: Type.String({ description: "What the code means." }),
    status: Type.Integer(),
    detail: Type.String({ description: "What is wrong here." }),
    code: Type.Unsafe<ErrorCode>(Type.String({ description: "One of docs/errors.md." })),
    where: Type.Optional(Type.String()),
    next: Type.String({ description: "What to do about it." }),
  },
  { description: "Something is wrong (application/problem+json)." },
);
export type ProblemAnswer = Static<typeof ProblemAnswerSchema>;

/** Where the family's own status, below, does not fit. */
const STATUS: { readonly [code in ErrorCode]?: number } = {
  "PL-INTERNAL": 500,
  "PL-API-NOT-FOUND": 404,
  "PL-API-BAD-REQUEST": 400,
  "PL-API-TOO-LARGE": 413,
  "PL-API-UNAUTHENTICATED": 401,
  "PL-API-FORBIDDEN": 403,
  "PL-API-HOST": 403,
  "PL-API-CROSS-SITE": 403,
  "PL-API-BUSY": 503,
  "PL-REPLICA-AWAY": 503,
  "PL-REPLICA-MOVING": 503,
  "PL-FENCED": 503,
  "PL-WEBHOOK-DISABLED": 403,
  "PL-WEBHOOK-UNSIGNED": 401,
  "PL-WEBHOOK-SIGNATURE": 401,
  "PL-WEBHOOK-BODY": 400,
  "PL-APPROVE-MOVED": 409,
  "PL-APPROVE-UNASKED": 409,
  "PL-GIT-TIMEOUT": 504,
  "PL-KUBE-TIMEOUT": 504,
  "PL-APPLY-TIMEOUT": 504,
  "PL-PASS-CANCELLED": 503,
  "PL-OBSERVE-ONLY": 409,
  "PL-INSTRUCTION-ABSENT": 409,
  "PL-ROLLBACK-TARGET": 409,
  "PL-DECLARED": 409,
  "PL-KUBE-INVALID": 422,
  "PL-KUBE-IMMUTABLE": 422,
  "PL-KUBE-UNKNOWN-FIELD": 422,
};

/** Git and Kubernetes stand behind us; our own settings are our own fault; the rest is in what the author committed. */
const FAMILIES = [
  ["PL-GIT-", 502],
  ["PL-KUBE-", 502],
  ["PL-CONFIG-", 500],
  ["PL-DATA-", 500],
] as const;

function httpStatusOf(code: ErrorCode): number {
  return STATUS[code] ?? FAMILIES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 422;
}

/** What Fastify adds to the errors it makes; see its "Errors" and "Validation" pages. */
interface FrameworkError {
  readonly statusCode?: unknown;
  readonly validationContext?: unknown;
  readonly validation?: readonly {
    readonly instancePath: string;
    readonly params?: object;
    readonly message?: string;
  }[];
  readonly message?: unknown;
}

function isFrameworkError(error: unknown): error is FrameworkError {
  return typeof error === "object" && error !== null;
}

/** The field that does not fit: "limit", or what the schema does not know. */
function fieldOf({ instancePath, params }: { readonly instancePath: string; readonly params?: object }): string {
  const named = Object.entries(params ?? {}).find(([key]) => key === "additionalProperty" || key === "missingProperty");
  return [...instancePath.split("/").filter(Boolean), ...(named === undefined ? [] : [String(named[1])])].join(".");
}

function allowed(params: object | undefined): string {
  const values = Object.entries(params ?? {}).find(([key]) => key === "allowedValues")?.[1];
  return Array.isArray(values) ? `: ${values.join(", ")}` : "";
}

/** Any thrown thing as one of ours. What nobody foresaw says nothing of itself. */
function toPlumblineError(error: unknown): PlumblineError {
  if (error instanceof PlumblineError) return error;
  const { statusCode, validation, validationContext, message } = isFrameworkError(error) ? error : {};
  const first = validation?.[0];
  if (first !== undefined) {
    const where = fieldOf(first);
    const part = typeof validationContext === "string" ? validationContext : "request";
    const wrong = `${first.message ?? "does not fit"}${allowed(first.params)}`;
    return new PlumblineError("PL-API-BAD-REQUEST", { message: `${part}: ${where} ${wrong}`, where });
  }
  if (statusCode === 413) return new PlumblineError("PL-API-TOO-LARGE", { message: "the body is larger than is read" });
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return new PlumblineError("PL-API-BAD-REQUEST", { message: String(message) });
  }
  return new PlumblineError("PL-INTERNAL", { message: "the request failed; the server's log says why", cause: error });
}

/** Answers with the error as problem+json, and logs what is a fault of ours or of those behind us. */
export function sendProblem(thrown: unknown, reply: FastifyReply, log: FastifyBaseLogger): FastifyReply {
  const error = toPlumblineError(thrown);
  const status = httpStatusOf(error.code);
  if (status >= 500) log.error({ err: thrown, code: error.code }, "request failed");
  if (status === 401) reply.header("www-authenticate", 'Bearer realm="plumbline"');
  if (error.retryAfter !== undefined) reply.header("retry-after", String(error.retryAfter));
  const answer: ProblemAnswer = {
    type: `urn:plumbline:error:${error.code}`,
    title: ERROR_CODES[error.code].means,
    status,
    detail: error.message,
    code: error.code,
    ...(error.where === undefined ? {} : { where: error.where }),
    next: error.next,
  };
  return reply.code(status).type("application/problem+json").send(answer);
}
