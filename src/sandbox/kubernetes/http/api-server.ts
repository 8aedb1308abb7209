import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isLoopbackHost } from "../../../kit/loopback-host.ts";
import type { JsonObject } from "../../../model/index.ts";
import { ApiError, badRequest, notAllowed, notServed } from "../api-error.ts";
import { discoveryDocument } from "../catalogue/index.ts";
import type { Machine, Target } from "../verbs/machine.ts";
import type { Query } from "../verbs/read.ts";
import { answerReview, isAboutCallers } from "./access-review.ts";
import { sendDocument, sendText } from "./answer.ts";
import { type Answering, negotiate } from "./negotiate.ts";
import { answerObjects } from "./objects.ts";
import { queryOf } from "./request.ts";
import { type Route, routeOf } from "./route.ts";

/** One request that was answered, for who counts them. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly userAgent: string;
  readonly code: number;
}

interface Serving {
  readonly onRequest?: (request: SeenRequest) => void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

const NOT_FOUND = "404 page not found\n";

const SERVED_VERSION = { major: "1", minor: "36", gitVersion: "v1.36.3+plumbline-sandbox" } as const;

/** The HTTP server, not yet listening. */
export function createApiServer(machine: Machine, { onRequest }: Serving): Server {
  return createServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    const userAgent = request.headers["user-agent"] ?? "";
    response.once("close", () => onRequest?.({ method, url, userAgent, code: response.statusCode }));
    answer(machine, request, response).catch((error: unknown) => refuse(request, response, error));
  });
}

async function answer(machine: Machine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  requireLoopback(request);
  const url = new URL(request.url ?? "/", "http://sandbox");
  const exchange = { request, response, url };
  const route = routeOf(url.pathname, machine.catalogue);
  if (route.kind === "objects") {
    const { target, query } = askedOf(route, url);
    await answerObjects(machine, target, { request, response, query });
  } else if (isAboutCallers(url.pathname)) await answerReview(url.pathname, request, response);
  else if (request.method !== "GET" && request.method !== "HEAD" && route.kind !== "unknown") throw notAllowed();
  else answerAbout(machine, route, exchange);
}

/** The old way to watch one object says by its path what a field selector says otherwise. */
function askedOf({ target, watch }: Extract<Route, { kind: "objects" }>, url: URL): { target: Target; query: Query } {
  const query = queryOf(url);
  if (watch !== true) return { target, query };
  const { name, ...all } = target;
  const one = name === undefined ? [] : [["fieldSelector", `metadata.name=${name}`] as const];
  return { target: all, query: new Map([...query, ["watch", "true"], ...one]) };
}

/** A page in a browser may make it ask loopback under another name: it shall not reach what people try out here. */
function requireLoopback({ headers: { host = "", origin } }: IncomingMessage): void {
  if (origin === undefined && isLoopbackHost(host)) return;
  throw new ApiError(403, {
    reason: "Forbidden",
    message: "the sandbox answers programs on this machine only, under 127.0.0.1",
  });
}

function answerAbout(machine: Machine, route: Exclude<Route, { kind: "objects" }>, exchange: Exchange): void {
  switch (route.kind) {
    case "plain":
      answerPlain(machine, route.name, exchange.response);
      break;
    case "discovery":
      answerDiscovery(machine, route.segments, exchange);
      break;
    case "openapi":
      answerOpenApi(machine, route.segments, exchange.response);
      break;
    case "unknown":
      if (route.known) throw notServed();
      sendText(exchange.response, { code: 404, text: NOT_FOUND });
  }
}

function answerPlain({ catalogue }: Machine, name: string, response: ServerResponse): void {
  if (name === "") {
    sendDocument(response, { code: 200, body: { paths: pathsOf(catalogue) } });
    return;
  }
  if (name === "version") sendDocument(response, { code: 200, body: versionDocument() });
  else sendText(response, { code: 200, text: "ok" });
}

/** Where something is to be found. */
function pathsOf(catalogue: Machine["catalogue"]): string[] {
  const apis = catalogue
    .all()
    .flatMap(({ group, version }) => (group === "" ? [] : [`/apis/${group}`, `/apis/${group}/${version}`]));
  return [
    ...new Set(["/api", "/api/v1", "/apis", ...apis, "/healthz", "/livez", "/openapi/v3", "/readyz", "/version"]),
  ];
}

function versionDocument(): JsonObject {
  return {
    ...SERVED_VERSION,
    emulationMajor: SERVED_VERSION.major,
    emulationMinor: SERVED_VERSION.minor,
    minCompatibilityMajor: SERVED_VERSION.major,
    minCompatibilityMinor: "35",
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    compiler: "none",
    platform: `${process.platform}/${process.arch}`,
  };
}

function answerDiscovery({ catalogue }: Machine, segments: readonly string[], { request, response }: Exchange): void {
  const answering = negotiate(request.headers.accept, segments.length === 1 ? ["aggregated"] : []);
  const body = discoveryDocument(catalogue, segments, { aggregated: answering.shape === "aggregated" });
  if (body !== undefined) sendDocument(response, { code: 200, body }, answering);
  else if (segments[0] === "api") throw notServed();
  else sendText(response, { code: 404, text: NOT_FOUND });
}

/** kubectl asks for version 2 where a definition is younger than what it has read of version 3, and then leaves it to the server to
 *  validate fields: a document that describes no kind is enough, and true. In protobuf: swagger, info and paths. */
const EMPTY_V2 = Buffer.concat([Buffer.from([10, 3]), Buffer.from("2.0"), Buffer.from([18, 0, 66, 0])]);
const PROTOBUF_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

function answerOpenApi({ catalogue }: Machine, [version, ...path]: readonly string[], response: ServerResponse): void {
  if (version === "v2") {
    response.writeHead(200, { "content-type": PROTOBUF_V2, "content-length": EMPTY_V2.length }).end(EMPTY_V2);
    return;
  }
  const body = path.length === 0 ? catalogue.openApiIndex() : catalogue.openApi(path.join("/"));
  if (body === undefined) sendText(response, { code: 404, text: NOT_FOUND });
  // The real server says of the index that it is text.
  else if (path.length === 0) sendText(response, { code: 200, text: JSON.stringify(body) });
  else sendDocument(response, { code: 200, body });
}

/** Every way to go wrong ends in a Status; what is nobody's fault but ours says so. */
function refuse({ headers }: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy(error instanceof Error ? error : undefined);
    return;
  }
  const known =
    error instanceof ApiError
      ? error
      : error instanceof URIError
        ? badRequest("the path cannot be read")
        : internal(error);
  sendDocument(response, { code: known.code, body: known.status() }, refusalAs(headers.accept));
}

function refusalAs(accept: string | undefined): Answering {
  const yaml = accept?.startsWith("application/yaml") === true;
  return { shape: "object", yaml, contentType: yaml ? "application/yaml" : "application/json" };
}

function internal(error: unknown): ApiError {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, { reason: "InternalError", message: `Internal error occurred: ${message}` });
}
