import { isJsonObject, type Json, type JsonObject, type KubeObject, type LiveObject } from "../../../model/index.ts";
import { badRequest, notInSandbox } from "../api-error.ts";
import { applyFields } from "../fields/index.ts";
import type { ScalePaths, ServedResource } from "../types.ts";
import { cause, invalid } from "../validate/index.ts";
import { existing, type Machine, type Target, timestamp } from "./machine.ts";
import { replace, requireVersion, type WriteOptions } from "./write.ts";

/** The object's number of replicas as a Scale of autoscaling/v1. */
export function readScale(machine: Machine, target: Target): JsonObject {
  return scaleOf(existing(machine, target), pathsOf(target.resource));
}

/** Sets the number of replicas from a whole Scale, and gives the Scale as it is then. Errors: 400, 409, 422. */
export function writeScale(machine: Machine, target: Target, scale: JsonObject, options: WriteOptions): JsonObject {
  const before = existing(machine, target);
  const paths = pathsOf(target.resource);
  const metadata = isJsonObject(scale["metadata"]) ? scale["metadata"] : {};
  const { resourceVersion = "", uid = "", name = before.metadata.name } = metadata;
  requireScale(scale, target);
  if (name !== before.metadata.name) {
    throw badRequest(
      `the name of the object (${String(name)}) does not match the name on the URL (${before.metadata.name})`,
    );
  }
  requireVersion({ ...target, resource: { ...target.resource, custom: undefined } }, before, {
    ...before,
    metadata: { name: before.metadata.name, resourceVersion: String(resourceVersion), uid: String(uid) },
  });
  const object = withValue(before, pathOf(paths.specReplicas), replicasOf(scale, target));
  return scaleOf(replace(machine, { target, before, object, options }).object, paths);
}

/** Server-side apply of a Scale: of the object itself, only its number of replicas is applied. Errors: 404, 409. */
export function applyScale(machine: Machine, target: Target, { patch, force, options }: ScaleApplication): JsonObject {
  const live = existing(machine, target);
  const paths = pathsOf(target.resource);
  const scale = patch();
  const { apiVersion, kind, metadata } = live;
  const names = { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
  const replicas = replicasOf(isJsonObject(scale) ? scale : {}, target);
  const manifest = { apiVersion, kind, metadata: names, ...set({}, pathOf(paths.specReplicas), replicas) };
  const writer = {
    manager: options.manager,
    operation: "Apply",
    subresource: "scale",
    time: timestamp(machine),
  } as const;
  const object = applyFields({ live, manifest, schema: target.resource.schema(), writer, force, resets: ["status"] });
  const owned = (after: KubeObject): KubeObject => ({
    ...after,
    metadata: { ...after.metadata, managedFields: object.metadata.managedFields ?? [] },
  });
  return scaleOf(replace(machine, { target, before: live, object, options, owned }).object, paths);
}

interface ScaleApplication {
  readonly patch: () => Json;
  readonly force: boolean;
  readonly options: WriteOptions;
}

function pathsOf({ scale }: ServedResource): ScalePaths {
  if (scale === undefined) throw notInSandbox("a scale of a kind that has none");
  return scale;
}

function requireScale({ kind = "Scale", apiVersion }: JsonObject, { resource }: Target): void {
  if (kind === "Scale") return;
  throw badRequest(
    `${String(kind)} in version "${resource.version}" cannot be handled as a Scale: it is of ${String(apiVersion)}`,
  );
}

function replicasOf(scale: JsonObject, { name = "" }: Target): number {
  const spec = isJsonObject(scale["spec"]) ? scale["spec"] : {};
  const replicas = spec["replicas"] ?? 0;
  if (typeof replicas === "number" && Number.isInteger(replicas) && replicas >= 0) return replicas;
  const detail = "must be greater than or equal to 0";
  const one = cause({ reason: "FieldValueInvalid", field: "spec.replicas", value: replicas, detail });
  throw invalid({ group: "autoscaling", kind: "Scale", name }, [one]);
}

function scaleOf(object: LiveObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.selector === undefined ? undefined : selectorText(valueAt(object, pathOf(paths.selector)));
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: definedReplicas(valueAt(object, pathOf(paths.specReplicas))),
    status: {
      replicas: valueAt(object, pathOf(paths.statusReplicas)) ?? 0,
      ...(selector === undefined || selector === "" ? {} : { selector }),
    },
  };
}

/** Go leaves out a zero. */
function definedReplicas(replicas: Json | undefined): JsonObject {
  return typeof replicas === "number" && replicas !== 0 ? { replicas } : {};
}

/** ".spec.replicas" */
function pathOf(dotted: string): string[] {
  return dotted.split(".").filter((name) => name !== "");
}

function valueAt(object: LiveObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = isJsonObject(object) ? object : undefined;
  for (const name of path) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function withValue(object: LiveObject, path: readonly string[], value: Json): KubeObject {
  return { ...object, ...set(isJsonObject(object) ? object : {}, path, value) };
}

function set(object: JsonObject, [first = "", ...rest]: readonly string[], value: Json): JsonObject {
  const below = object[first];
  return { ...object, [first]: rest.length === 0 ? value : set(isJsonObject(below) ? below : {}, rest, value) };
}

/** A LabelSelector as the text that a query takes. */
function selectorText(selector: Json | undefined): string | undefined {
  if (typeof selector === "string") return selector;
  if (!isJsonObject(selector)) return undefined;
  const labels = isJsonObject(selector["matchLabels"]) ? Object.entries(selector["matchLabels"]) : [];
  const expressions = Array.isArray(selector["matchExpressions"]) ? selector["matchExpressions"] : [];
  const terms = [...labels.map(([key, value]) => `${key}=${value}`), ...expressions.map(expressionText)];
  return terms.sort().join(",");
}

function expressionText(expression: Json): string {
  if (!isJsonObject(expression)) return "";
  const { key, operator } = expression;
  const values = Array.isArray(expression["values"]) ? expression["values"].join(",") : "";
  if (operator === "Exists") return String(key);
  if (operator === "DoesNotExist") return `!${String(key)}`;
  return `${String(key)} ${operator === "In" ? "in" : "notin"} (${values})`;
}
