import { readFileSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { load } from "js-yaml";
import { parseJson } from "../../../src/kit/parse-json.ts";
import { isJsonObject } from "../../../src/model/index.ts";
import type { Answer, Call } from "./scenario.ts";
import type { Target } from "./target.ts";

const PATIENCE_MS = 15_000;

export interface OpenWatch {
  /** Reads until there were so many events, the answer's end, or 15 s; then closes. */
  read(events: number): Promise<Answer>;
}

export interface Client {
  send(call: Call): Promise<Answer>;
  watch(call: Call): Promise<OpenWatch>;
  close(): void;
}

/** Asks over a few kept connections, as clients do. */
export function clientOf(target: Target): Client {
  const agent = target.caFile === undefined ? new PlainAgent({ keepAlive: true }) : new TlsAgent(tlsOptions(target));
  const open = (call: Call) => opened(target, agent, call);
  return {
    send: async (call) => {
      const response = await open(call);
      return answerOf(response, await text(response));
    },
    watch: async (call) => {
      const response = await open(call);
      return { read: (events) => readEvents(response, events) };
    },
    close: () => agent.destroy(),
  };
}

function tlsOptions({ caFile }: Target): { keepAlive: true; ca: Buffer } {
  return { keepAlive: true, ca: readFileSync(caFile ?? "") };
}

function opened(target: Target, agent: PlainAgent | TlsAgent, call: Call): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const body = typeof call.body === "string" || call.body === undefined ? call.body : JSON.stringify(call.body);
  // Of a DELETE node would not say how long its body is, and the server would take it for the next request.
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const headers = { accept: "application/json", ...tokenOf(target), ...typeOf(call), ...length, ...call.headers };
  const options = { method: call.method, headers, agent };
  const url = new URL(target.url + call.path);
  const sent: ClientRequest = url.protocol === "https:" ? tlsRequest(url, options) : plainRequest(url, options);
  sent.on("response", resolve);
  sent.on("error", (error) => reject(new Error(`${call.method} ${call.path}: ${error.message}`, { cause: error })));
  sent.setTimeout(PATIENCE_MS * 2, () => sent.destroy(new Error("no answer")));
  sent.end(body);
  return promise;
}

const tokenOf = ({ token }: Target): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const typeOf = ({ body }: Call): Record<string, string> =>
  body === undefined ? {} : { "content-type": "application/json" };

function answerOf({ statusCode = 0, headers, headersDistinct }: IncomingMessage, body: string): Answer {
  const kept = {
    ...(headers["content-type"] === undefined ? {} : { "content-type": headers["content-type"] }),
    ...(headersDistinct["warning"] === undefined ? {} : { warning: headersDistinct["warning"] }),
  };
  return { status: statusCode, headers: kept, body: parsed(body, headers["content-type"]) };
}

function parsed(body: string, type = ""): unknown {
  return type.startsWith("application/yaml") ? load(body) : (parseJson(body) ?? body);
}

/** Bookmarks that end the initial events are part of the answer; the others come by the server's clock, when it is the minute for them. */
function isPeriodic(event: unknown): boolean {
  if (!isJsonObject(event) || event["type"] !== "BOOKMARK") return false;
  return !JSON.stringify(event["object"]).includes('"k8s.io/initial-events-end"');
}

async function readEvents(response: IncomingMessage, wanted: number): Promise<Answer> {
  if (response.statusCode !== 200) return answerOf(response, await text(response));
  const events: unknown[] = [];
  const giveUp = setTimeout(() => response.destroy(), PATIENCE_MS);
  try {
    for await (const line of createInterface({ input: response })) {
      const event = parseJson(line) ?? line;
      if (!isPeriodic(event)) events.push(event);
      if (events.length >= wanted) break;
    }
  } finally {
    clearTimeout(giveUp);
    response.destroy();
  }
  return { ...answerOf(response, ""), body: events };
}
