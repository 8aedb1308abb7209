import { ERROR_CODES, type JsonObject } from "../../model/index.ts";

export interface Cause {
  /** FieldValueInvalid, FieldManagerConflict... */
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

interface ApiErrorDetails {
  /** Plural of the resource, or its kind where validation speaks: as the real server has it. */
  readonly kind?: string;
  readonly group?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** An answer other than success: becomes a Status of apiVersion v1. Source: apimachinery, api/errors. */
export class ApiError extends Error {
  readonly code: number;
  /** Absent where the real server leaves it out (500 of a failed apply). */
  readonly reason: string | undefined;
  readonly details: ApiErrorDetails | undefined;

  constructor(
    code: number,
    { reason, message, details }: { reason?: string; message: string; details?: ApiErrorDetails },
  ) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  status(): JsonObject {
    const { code, reason, message, details } = this;
    return {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined
        ? {}
        : { details: { ...details, causes: details.causes?.map((cause) => ({ ...cause })) } }),
      code,
    };
  }
}

const UNSUPPORTED = "PL-SANDBOX-UNSUPPORTED";

/** What the sandbox knows of but does not do: an error, never a wrong answer. */
export function notInSandbox(what: string): ApiError {
  const { means, next } = ERROR_CODES[UNSUPPORTED];
  return new ApiError(501, { reason: UNSUPPORTED, message: `${UNSUPPORTED}: ${means}: ${what}; ${next}` });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, { reason: "BadRequest", message });
}

export function notAllowed(): ApiError {
  const message = "the server does not allow this method on the requested resource";
  return new ApiError(405, { reason: "MethodNotAllowed", message, details: {} });
}

/** A resource or a part of one that is not served; an object that is absent has an error of its own. */
export function notServed(): ApiError {
  return new ApiError(404, {
    reason: "NotFound",
    message: "the server could not find the requested resource",
    details: {},
  });
}
