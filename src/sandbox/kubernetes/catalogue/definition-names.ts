import type { JsonObject, KubeObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause } from "../validate/index.ts";
import { objectAt, text } from "./definition-parts.ts";

/** What a definition, its group and its kind may be called. */
export function nameCauses(definition: KubeObject, before: KubeObject | undefined): Cause[] {
  const spec = objectAt(definition, "spec");
  return [
    ...(before === undefined ? ownNameCauses(definition, spec) : []),
    ...groupCauses(spec),
    ...scopeCauses(spec),
    ...wordCauses(objectAt(spec, "names")),
    ...approvalCauses(definition, text(spec["group"])),
  ];
}

function ownNameCauses({ metadata: { name } }: KubeObject, spec: JsonObject): Cause[] {
  if (name === `${text(objectAt(spec, "names")["plural"])}.${text(spec["group"])}`) return [];
  const detail = 'must be spec.names.plural+"."+spec.group';
  return [cause({ reason: "FieldValueInvalid", field: "metadata.name", value: name, detail })];
}

function groupCauses(spec: JsonObject): Cause[] {
  const field = "spec.group";
  const value = text(spec["group"]);
  if (value === "") return [cause({ reason: "FieldValueRequired", field })];
  if (value.includes(".")) return [];
  return [cause({ reason: "FieldValueInvalid", field, value, detail: "should be a domain with at least one dot" })];
}

function scopeCauses(spec: JsonObject): Cause[] {
  const field = "spec.scope";
  const value = text(spec["scope"]);
  if (value === "Namespaced" || value === "Cluster") return [];
  if (value === "") return [cause({ reason: "FieldValueRequired", field })];
  return [
    cause({ reason: "FieldValueNotSupported", field, value, detail: 'supported values: "Cluster", "Namespaced"' }),
  ];
}

function wordCauses(names: JsonObject): Cause[] {
  return ["plural", "singular", "kind", "listKind"]
    .filter((word) => text(names[word]) === "")
    .map((word) => cause({ reason: "FieldValueRequired", field: `spec.names.${word}` }));
}

const APPROVED = "api-approved.kubernetes.io";

/** Groups of the Kubernetes project want the place where it agreed. Source: KEP-1111. */
function approvalCauses({ metadata }: KubeObject, group: string): Cause[] {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group) || metadata.annotations?.[APPROVED] !== undefined) return [];
  const field = `metadata.annotations[${APPROVED}]`;
  const detail = `protected groups must have approval annotation "${APPROVED}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [cause({ reason: "FieldValueRequired", field, detail })];
}
