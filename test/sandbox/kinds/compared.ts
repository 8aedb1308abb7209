import { canonicalJson } from "../../../src/kit/hash.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/model/index.ts";

const PLACEHOLDERS: { readonly [field: string]: string } = {
  uid: "UID",
  creationTimestamp: "NOW",
  lastPhaseTransitionTime: "NOW",
};

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An answer without what differs from one run to the next: uids, times, versions, and entries of managers, which have tests of their own. */
export function steady(body: JsonObject): JsonObject {
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  const { managedFields: _1, resourceVersion: _2, ...rest } = metadata;
  const text = JSON.stringify({ ...body, metadata: rest }).replaceAll(ID, "UID");
  return JSON.parse(text, (key, value: Json) => {
    const placeholder = PLACEHOLDERS[key];
    return placeholder !== undefined && typeof value === "string" ? placeholder : value;
  }) as JsonObject;
}

/** A refusal without what the server prints of its own types, whose fields have other names: a template, and what differs between two specs. */
export function withoutDumps(body: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(body), (key, value: Json) => {
    if (key !== "message" || typeof value !== "string") return value;
    return value.replace(/\n@@[\s\S]*$/, "").replace(/\{.*\}: field is immutable/, "{}: field is immutable");
  }) as JsonObject;
}

/** `/spec/replicas: 1, here 2`, one a difference. Paths are JSON pointers. */
export function differences(real: Json | undefined, here: Json | undefined, path = ""): string[] {
  if ((real === undefined) === (here === undefined) && canonicalJson(real) === canonicalJson(here)) return [];
  const [left, right] = [partsOf(real), partsOf(here)];
  if (left === undefined || right === undefined || Array.isArray(real) !== Array.isArray(here)) {
    return [`${path}: ${shown(real)}, here ${shown(here)}`];
  }
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) =>
    differences(left.get(name), right.get(name), `${path}/${name.replaceAll("/", "~1")}`),
  );
}

function partsOf(value: Json | undefined): Map<string, Json | undefined> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: Json, at) => [String(at), item]));
  return isJsonObject(value) ? new Map(Object.entries(value)) : undefined;
}

function shown(value: Json | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
