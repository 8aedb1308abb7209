import type { FastifyReply, FastifyRequest } from "fastify";
import { isJsonObject, PlumblineError } from "../../model/index.ts";
import { type PeerAnswer, REPLICA_HEADER, type Replica } from "../../replicas/index.ts";
import { callerOf } from "../access.ts";
import { wantsStream } from "../event-streams.ts";
import { requestSignal } from "../lifetime.ts";
import type { Api, ApiOptions } from "../options.ts";
import type { ReplicaFleet } from "./fleet.ts";
import type { Aged } from "./last-answers.ts";
import type { LastKnown } from "./last-known.ts";

/** Says how old an answer is that another replica gave, and cannot give any more. */
const AS_OF_HEADER = "plumbline-as-of";
const OF_ONE = "/api/v1/applications/:namespace/:name";
/** What is only looked up; what is computed anew takes longer. */
const LOOKED_UP_MS = 5000;
const COMPUTED_MS = 60_000;
/** A sync may be waited for as long. */
const LONGEST_WAIT_MS = 660_000;
const COMPUTED = [`${OF_ONE}/plan`, `${OF_ONE}/manifests`];

type Parts = Pick<ApiOptions, "report" | "control">;

/**
 * Whatever is asked about one application is answered by the replica that works on it. While nobody does, or it does not answer, what was read before is
 * answered again with its age, and what would change something is refused.
 */
export function forwardToOwner(
  app: Api,
  fleet: ReplicaFleet | undefined,
  { report, control, last }: Parts & { readonly last: LastKnown | undefined },
): void {
  if (fleet === undefined || last === undefined) return;
  app.addHook("preHandler", async (request, reply) => {
    const application = applicationIn(request);
    if (application === undefined || !callerOf(request).sees(application)) return;
    if (report.get(application) !== undefined) return;
    const isDeclared = control.application(application) !== undefined;
    if (isDeclared && request.routeOptions.config.answeredBy === "all" && !wantsStream(request)) return;
    const isAsked = await fleet.peers.knows(request.headers[REPLICA_HEADER]);
    if (isDeclared && isAsked) throw movingError(application);
    // What is being deleted, or is nowhere, is known to the replica that it falls to.
    if (!isDeclared && (isAsked || fleet.ownerOf(application).id === fleet.self.id)) return;
    return await answered({ request, reply, application, fleet, last });
  });
}

function applicationIn({ routeOptions, params }: FastifyRequest): string | undefined {
  if (routeOptions.url?.startsWith(OF_ONE) !== true || !isJsonObject(params)) return undefined;
  return `${String(params["namespace"])}/${String(params["name"])}`;
}

interface Forwarding {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly application: string;
  readonly fleet: ReplicaFleet;
  readonly last: LastKnown;
}

async function answered(forwarding: Forwarding): Promise<FastifyReply> {
  const { request, reply, application, last } = forwarding;
  try {
    return await answeredByOthers(forwarding);
  } catch (error) {
    if (!isAway(error) || request.method !== "GET") throw error;
    // A reader of events that is refused does not come back; one whose stream ends does.
    if (wantsStream(request)) return reply.type("text/event-stream").send(`: ${error.message}\nretry: 2000\n\n`);
    const known = last.answers.of(keyOf(request)) ?? (isDetail(request) ? last.detailOf(application) : undefined);
    if (known === undefined) throw error;
    forwarding.fleet.counted("remembered");
    return sendAged(reply, known);
  }
}

function sendAged(reply: FastifyReply, { value, at }: Aged): FastifyReply {
  // With asOf in it, so that nobody takes it for what is.
  const text = JSON.stringify({ ...value, asOf: at });
  return reply.code(200).header(AS_OF_HEADER, at).type("application/json").send(text);
}

