import { isJsonObject, type Json, type JsonObject, type KubeObject, type LiveObject } from "../../../model/index.ts";
import { noteUpdate } from "../fields/index.ts";
import type { Writer } from "../types.ts";
import type { Target } from "./machine.ts";

/** What the server gives a new Service after it has noted who owns what. */
const ALLOCATED = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

/** A new object without what was allocated for it and not asked for. */
export function withoutAllocated(object: KubeObject, sent: KubeObject): KubeObject {
  const { spec } = object;
  if (object.kind !== "Service" || object.apiVersion !== "v1" || !isJsonObject(spec)) return object;
  const asked = isJsonObject(sent["spec"]) ? sent["spec"] : {};
  const kept = Object.entries(spec).filter(([name]) => !ALLOCATED.includes(name) || asked[name] !== undefined);
  return { ...object, spec: { ...Object.fromEntries(kept), ...portsAsked(spec, asked) } };
}

function portsAsked({ ports }: JsonObject, asked: JsonObject): JsonObject {
  if (!Array.isArray(ports)) return {};
  const given = Array.isArray(asked["ports"]) ? asked["ports"] : [];
  return {
    ports: ports.map((port: Json, at) => {
      const sent: Json | undefined = given[at];
      if (!isJsonObject(port) || (isJsonObject(sent) && sent["nodePort"] !== undefined)) return port;
      const { nodePort: _, ...rest } = port;
      return rest;
    }),
  };
}

interface Ownership {
  readonly target: Target;
  readonly before: LiveObject | undefined;
  readonly after: KubeObject;
  readonly writer: Writer;
}

/** The object with what an update by this writer owns. */
export function ownedAfter({ target, before, after, writer }: Ownership): KubeObject {
  const { resource, subresource } = target;
  return noteUpdate({ before, after, schema: resource.schema(), writer, resets: resetsOf(target, after, subresource) });
}

/** A write of the whole cannot change the status of a kind that has /status; a write of the status changes nothing but it, and metadata. */
export function resetsOf({ resource }: Target, object: KubeObject, subresource: string | undefined): readonly string[] {
  if (subresource === "status") {
    const written = resource.custom === undefined ? ["status", "metadata"] : ["status"];
    return Object.keys(object).filter((field) => !written.includes(field));
  }
  return resource.status ? ["status"] : [];
}
