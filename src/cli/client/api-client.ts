import { setTimeout as wait } from "node:timers/promises";
import type { ProblemAnswer } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { ERROR_CODES, type ErrorCode, isJsonObject, PlumblineError } from "../../model/index.ts";
import { age } from "../print/age.ts";
import type { ClientSettings } from "../settings/client.ts";

export type Query = { readonly [name: string]: string | undefined };

interface PageOf<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly incomplete?: string;
}

interface Asking {
  readonly query?: Query;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A replica that is gone is replaced by then. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;

type Settings = Pick<ClientSettings, "server" | "token" | "say">;

const JSON_BODY = { "content-type": "application/json" };

/** A Plumbline server. The types of its answers are those of the API; both come from one build, so they are trusted. */
export class ApiClient {
  readonly #settings: Settings;
  readonly #said = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return await read(await this.request(path, { query }));
  }

  async post<T>(path: string, { query = {}, body }: { query?: Query; body?: object } = {}): Promise<T> {
    const json = body === undefined ? {} : { body: JSON.stringify(body), headers: JSON_BODY };
    return await read(await this.request(path, { method: "POST", query, ...json }));
  }

  async delete<T>(path: string, query: Query): Promise<T> {
    return await read(await this.request(path, { method: "DELETE", query }));
  }

  /** Every item of a list, page after page. */
  async all<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page: PageOf<T> = await this.get(path, { ...query, limit: "1000", continue: next });
      items.push(...page.items);
      if (page.incomplete !== undefined) this.#say(page.incomplete);
      next = page.next;
    } while (next !== undefined);
    return items;
  }

  /** Says how old an answer is that is no new one. What no replica can do for a moment is asked again. Errors: PL-API-UNREACHABLE, and whatever code the server's problem has. */
  async request(path: string, asking: Asking): Promise<Response> {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const response = await this.#send(path, asking);
      if (response.ok) {
        const asOf = response.headers.get("plumbline-as-of");
        if (asOf !== null)
          this.#say(`as it was ${age(asOf, Date.now())} ago: the replica that works on it does not answer`);
        return response;
      }
      const problem = await problemOf(response, this.#settings.server);
      if (!isWorthWaiting(problem, asking) || performance.now() > end) throw problem;
      this.#say(`waits: ${problem.message}`);
      await wait(PAUSE_MS);
    }
  }

  async #send(path: string, { query = {}, method = "GET", headers = {}, body }: Asking): Promise<Response> {
    const { server, token } = this.#settings;
    const url = new URL(server + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    try {
      return await fetch(url, {
        ...{ method, headers: { ...authorization, ...headers }, redirect: "error" as const },
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      throw new PlumblineError("PL-API-UNREACHABLE", {
        message: `no answer: ${reasonOf(cause)}`,
        where: server,
        cause,
      });
    }
  }

  /** Once. */
  #say(words: string): void {
    if (this.#said.has(words)) return;
    this.#said.add(words);
    this.#settings.say(`${printable(words)}\n`);
  }
}

/** Nothing was done, or nothing was to be done. */
function isWorthWaiting({ code }: PlumblineError, { method = "GET" }: Asking): boolean {
  return code === "PL-REPLICA-MOVING" || (code === "PL-REPLICA-AWAY" && method === "GET");
}

async function read<T>(response: Response): Promise<T> {
  return JSON.parse(await response.text());
}

/** fetch says only "fetch failed"; its cause knows more. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

async function problemOf(response: Response, server: string): Promise<PlumblineError> {
  const problem = parseProblem(await response.text());
  if (problem === undefined) {
    const message = `it answers ${response.status} without saying why; perhaps this is another program`;
    return new PlumblineError("PL-API-UNREACHABLE", { message, where: server });
  }
  const { code, detail, where, next } = problem;
  return new PlumblineError(code, { message: detail, next, ...(where === undefined ? {} : { where }) });
}

function parseProblem(text: string): Pick<ProblemAnswer, "code" | "detail" | "where" | "next"> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // No JSON, so no problem of ours: the caller says so.
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const { code, detail, where, next } = value;
  if (!isErrorCode(code) || typeof detail !== "string" || typeof next !== "string") return undefined;
  return { code, detail, next, ...(typeof where === "string" ? { where } : {}) };
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}
