import type { FastifyReply, FastifyRequest } from "fastify";
import { parseJson } from "../../kit/parse-json.ts";
import { isJsonObject, toProblem } from "../../model/index.ts";
import { type PeerAnswer, REPLICA_HEADER, type Replica } from "../../replicas/index.ts";
import { callerOf } from "../access.ts";
import { requestSignal } from "../lifetime.ts";
import type { Api } from "../options.ts";
import type { ReplicaFleet } from "./fleet.ts";
import { LastAnswers } from "./last-answers.ts";

/** Says how old an answer is that another replica gave, and cannot give any more. */
const AS_OF_HEADER = "plumbline-as-of";
/** A sync may be waited for as long. */
const LONGEST_WAIT_MS = 660_000;
const READ_WAIT_MS = 60_000;

/** Whatever is asked about one application is answered by the replica that works on it, or else, where it was only read, as that one answered last. */
export function forwardToOwner(app: Api, fleet: ReplicaFleet | undefined): void {
  if (fleet === undefined) return;
  const last = new LastAnswers();
  app.addHook("preHandler", async (request, reply) => {
    const application = applicationIn(request);
    if (application === undefined || !callerOf(request).sees(application)) return;
    const owner = fleet.ownerOf(application);
    if (owner.id === fleet.self.id || (await fleet.peers.knows(request.headers[REPLICA_HEADER]))) return;
    return await answered({ request, reply, owner, fleet, last });
  });
}

function applicationIn({ routeOptions, params }: FastifyRequest): string | undefined {
  if (routeOptions.url?.startsWith("/api/v1/applications/:namespace/:name") !== true || !isJsonObject(params))
    return undefined;
  return `${String(params["namespace"])}/${String(params["name"])}`;
}

interface Forwarding {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly owner: Replica;
  readonly fleet: ReplicaFleet;
  readonly last: LastAnswers;
}

async function answered({ request, reply, owner, fleet, last }: Forwarding): Promise<FastifyReply> {
  const isRead = request.method === "GET";
  try {
    if (isRead && request.headers.accept?.includes("text/event-stream") === true)
      return await passOnStream(request, reply, { owner, fleet });
    const answer = await passOn(request, reply, { owner, fleet });
    if (isRead && answer.status === 200) last.note(request.url, answer.text);
    return reply.code(answer.status).type(answer.type).send(answer.text);
  } catch (error) {
    const known = isRead && toProblem(error).code === "PL-REPLICA-AWAY" ? last.of(request.url) : undefined;
    if (known === undefined) throw error;
    return reply.code(200).header(AS_OF_HEADER, known.at).type("application/json").send(known.text);
  }
}

type Way = Pick<Forwarding, "owner" | "fleet">;

async function passOn(request: FastifyRequest, reply: FastifyReply, { owner, fleet }: Way): Promise<PeerAnswer> {
  return await fleet.peers.send(owner, {
    method: methodOf(request),
    path: request.url,
    headers: passedHeaders(request),
    waitMs: request.method === "GET" ? READ_WAIT_MS : LONGEST_WAIT_MS,
    signal: requestSignal(reply),
    ...(request.body === undefined || request.body === null ? {} : { body: JSON.stringify(request.body) }),
  });
}

async function passOnStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { owner, fleet }: Way,
): Promise<FastifyReply> {
  const signal = requestSignal(reply);
  const headers = passedHeaders(request);
  const { status, type, body } = await fleet.peers.open(owner, { method: "GET", path: request.url, headers, signal });
  return reply.code(status).header("content-type", type).send(body);
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

/** A page of another replica's. What is no such page has no items. */
export function pageIn(text: string): {
  readonly items: readonly object[];
  readonly total: number;
  readonly next?: string;
} {
  const page = parseJson(text);
  if (!isJsonObject(page) || !Array.isArray(page["items"])) return { items: [], total: 0 };
  const { items, total, next } = page;
  return {
    items: items.filter(isJsonObject),
    total: typeof total === "number" ? total : items.length,
    ...(typeof next === "string" ? { next } : {}),
  };
}
