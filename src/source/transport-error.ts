import { type ErrorCode, PlumblineError } from "../model/index.ts";

/** Which of our codes say what went wrong with a request: those of Git, or those of charts. */
export interface TransportCodes {
  readonly unreachable: ErrorCode;
  readonly timeout: ErrorCode;
  readonly denied: ErrorCode;
  readonly notFound: ErrorCode;
  readonly tooLarge: ErrorCode;
}

export const GIT_CODES: TransportCodes = {
  unreachable: "PL-GIT-UNREACHABLE",
  timeout: "PL-GIT-TIMEOUT",
  denied: "PL-GIT-DENIED",
  notFound: "PL-GIT-NOT-FOUND",
  tooLarge: "PL-GIT-TOO-LARGE",
};

export const CHART_CODES: TransportCodes = {
  unreachable: "PL-CHART-UNREACHABLE",
  timeout: "PL-CHART-TIMEOUT",
  denied: "PL-CHART-DENIED",
  notFound: "PL-CHART-NOT-FOUND",
  tooLarge: "PL-CHART-TOO-LARGE",
};

/** The request that went wrong. */
interface Asked {
  readonly repo: string;
  readonly signal: AbortSignal;
  readonly codes: TransportCodes;
}

/** The machine-readable code of a thrown thing, wherever its layers keep it: Node, undici, isomorphic-git. */
export function codeOf(error: unknown): string | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    if ("code" in one && typeof one.code === "string") return one.code;
  return undefined;
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

const CERTIFICATE = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|INVALID_CA)/;

/**
 * What broke a connection, as one of ours. Neither message nor cause of the library's error is kept: both may quote a request,
 * and a request carries the credentials.
 */
export function transportError(error: unknown, asked: Asked): PlumblineError {
  if (error instanceof PlumblineError) return error;
  const { repo, signal, codes } = asked;
  if (signal.aborted) return abortError(asked);
  const code = codeOf(error) ?? "unknown";
  if (TIMEOUTS.has(code)) return timeout(asked);
  if (CERTIFICATE.test(code))
    return new PlumblineError(codes.unreachable, {
      message: `the certificate of the server is not trusted (${code})`,
      where: repo,
      next: "name the certificate authority with caFile in the settings of this repository",
    });
  return new PlumblineError(codes.unreachable, { message: `the connection failed (${code})`, where: repo });
}

function abortError(asked: Asked): PlumblineError {
  const reason: unknown = asked.signal.reason;
  if (reason instanceof Error && reason.name === "TimeoutError") return timeout(asked);
  return new PlumblineError("PL-PASS-CANCELLED", {
    message: "the request to the repository was ended before its end",
    where: asked.repo,
  });
}

function timeout({ repo, codes }: Asked): PlumblineError {
  return new PlumblineError(codes.timeout, { message: "the repository took too long to answer", where: repo });
}

interface BadStatus {
  readonly status: number;
  readonly retryAfter: string;
  readonly repo: string;
  readonly codes: TransportCodes;
}

/** An answer that is no 200. Its body is not looked at: some servers print the request in it. */
export function statusError({ status, retryAfter, repo, codes }: BadStatus): PlumblineError {
  const message = `the server answers with status ${status}`;
  if (status === 401 || status === 403) return new PlumblineError(codes.denied, { message, where: repo });
  if (status === 404 || status === 410) return new PlumblineError(codes.notFound, { message, where: repo });
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds } : {};
  return new PlumblineError(codes.unreachable, { message, where: repo, ...wait });
}
