import { isJsonObject, type Json, type JsonObject, type KubeObject, type LiveObject } from "../../../model/index.ts";
import { type Cause, notInSandbox } from "../api-error.ts";
import type { CustomFacts, PrinterColumn, ScalePaths } from "../types.ts";
import { invalid } from "../validate/index.ts";
import { ALL_VERBS, type ResourceFacts } from "./built-in.ts";

/** What a CustomResourceDefinition defines, one entry a served version. What is of another shape than it should be is left out. */
export function definedResources(definition: KubeObject): (ResourceFacts & { readonly custom: CustomFacts })[] {
  const spec = objectAt(definition, "spec");
  const names = objectAt(spec, "names");
  const kind = text(names["kind"]);
  const shared = {
    group: text(spec["group"]),
    kind,
    plural: text(names["plural"]),
    singular: text(names["singular"]) || kind.toLowerCase(),
    shortNames: texts(names["shortNames"]),
    categories: texts(names["categories"]),
    namespaced: spec["scope"] === "Namespaced",
    verbs: ALL_VERBS,
  };
  return versionsOf(spec)
    .filter((version) => version["served"] === true)
    .map((version) => {
      const subresources = objectAt(version, "subresources");
      return {
        ...shared,
        version: text(version["name"]),
        status: isJsonObject(subresources["status"]),
        scale: scaleOf(subresources["scale"]),
        custom: { columns: columnsOf(version), openApi: objectAt(objectAt(version, "schema"), "openAPIV3Schema") },
      };
    });
}

const AGE: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

function columnsOf(version: JsonObject): PrinterColumn[] {
  const listed = Array.isArray(version["additionalPrinterColumns"]) ? version["additionalPrinterColumns"] : [];
  const columns = listed.filter(isJsonObject).map((column): PrinterColumn => {
    const { priority, format, description } = column;
    return {
      name: text(column["name"]),
      type: text(column["type"]),
      jsonPath: text(column["jsonPath"]),
      ...(typeof format === "string" ? { format } : {}),
      ...(typeof description === "string" ? { description } : {}),
      ...(typeof priority === "number" ? { priority } : {}),
    };
  });
  return columns.length === 0 ? [AGE] : columns;
}

function scaleOf(scale: Json | undefined): ScalePaths | undefined {
  if (!isJsonObject(scale)) return undefined;
  const selector = scale["labelSelectorPath"];
  return {
    specReplicas: text(scale["specReplicasPath"]),
    statusReplicas: text(scale["statusReplicasPath"]),
    ...(typeof selector === "string" ? { selector } : {}),
  };
}

const DEFINITION = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" };

/** Errors: 422 for a definition that is wrong, 501 for one that asks for what the sandbox does not do. */
export function refuseDefinition(definition: KubeObject): void {
  const spec = objectAt(definition, "spec");
  const versions = versionsOf(spec);
  const causes = [...nameCauses(definition, spec), ...versionCauses(versions)];
  if (causes.length > 0) throw invalid({ ...DEFINITION, name: definition.metadata.name }, causes);
  if (objectAt(spec, "conversion")["strategy"] === "Webhook")
    throw notInSandbox("conversion of custom resources by webhook");
  if (versions.some((version) => hasRules(version["schema"]))) {
    throw notInSandbox("x-kubernetes-validations: rules in CEL are not evaluated");
  }
}

function nameCauses({ metadata }: KubeObject, spec: JsonObject): Cause[] {
  const expected = `${text(objectAt(spec, "names")["plural"])}.${text(spec["group"])}`;
  if (metadata.name === expected) return [];
  const message = `Invalid value: ${JSON.stringify(metadata.name)}: must be spec.names.plural+"."+spec.group`;
  return [{ reason: "FieldValueInvalid", message, field: "metadata.name" }];
}

