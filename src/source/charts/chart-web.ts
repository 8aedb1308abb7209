import { PlumblineError } from "../../model/index.ts";
import { type Access, readAccess, settingsFor, spelledUrl } from "../access.ts";
import type { Connections, HttpAnswer } from "../connections.ts";
import { CHART_CODES, transportError } from "../transport-error.ts";
import type { ChartOperation, RepositorySettings } from "../types.ts";

export interface ChartWebOptions {
  readonly connections: Connections;
  readonly repositories: readonly RepositorySettings[];
  readonly timeoutMs: number;
  /** Ends every request. */
  readonly closed: AbortSignal;
  readonly onRequest: (request: { repo: string; operation: ChartOperation; ok: boolean; durationMs: number }) => void;
}

export interface ChartGet {
  readonly repo: string;
  readonly operation: ChartOperation;
  readonly url: URL;
  readonly access: Access;
  /** The only one that is sent the access's credentials. */
  readonly trustedOrigin: string;
  readonly maxBytes: number;
  readonly headers?: { readonly [name: string]: string };
  readonly accept?: readonly number[];
}

export interface WholeAnswer extends Omit<HttpAnswer, "body"> {
  readonly body: Buffer;
}

/** GET requests of the charts' side, each read to its end. */
export class ChartWeb {
  readonly #options: ChartWebOptions;

  constructor(options: ChartWebOptions) {
    this.#options = options;
  }

  /** Credentials and authorities of a repository, by its href. Read anew each time. */
  async accessOf(href: string): Promise<Access> {
    return readAccess(settingsFor({ href }, this.#options.repositories));
  }

  /**
   * For another origin that a repository leads to: no credentials, whatever the settings have for it, because the repository and not
   * the user chose it. Trusted authorities: its own of the settings where it is named there, else those of the repository.
   */
  async accessElsewhere(url: URL, repository: Access): Promise<Access> {
    const settings = settingsFor({ href: spelledUrl(url.href) ?? url.href }, this.#options.repositories);
    const { ca } = settings === undefined ? repository : await readAccess(withoutCredentials(settings));
    return ca === undefined ? {} : { ca };
  }

  /** Errors: PL-CHART-UNREACHABLE, -TIMEOUT, -DENIED, -NOT-FOUND, -TOO-LARGE; PL-PASS-CANCELLED. */
  async get(one: ChartGet): Promise<WholeAnswer> {
    const { connections, timeoutMs, closed, onRequest } = this.#options;
    const signal = AbortSignal.any([closed, AbortSignal.timeout(timeoutMs)]);
    const started = performance.now();
    let ok = false;
    try {
      const headers = { "user-agent": "plumbline", "accept-encoding": "identity", ...one.headers };
      const answer = await connections.send({ ...one, method: "GET", headers, codes: CHART_CODES, signal });
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      ok = true;
      return { ...answer, body: Buffer.concat(chunks) };
    } catch (error) {
      throw transportError(error, { repo: one.repo, signal, codes: CHART_CODES });
    } finally {
      onRequest({ repo: one.repo, operation: one.operation, ok, durationMs: performance.now() - started });
    }
  }
}

function withoutCredentials({ url, caFile }: RepositorySettings): RepositorySettings {
  return caFile === undefined ? { url } : { url, caFile };
}

export function unreadable(repo: string, message: string): PlumblineError {
  return new PlumblineError("PL-CHART-INDEX", { message, where: repo });
}
