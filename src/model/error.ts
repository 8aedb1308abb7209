import type { RetryKind } from "./code-entry.ts";
import { ERROR_CODES, type ErrorCode } from "./codes.ts";

export interface ErrorDetails {
  /** One sentence: what is wrong, with the names and numbers at hand. Never a secret. */
  readonly message: string;
  /** Where: "apps/web/deploy.yaml:14", "Deployment shop/web", a setting's name. */
  readonly where?: string;
  /** What to do about it, where the table's own sentence can be said better. */
  readonly next?: string;
  readonly cause?: unknown;
  /** Seconds that a server asked us to wait. */
  readonly retryAfter?: number;
}

/** An error as it is printed, logged, stored and answered: plain data. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly where?: string;
  readonly next: string;
  readonly retry: RetryKind;
}

/** The one error class. `code` is what programs look at; message, where and next are for people. */
export class PlumblineError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly next: string;
  readonly retry: RetryKind;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, { message, where, next, cause, retryAfter }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PlumblineError";
    this.code = code;
    this.where = where;
    this.next = next ?? ERROR_CODES[code].next;
    this.retry = ERROR_CODES[code].retry;
    this.retryAfter = retryAfter;
  }

  /** `PL-YAML-TAB  apps/web/deploy.yaml:14  a tab where YAML wants spaces` and the next step below. */
  override toString(): string {
    return formatProblem(toProblem(this));
  }
}

/** Any thrown thing as data. What is not a PlumblineError becomes PL-INTERNAL, with its message. */
export function toProblem(error: unknown): Problem {
  if (error instanceof PlumblineError) {
    const { code, message, where, next, retry } = error;
    return where === undefined ? { code, message, next, retry } : { code, message, where, next, retry };
  }
  const { next, retry } = ERROR_CODES["PL-INTERNAL"];
  return { code: "PL-INTERNAL", message: error instanceof Error ? error.message : String(error), next, retry };
}

export function formatProblem({ code, where, message, next }: Problem): string {
  return `${[code, where, message].filter((part) => part !== undefined).join("  ")}\n  next: ${next}`;
}
