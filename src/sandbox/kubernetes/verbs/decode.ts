import { isJsonObject, type JsonObject, type KubeObject, parseApiVersion } from "../../../model/index.ts";
import { type ApiError, badRequest } from "../api-error.ts";
import { requireUnique } from "../fields/index.ts";
import type { ServedResource } from "../types.ts";
import { cause, type FieldPolicy, invalid, pruneCustom, requireTyped, validateFields } from "../validate/index.ts";
import { apiVersionOfResource, type Target } from "./machine.ts";
import type { Query } from "./read.ts";

const CHOICES: readonly FieldPolicy[] = ["Ignore", "Strict", "Warn"];

/** Warn unless the query says otherwise. `options`: the kind that the real server names, CreateOptions or the like. Errors: 422. */
export function fieldValidationOf(query: Query, options: string): FieldPolicy {
  const asked = query.get("fieldValidation") ?? "";
  if (asked === "") return "Warn";
  const found = CHOICES.find((choice) => choice === asked);
  if (found !== undefined) return found;
  throw notSupported(options, { field: "fieldValidation", value: asked, supported: ["", ...CHOICES] });
}

interface Unsupported {
  readonly field: string;
  readonly value: string;
  readonly supported: readonly string[];
}

/** 422 for a parameter that may be one of a few words only. */
export function notSupported(options: string, { field, value, supported }: Unsupported): ApiError {
  const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`;
  return invalid({ group: "meta.k8s.io", kind: options }, [
    cause({ reason: "FieldValueNotSupported", field, value, detail }),
  ]);
}

export interface Decoding {
  readonly fieldValidation: FieldPolicy;
  /** Fields that the text of the body names twice. */
  readonly duplicates: readonly string[];
  /** The text of the patch that led to the body, if one did. */
  readonly patchText?: string;
  readonly warn: (text: string) => void;
}

/** The object that a body stands for, at the place that the path names. Fields that the kind does not know are refused, told of, or dropped.
 *  Errors: 400; 422 where a patch led to it. */
export function decoded(body: JsonObject, target: Target, options: Decoding): KubeObject {
  const { resource } = target;
  const { fieldValidation, duplicates, patchText, warn } = options;
  requireKind(body, resource, patchText);
  const custom = resource.custom && pruneCustom(body, resource.custom.openApi);
  const { value, warnings } = validateFields(custom?.object ?? body, resource.schema(), {
    where: resource,
    policy: fieldValidation,
    duplicates,
    ...(custom === undefined ? {} : { unknown: custom.unknown }),
    ...(patchText === undefined ? {} : { patch: patchText }),
  });
  for (const warning of warnings) warn(warning);
  requireName(value, target);
  return placed(value, target);
}

/** The manifest of an apply: what the schema does not know is refused, whatever field validation says. Errors: 400, 500. */
export function decodedManifest(body: JsonObject, target: Target): KubeObject {
  const { resource, name = "" } = target;
  const { group, version, kind } = resource;
  if (body["apiVersion"] !== apiVersionOfResource(resource) || body["kind"] !== kind) {
    const api = parseApiVersion(text(body["apiVersion"]));
    throw badRequest(`invalid object type: ${api.group}/${api.version}, Kind=${text(body["kind"])}`);
  }
  const sent = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  const own = { name: text(sent["name"]) || name, namespace: text(sent["namespace"]) };
  requireTyped(body, resource.schema(), { group, version, kind, ...own });
  requireUnique(body, resource.schema(), { group, version, kind, ...own });
  return placed(body, target);
}

/** A body of a built-in kind may leave out what the path says; a patch may not make another kind of the object. */
function requireKind(body: JsonObject, resource: ServedResource, patchText?: string): void {
  const expected = apiVersionOfResource(resource);
  const { apiVersion, kind } = body;
  if (resource.custom !== undefined) requireCustomKind(body, resource);
  else if ((apiVersion ?? expected) !== expected || (kind ?? resource.kind) !== resource.kind) {
    const message = `${String(kind)} in version "${resource.version}" cannot be handled as a ${resource.kind}: it is of ${String(apiVersion)}`;
    if (patchText === undefined) throw badRequest(message);
    const why = cause({ reason: "FieldValueInvalid", field: "patch", value: patchText, detail: message });
    throw invalid({ group: "", kind: "" }, [why]);
  }
}

function requireCustomKind(body: JsonObject, resource: ServedResource): void {
  const expected = apiVersionOfResource(resource);
  const [apiVersion, kind] = [text(body["apiVersion"]), text(body["kind"])];
  if (apiVersion === "" || kind === "") {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): its kind or apiVersion is missing`,
    );
  }
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (kind === resource.kind) return;
  const metadata = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  throw invalid({ group: resource.group, kind, name: text(metadata["name"]) }, [
    cause({ reason: "FieldValueInvalid", field: "kind", value: kind, detail: `must be ${resource.kind}` }),
  ]);
}

/** What is replaced or applied anew says its own name. Errors: 400. */
export function requireName(body: JsonObject, { name }: Target): void {
  const sent = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  if (name === undefined || text(sent["name"]) !== "") return;
  throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
}

/** Name and namespace are those of the path where the body has none. Errors: 400 where it has others. */
function placed(body: JsonObject, { resource, name, namespace }: Target): KubeObject {
  const sent = isJsonObject(body["metadata"]) ? body["metadata"] : {};
  const given = text(sent["namespace"]);
  if (namespace !== undefined && given !== "" && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const ownName = text(sent["name"]);
  if (name !== undefined && ownName !== "" && ownName !== name) {
    throw badRequest(`the name of the object (${ownName}) does not match the name on the URL (${name})`);
  }
  const metadata = { ...sent, name: ownName === "" ? (name ?? "") : ownName };
  const { namespace: _, ...clusterWide } = { ...metadata, namespace: "" };
  return {
    ...body,
    apiVersion: apiVersionOfResource(resource),
    kind: resource.kind,
    metadata: namespace === undefined ? clusterWide : { ...metadata, namespace },
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