/** Errors: PL-REPLICA-AWAY, PL-REPLICA-MOVING; the caller's hanging up. */
async function answeredByOthers(forwarding: Forwarding): Promise<FastifyReply> {
  const { request, reply, application, fleet, last } = forwarding;
  let away: PlumblineError | undefined;
  for (const replica of inTurn(application, fleet)) {
    try {
      const answer = await passOn(forwarding, replica);
      fleet.counted("answered");
      if ("body" in answer) return reply.code(200).type("text/event-stream").send(answer.body);
      const { status, text } = answer;
      if (isMoving(answer)) continue;
      if (request.method === "GET" && status === 200) last.answers.note(keyOf(request), text, Date.now());
      return reply
        .code(status)
        .type(status < 400 ? "application/json" : "application/problem+json")
        .send(text);
    } catch (error) {
      if (!isAway(error)) throw error;
      fleet.counted("away");
      // Whoever does not answer may have done it.
      if (request.method !== "GET") throw error;
      away ??= error;
    }
  }
  throw away ?? movingError(application);
}

/** Who works on it; then the others, one of whom may not have let go of it yet. */
function inTurn(application: string, { ownerOf, others, self }: ReplicaFleet): readonly Replica[] {
  const owner = ownerOf(application);
  return [owner, ...others()].filter(({ id }, i) => id !== self.id && (i === 0 || id !== owner.id));
}

async function passOn({ request, reply, fleet }: Forwarding, replica: Replica) {
  const gone = new AbortController();
  const unsubscribe = fleet.onChange(() => {
    if (!fleet.others().some(({ id }) => id === replica.id)) gone.abort(goneError(replica));
  });
  const asked = {
    method: methodOf(request),
    path: pathOf(request),
    headers: passedHeaders(request),
    waitMs: waitMsFor(request),
    signal: AbortSignal.any([requestSignal(reply), gone.signal]),
    ...(request.body === undefined || request.body === null ? {} : { body: JSON.stringify(request.body) }),
  };
  if (!wantsStream(request)) return await fleet.peers.send(replica, asked).finally(unsubscribe);
  // Ends with the replica, too: a process that stands still ends no stream of its own.
  reply.raw.once("close", unsubscribe);
  return await fleet.peers.open(replica, asked);
}

function waitMsFor({ method, routeOptions: { url = "" }, query }: FastifyRequest): number {
  if (method !== "GET") return LONGEST_WAIT_MS;
  const isComputed = COMPUTED.includes(url) || (isJsonObject(query) && query["show"] !== undefined);
  return isComputed ? COMPUTED_MS : LOOKED_UP_MS;
}

function passedHeaders({ headers }: FastifyRequest): { [name: string]: string } {
  const passed = ["authorization", "accept", "last-event-id"].flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value] as const] : [];
  });
  return Object.fromEntries(passed);
}

function methodOf({ method }: FastifyRequest): "GET" | "POST" | "PUT" | "PATCH" | "DELETE" {
  return method === "POST" || method === "PUT" || method === "PATCH" || method === "DELETE" ? method : "GET";
}

/** The address as it was asked, and nothing of another machine: a request may name one in front of it (RFC 9112, 3.2.2). */
export function pathOf({ url }: FastifyRequest): string {
  const { pathname, search } = new URL(url, "http://replica");
  return pathname + search;
}

/** What an operator is shown may be more than what a viewer is. */
function keyOf(request: FastifyRequest): string {
  return `${callerOf(request).role} ${pathOf(request)}`;
}

function isDetail({ routeOptions }: FastifyRequest): boolean {
  return routeOptions.url === OF_ONE;
}

function isMoving({ status, value }: PeerAnswer): boolean {
  return status === 503 && value["code"] === "PL-REPLICA-MOVING";
}

function isAway(error: unknown): error is PlumblineError {
  return error instanceof PlumblineError && (error.code === "PL-REPLICA-AWAY" || error.code === "PL-REPLICA-MOVING");
}

function movingError(application: string): PlumblineError {
  const message = `no replica works on ${application} at the moment: it is on its way from one to another`;
  return new PlumblineError("PL-REPLICA-MOVING", { message, where: application, retryAfter: 3 });
}

function goneError({ id }: Replica): PlumblineError {
  return new PlumblineError("PL-REPLICA-AWAY", { message: `replica ${id} has gone before it answered` });
}
