import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../../model/index.ts";
import { type Cause, notInSandbox } from "../api-error.ts";
import { cause, invalid } from "../validate/index.ts";
import { nameCauses } from "./definition-names.ts";
import { conditionOf, objectAt, objectsAt, text, texts } from "./definition-parts.ts";
import { structureCauses } from "./structure.ts";

const DEFINITION = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" };

/**
 * `before`: what is stored, where there is something. Errors: 422 for a definition that is wrong, as far as the commonest mistakes go;
 * 501 for one that asks for what the sandbox does not do. Source: apiextensions-apiserver, validation; recorded on kube-apiserver 1.36.
 */
export function refuseDefinition(definition: KubeObject, before?: KubeObject): void {
  const spec = objectAt(definition, "spec");
  const versions = objectsAt(spec, "versions");
  const causes = [
    ...nameCauses(definition, before),
    ...versions.flatMap(schemaMissing),
    ...storageCauses(spec, versions),
    ...partCauses(versions),
    ...storedCauses(definition, versions),
    ...settingCauses(spec),
    ...(before === undefined ? [] : changeCauses(spec, before)),
  ];
  if (causes.length > 0) throw invalid({ ...DEFINITION, name: definition.metadata.name }, causes);
  if (objectAt(spec, "conversion")["strategy"] === "Webhook")
    throw notInSandbox("conversion of custom resources by webhook");
  if (versions.some((version) => hasRules(version["schema"])))
    throw notInSandbox("x-kubernetes-validations: rules in CEL are not evaluated");
}

function schemaMissing(version: JsonObject, at: number): Cause[] {
  if (isJsonObject(objectAt(version, "schema")["openAPIV3Schema"])) return [];
  return [cause({ reason: "FieldValueRequired", field: `spec.versions[${at}].schema.openAPIV3Schema` })];
}

function storageCauses({ versions: given }: JsonObject, versions: readonly JsonObject[]): Cause[] {
  const field = "spec.versions";
  const value = given === undefined ? null : versions.map(internalVersion);
  const stored = versions.filter((version) => version["storage"] === true).length;
  const names = new Set(versions.map(({ name }) => name));
  const details = [
    ...(stored === 1 ? [] : ["must have exactly one version marked as storage version"]),
    ...(names.size === versions.length ? [] : ["must contain unique version names"]),
  ];
  return details.map((detail) => cause({ reason: "FieldValueInvalid", field, value, detail }));
}

/** The server shows its own form of a version, out of which it takes what all versions have in common. */
function internalVersion({ name, served, storage, deprecated, deprecationWarning }: JsonObject): JsonObject {
  const hoisted = { Schema: null, Subresources: null, AdditionalPrinterColumns: null, SelectableFields: null };
  return {
    Name: name ?? "",
    Served: served ?? false,
    Storage: storage ?? false,
    Deprecated: deprecated ?? false,
    DeprecationWarning: deprecationWarning ?? null,
    ...hoisted,
  };
}

/** What is said once for all versions, and is the same in each, is wrong at one place only. */
function partCauses(versions: readonly JsonObject[]): Cause[] {
  const placed = (part: string, shared: string, check: (value: Json | undefined, path: string) => Cause[]): Cause[] => {
    const values = versions.map((version) => version[part]);
    if (values.every((value) => isDeepStrictEqual(value, values[0]))) return check(values[0], `spec.${shared}`);
    return values.flatMap((value, at) => check(value, `spec.versions[${at}].${part}`));
  };
  return [
    ...placed("schema", "validation", (schema, path) => {
      const root = isJsonObject(schema) ? schema["openAPIV3Schema"] : undefined;
      return isJsonObject(root) ? structureCauses(root, `${path}.openAPIV3Schema`) : [];
    }),
    ...placed("subresources", "subresources", scaleCauses),
  ];
}

function scaleCauses(subresources: Json | undefined, path: string): Cause[] {
  const scale = isJsonObject(subresources) ? subresources["scale"] : undefined;
  if (!isJsonObject(scale)) return [];
  return ["specReplicasPath", "statusReplicasPath"]
    .filter((field) => text(scale[field]) === "")
    .map((field) => cause({ reason: "FieldValueRequired", field: `${path}.scale.${field}` }));
}

/** A version that objects may be stored in may not go. */
function storedCauses(definition: KubeObject, versions: readonly JsonObject[]): Cause[] {
  const storage = versions.filter((version) => version["storage"] === true).map(({ name }) => text(name));
  const known = texts(objectAt(definition, "status")["storedVersions"]);
  const stored = known.length > 0 ? known : storage.slice(0, 1);
  const field = "status.storedVersions";
  const reason = "FieldValueInvalid";
  if (stored.length === 0)
    return [cause({ reason, field, value: null, detail: "must have at least one stored version" })];
  const several = storage.length > 1 ? storage.at(-1) : undefined;
  if (several !== undefined && !stored.includes(several))
    return [cause({ reason, field, value: stored, detail: `must have the storage version ${several}` })];
  return stored.flatMap((value, at) =>
    versions.some(({ name }) => name === value)
      ? []
      : [cause({ reason, field: `${field}[${at}]`, value, detail: goneDetail(value) })],
  );
}

function goneDetail(version: string): string {
  return `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
}

function settingCauses({ conversion, preserveUnknownFields }: JsonObject): Cause[] {
  const value = isJsonObject(conversion) ? text(conversion["strategy"]) : "None";
  const detail = 'supported values: "None", "Webhook"';
  const kept =
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  const field = "spec.preserveUnknownFields";
  return [
    ...(value === "None" || value === "Webhook"
      ? []
      : [cause({ reason: "FieldValueNotSupported", field: "spec.conversion.strategy", value, detail })]),
    ...(preserveUnknownFields === true
      ? [cause({ reason: "FieldValueInvalid", field, value: true, detail: kept })]
      : []),
  ];
}

function changeCauses(spec: JsonObject, before: KubeObject): Cause[] {
  const was = objectAt(before, "spec");
  const established = conditionOf(objectAt(before, "status"), "Established")?.["status"] === "True";
  const [names, oldNames] = [objectAt(spec, "names"), objectAt(was, "names")];
  const fixed = [
    ["spec.group", spec["group"], was["group"]],
    ["spec.names.plural", names["plural"], oldNames["plural"]],
    ...(established
      ? [
          ["spec.scope", spec["scope"], was["scope"]],
          ["spec.names.kind", names["kind"], oldNames["kind"]],
        ]
      : []),
  ] as const;
  return fixed
    .filter(([, value, old]) => value !== old)
    .map(([field = "", value]) =>
      cause({ reason: "FieldValueInvalid", field: String(field), value, detail: "field is immutable" }),
    );
}

function hasRules(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasRules);
  if (!isJsonObject(value)) return false;
  return value["x-kubernetes-validations"] !== undefined || Object.values(value).some(hasRules);
}
