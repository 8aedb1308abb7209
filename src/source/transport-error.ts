import { PlumblineError } from "../model/index.ts";

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
export function transportError(
  error: unknown,
  { repo, signal }: { repo: string; signal: AbortSignal },
): PlumblineError {
  if (error instanceof PlumblineError) return error;
  if (signal.aborted) return abortError(signal.reason, repo);
  const code = codeOf(error) ?? "unknown";
  if (TIMEOUTS.has(code)) return timeout(repo);
  if (CERTIFICATE.test(code))
    return new PlumblineError("PL-GIT-UNREACHABLE", {
      message: `the certificate of the server is not trusted (${code})`,
      where: repo,
      next: "name the certificate authority with caFile in the settings of this repository",
    });
  return new PlumblineError("PL-GIT-UNREACHABLE", { message: `the connection failed (${code})`, where: repo });
}

function abortError(reason: unknown, repo: string): PlumblineError {
  if (reason instanceof Error && reason.name === "TimeoutError") return timeout(repo);
  return new PlumblineError("PL-PASS-CANCELLED", {
    message: "the request to Git was ended before its end",
    where: repo,
  });
}

function timeout(repo: string): PlumblineError {
  return new PlumblineError("PL-GIT-TIMEOUT", { message: "the repository took too long to answer", where: repo });
}

/** An answer that is no 200. Its body is not looked at: some servers print the request in it. */
export function statusError(status: number, retryAfter: string | undefined, repo: string): PlumblineError {
  const message = `the server answers with status ${status}`;
  if (status === 401 || status === 403) return new PlumblineError("PL-GIT-DENIED", { message, where: repo });
  if (status === 404 || status === 410) return new PlumblineError("PL-GIT-NOT-FOUND", { message, where: repo });
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfter: seconds } : {};
  return new PlumblineError("PL-GIT-UNREACHABLE", { message, where: repo, ...wait });
}