function versionCauses(versions: readonly JsonObject[]): Cause[] {
  const causes: Cause[] = [];
  if (versions.filter((version) => version["storage"] === true).length !== 1) {
    const message = `Invalid value: ${JSON.stringify(versions.map(({ name }) => name))}: must have exactly one version marked as storage version`;
    causes.push({ reason: "FieldValueInvalid", message, field: "spec.versions" });
  }
  versions.forEach((version, at) => {
    if (isJsonObject(objectAt(version, "schema")["openAPIV3Schema"])) return;
    const field = `spec.versions[${at}].schema.openAPIV3Schema`;
    causes.push({ reason: "FieldValueRequired", message: "Required value: schemas are required", field });
  });
  return causes;
}

function hasRules(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasRules);
  if (!isJsonObject(value)) return false;
  return value["x-kubernetes-validations"] !== undefined || Object.values(value).some(hasRules);
}

/** What the server says of a definition: which names it has, and whether it is served. Another definition of the same group may have
 *  them already. `now`: RFC 3339. Source: apiextensions-apiserver, the naming and establishing controllers. */
export function definitionStatus(definition: LiveObject, now: string, others: readonly LiveObject[]): JsonObject {
  const spec = objectAt(definition, "spec");
  const names = objectAt(spec, "names");
  const taken = conflictOf(spec, others);
  const before = objectAt(definition, "status");
  const established = taken === undefined || conditionOf(before, "Established")?.["status"] === "True";
  const accepted =
    taken === undefined
      ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : {
          type: "NamesAccepted",
          status: "False",
          reason: taken.reason,
          message: `${JSON.stringify(taken.name)} is already in use`,
        };
  const serving = established
    ? {
        type: "Established",
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
      }
    : { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" };
  return {
    conditions: [accepted, serving].map((condition) => since(condition, conditionOf(before, condition.type), now)),
    acceptedNames: taken === undefined ? names : objectAt(before, "acceptedNames"),
    storedVersions: storedVersions(spec, before),
  };
}

function conflictOf(spec: JsonObject, others: readonly LiveObject[]): { name: string; reason: string } | undefined {
  const names = objectAt(spec, "names");
  for (const other of others) {
    const theirs = objectAt(other, "spec");
    if (
      theirs["group"] !== spec["group"] ||
      conditionOf(objectAt(other, "status"), "NamesAccepted")?.["status"] !== "True"
    )
      continue;
    const their = objectAt(theirs, "names");
    const used = new Set([text(their["plural"]), text(their["singular"]), ...texts(their["shortNames"])]);
    for (const [field, reason] of [
      ["plural", "PluralConflict"],
      ["singular", "SingularConflict"],
    ] as const) {
      if (used.has(text(names[field]))) return { name: text(names[field]), reason };
    }
    const short = texts(names["shortNames"]).find((name) => used.has(name));
    if (short !== undefined) return { name: short, reason: "ShortNamesConflict" };
    if (names["kind"] === their["kind"] || names["kind"] === their["listKind"])
      return { name: text(names["kind"]), reason: "KindConflict" };
  }
  return undefined;
}

function since(condition: JsonObject, before: JsonObject | undefined, now: string): JsonObject {
  const same = before !== undefined && before["status"] === condition["status"];
  return { ...condition, lastTransitionTime: same ? before["lastTransitionTime"] : now };
}

function storedVersions(spec: JsonObject, before: JsonObject): string[] {
  const storage = versionsOf(spec).find((version) => version["storage"] === true);
  const known = texts(before["storedVersions"]);
  const name = text(storage?.["name"]);
  return known.includes(name) ? known : [...known, name];
}

function conditionOf(status: JsonObject, type: string): JsonObject | undefined {
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"] : [];
  return conditions.filter(isJsonObject).find((condition) => condition["type"] === type);
}

function versionsOf(spec: JsonObject): JsonObject[] {
  return Array.isArray(spec["versions"]) ? spec["versions"].filter(isJsonObject) : [];
}

function objectAt(parent: object, field: string): JsonObject {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return isJsonObject(value) ? value : {};
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
