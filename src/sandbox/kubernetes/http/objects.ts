import type { IncomingMessage, ServerResponse } from "node:http";
import type { JsonObject, LiveObject } from "../../../model/index.ts";
import { ApiError, notAllowed, notInSandbox, notServed } from "../api-error.ts";
import type { Verb } from "../types.ts";
import { duplicateFields } from "../validate/index.ts";
import { type Machine, notFound, type Target } from "../verbs/machine.ts";
import { patchObject } from "../verbs/patch.ts";
import { listObjects, type Query, readObject } from "../verbs/read.ts";
import { deleteOptionsOf, removeCollection, removeObject } from "../verbs/remove.ts";
import { readScale, writeScale } from "../verbs/scale.ts";
import { createObject, updateObject, type WriteOptions, type Written } from "../verbs/write.ts";
import { sendDocument } from "./answer.ts";
import { type Answering, negotiate } from "./negotiate.ts";
import { isTrue, parseObject, parseValue, readBody } from "./request.ts";
import { type Shaper, shaperOf } from "./shape.ts";
import { answerWatch } from "./watch-answer.ts";
import { requireNumbers, writeOptionsOf } from "./write-options.ts";

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: Query;
}

/** Subresources that a whole cluster has, and what was left out here. */
const NOT_HERE: { readonly [subresource: string]: string } = {
  log: "Pods that write logs",
  exec: "Pods that run commands",
  attach: "Pods that run commands",
  portforward: "Pods that listen",
  proxy: "Pods, Nodes and Services that answer",
  eviction: "evictions",
  binding: "binding by a scheduler",
  token: "tokens of ServiceAccounts",
  finalize: "finalizing a Namespace by hand",
  approval: "approving certificates",
  ephemeralcontainers: "ephemeral containers",
  resize: "resizing Pods in place",
};

export async function answerObjects(machine: Machine, target: Target, exchange: Exchange): Promise<void> {
  requireSubresource(target);
  requireNumbers(exchange.query, ["limit", "timeoutSeconds", "gracePeriodSeconds"]);
  const { request, query, response } = exchange;
  const answering = negotiate(request.headers.accept, ["Table", "PartialObjectMetadata"]);
  const shaper = shaperOf(machine, { target, query, answering });
  const { method = "GET" } = request;
  requireVerb(target, method);
  if (method === "GET" || method === "HEAD") {
    answerRead(machine, target, { ...exchange, shaper, answering });
    return;
  }
  const body = await readBody(request);
  const warnings: string[] = [];
  const write = { machine, target, query, body, options: writeOptionsOf(request, query, warnings) };
  const { code, object } = answerOf(method, write, shaper);
  sendDocument(response, { code, body: object, warnings }, answering);
}

const VERBS: { readonly [method: string]: readonly [ofOne: Verb, ofMany: Verb] } = {
  GET: ["get", "list"],
  HEAD: ["get", "list"],
  DELETE: ["delete", "deletecollection"],
};

function requireVerb({ resource, name }: Target, method: string): void {
  const [ofOne, ofMany] = VERBS[method] ?? [];
  const verb = name === undefined ? ofMany : ofOne;
  if (verb !== undefined && !resource.verbs.includes(verb)) throw notAllowed();
}

function requireSubresource({ resource, name = "", subresource }: Target): void {
  if (subresource === undefined) return;
  if ((subresource === "status" && resource.status) || (subresource === "scale" && resource.scale !== undefined))
    return;
  const [first = ""] = subresource.split("/");
  const missing = NOT_HERE[first];
  if (missing !== undefined && resource.custom === undefined)
    throw notInSandbox(`${resource.plural}/${first}: ${missing}`);
  throw resource.custom === undefined ? notServed() : notFound(resource, name);
}

interface Reading extends Exchange {
  readonly shaper: Shaper;
  readonly answering: Answering;
}

function answerRead(machine: Machine, target: Target, { request, response, query, shaper, answering }: Reading): void {
  if (target.name !== undefined) {
    const body = target.subresource === "scale" ? readScale(machine, target) : readObject(machine, target);
    sendDocument(response, { code: 200, body: shaper.object(body) }, answering);
    return;
  }
  if (isTrue(query, "watch")) answerWatch(machine, { target, query, shaper }, { request, response });
  else {
    requireListShape(answering, target);
    sendDocument(response, { code: 200, body: shaper.list(listObjects(machine, target, query)) }, answering);
  }
}

function requireListShape({ as }: Answering, { resource }: Target): void {
  if (as !== "PartialObjectMetadata") return;
  const message = `you requested PartialObjectMetadata, but the requested object is a list (${resource.kind}List)`;
  throw new ApiError(406, { reason: "NotAcceptable", message });
}

interface Write {
  readonly machine: Machine;
  readonly target: Target;
  readonly query: Query;
  readonly body: { readonly contentType: string; readonly text: string };
  readonly options: WriteOptions;
}

interface Answered {
  readonly code: number;
  readonly object: JsonObject | LiveObject;
}

function answerOf(method: string, write: Write, shaper: Shaper): Answered {
  switch (method) {
    case "POST":
      return shown(posted(write), shaper);
    case "PUT":
      return shown(put(write), shaper);
    case "PATCH":
      return shown(patched(write), shaper);
    case "DELETE":
      return deleted(write, shaper);
    default:
      throw notAllowed();
  }
}

function shown({ object, created }: Written | { object: JsonObject; created: boolean }, shaper: Shaper): Answered {
  return { code: created ? 201 : 200, object: shaper.object(object) };
}

function posted({ machine, target, body, options }: Write): Written {
  if (target.name !== undefined || (target.resource.namespaced && target.namespace === undefined)) throw notAllowed();
  return createObject(machine, target, objectIn(body), { ...options, duplicates: duplicatesIn(body) });
}

function put({ machine, target, body, options }: Write): Written | { object: JsonObject; created: boolean } {
  if (target.name === undefined) throw notAllowed();
  const object = objectIn(body);
  if (target.subresource === "scale") return { object: writeScale(machine, target, object, options), created: false };
  return updateObject(machine, target, object, { ...options, duplicates: duplicatesIn(body) });
}

function patched({ machine, target, body, query, options }: Write): Written | { object: JsonObject; created: boolean } {
  if (target.name === undefined) throw notAllowed();
  return patchObject(machine, target, {
    type: body.contentType,
    patch: () => parseValue(body),
    force: isTrue(query, "force"),
    options: { ...options, patchText: body.text },
  });
}

function deleted({ machine, target, body, query }: Write, shaper: Shaper): Answered {
  const options = deleteOptionsOf(body.text === "" ? {} : objectIn(body), query);
  if (target.name !== undefined) return { code: 200, object: shaper.object(removeObject(machine, target, options)) };
  return { code: 200, object: shaper.list(removeCollection(machine, target, { query, options })) };
}

/** YAML is read by js-yaml, which refuses a key that is given twice. */
function duplicatesIn({ contentType, text }: Write["body"]): readonly string[] {
  return contentType.endsWith("yaml") ? [] : duplicateFields(text);
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const OBJECT_TYPES = ["application/json", "application/yaml", ""];

function objectIn(body: Write["body"]): JsonObject {
  if (OBJECT_TYPES.includes(body.contentType)) return parseObject(body);
  if (body.contentType === PROTOBUF) {
    const instead = "`kubectl create KIND ... --dry-run=client -o yaml | kubectl apply -f -` sends YAML";
    throw notInSandbox(`bodies in protobuf, which \`kubectl create KIND\` sends (${instead})`);
  }
  throw new ApiError(415, {
    reason: "UnsupportedMediaType",
    message:
      "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml",
  });
}
