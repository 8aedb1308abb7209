import { PlumblineError } from "../model/index.ts";

const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);
/** The server, or something between, had closed a connection that was kept for the next request. */
const DROPPED: ReadonlySet<string> = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);
const CERTIFICATE = /^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/** Node's and undici's code of an error, its cause's included. */
function networkCode(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) {
    if (one instanceof AggregateError && one.errors.length > 0) return networkCode(one.errors[0]);
    if ("code" in one && typeof one.code === "string") return one.code;
  }
  return undefined;
}

export function isDroppedConnection(error: unknown): boolean {
  return DROPPED.has(networkCode(error) ?? "");
}

/** A silent watch: nothing was wrong but that nothing came. */
export function isSilence(error: unknown): boolean {
  return networkCode(error) === "UND_ERR_BODY_TIMEOUT";
}

/** PL-KUBE-TIMEOUT or PL-KUBE-UNREACHABLE; a PlumblineError stays what it is. */
export function networkError(error: unknown, server: string): PlumblineError {
  if (error instanceof PlumblineError) return error;
  const code = networkCode(error) ?? (error instanceof Error ? error.name : "unknown");
  if (TIMEOUTS.has(code)) {
    return new PlumblineError("PL-KUBE-TIMEOUT", {
      message: `${server} did not answer in time (${code})`,
      where: server,
    });
  }
  const certificate = CERTIFICATE.test(code);
  return new PlumblineError("PL-KUBE-UNREACHABLE", {
    message: certificate
      ? `the certificate of ${server} is not trusted (${code})`
      : `${server} cannot be reached (${code})`,
    where: server,
    ...(certificate ? { next: "check certificate-authority and tls-server-name of the kubeconfig's cluster" } : {}),
    cause: error,
  });
}
