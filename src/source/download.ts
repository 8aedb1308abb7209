import { readAccess, settingsFor } from "./access.ts";
import type { Connections } from "./connections.ts";
import { GIT_CODES, transportError } from "./transport-error.ts";
import type { RepositorySettings } from "./types.ts";

/** As much as one file of a chart or kustomization may have. */
const MAX_BYTES = 5 * 2 ** 20;

export interface DownloadOptions {
  readonly connections: Connections;
  readonly repositories: readonly RepositorySettings[];
  readonly timeoutMs: number;
  /** Ends the request. */
  readonly closed: AbortSignal;
}

/** One file, whole. Errors: PL-GIT-UNREACHABLE, -TIMEOUT, -DENIED, -NOT-FOUND, -TOO-LARGE. */
export async function downloadFile(url: URL, options: DownloadOptions): Promise<Uint8Array> {
  const { connections, repositories, timeoutMs, closed } = options;
  const signal = AbortSignal.any([closed, AbortSignal.timeout(timeoutMs)]);
  const asked = { repo: url.href, codes: GIT_CODES, signal };
  try {
    const answer = await connections.send({
      ...asked,
      method: "GET",
      url,
      headers: { "user-agent": "plumbline", "accept-encoding": "identity" },
      access: await readAccess(settingsFor({ href: url.href }, repositories)),
      trustedOrigin: url.origin,
      maxBytes: MAX_BYTES,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    throw transportError(error, asked);
  }
}
