import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import type { ServedResource } from "../types.ts";
import { jsonOf } from "./custom-fields.ts";
import { cause, invalid } from "./invalid.ts";
import { labelRule, labelValueRule, type NameRule, pathSegmentRule, qualifiedRule, subdomainRule } from "./names.ts";

type Resource = Pick<ServedResource, "group" | "kind" | "namespaced" | "custom">;

const ANNOTATIONS_LIMIT = 256 * 1024;

/** Kinds whose names are no DNS subdomains. */
const NAME_RULES: { readonly [kind: string]: NameRule } = {
  "/Namespace": labelRule,
  "/Service": labelRule,
  "apps/StatefulSet": labelRule,
  "rbac.authorization.k8s.io/Role": pathSegmentRule,
  "rbac.authorization.k8s.io/ClusterRole": pathSegmentRule,
  "rbac.authorization.k8s.io/RoleBinding": pathSegmentRule,
  "rbac.authorization.k8s.io/ClusterRoleBinding": pathSegmentRule,
  // Named by whoever reports them, and never looked at.
  "/Event": () => [],
  "events.k8s.io/Event": () => [],
};

/** Finalizers without a domain that Kubernetes itself has. */
const OWN_FINALIZERS: ReadonlySet<string> = new Set(["kubernetes", "orphan", "foregroundDeletion"]);

/** Are the metadata right, for any kind? The types of the fields have been looked at before. Errors: 422 with every cause. */
export function validateMeta(object: KubeObject, resource: Resource): void {
  const metadata = jsonOf(object)["metadata"];
  if (!isJsonObject(metadata)) return;
  const causes = [
    ...nameCauses(metadata, resource),
    ...namespaceCauses(metadata, resource),
    ...labelCauses(fieldsAt(metadata, "labels")),
    ...annotationCauses(fieldsAt(metadata, "annotations")),
    ...ownerCauses(listAt(metadata, "ownerReferences")),
    ...finalizerCauses(listAt(metadata, "finalizers"), resource),
  ];
  if (causes.length > 0) throw invalid({ ...resource, name: textAt(metadata, "name") }, causes);
}

function nameCauses(metadata: JsonObject, { group, kind }: Resource): Cause[] {
  const [name, generateName] = [textAt(metadata, "name"), textAt(metadata, "generateName")];
  const rule = NAME_RULES[`${group}/${kind}`] ?? subdomainRule;
  // A generated name goes on after its prefix, which may therefore end in a dash.
  const prefixProblems = generateName === "" ? [] : rule(generateName.replace(/-$/, "a"));
  const generated = wrong("metadata.generateName", generateName, prefixProblems);
  if (name !== "") return [...generated, ...wrong("metadata.name", name, rule(name))];
  const detail = "name or generateName is required";
  return [...generated, cause({ reason: "FieldValueRequired", field: "metadata.name", detail })];
}

function namespaceCauses(metadata: JsonObject, { namespaced }: Resource): Cause[] {
  const [field, namespace] = ["metadata.namespace", textAt(metadata, "namespace")];
  if (!namespaced) {
    const detail = "not allowed on this type";
    return namespace === "" ? [] : [cause({ reason: "FieldValueForbidden", field, detail })];
  }
  return namespace === ""
    ? [cause({ reason: "FieldValueRequired", field })]
    : wrong(field, namespace, labelRule(namespace));
}

function labelCauses(labels: readonly (readonly [string, string])[]): Cause[] {
  const field = "metadata.labels";
  return labels.flatMap(([key, value]) => [
    ...wrong(field, key, qualifiedRule(key)),
    ...wrong(field, value, labelValueRule(value)),
  ]);
}

function annotationCauses(annotations: readonly (readonly [string, string])[]): Cause[] {
  const field = "metadata.annotations";
  const size = annotations.flat().reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const detail = `may not be more than ${ANNOTATIONS_LIMIT} bytes`;
  return [
    ...annotations.flatMap(([key]) => wrong(field, key, qualifiedRule(key.toLowerCase()))),
    ...(size > ANNOTATIONS_LIMIT ? [cause({ reason: "FieldValueTooLong", field, detail })] : []),
  ];
}

function ownerCauses(references: readonly Json[]): Cause[] {
  const field = "metadata.ownerReferences";
  const owners = references.filter(isJsonObject);
  const controllers = owners.filter((owner) => owner["controller"] === true);
  const [first, ...others] = controllers.map((owner) => `${textAt(owner, "kind")}/${textAt(owner, "name")}`);
  return [
    ...owners.flatMap((owner) =>
      ["apiVersion", "kind", "name", "uid"]
        .filter((name) => textAt(owner, name) === "")
        .flatMap((name) =>
          wrong(`${field}.${name}`, "", [name === "apiVersion" ? "version must not be empty" : "must not be empty"]),
        ),
    ),
    ...others.map((other) =>
      cause({
        reason: "FieldValueInvalid",
        field,
        value: references,
        detail: `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${other}`,
      }),
    ),
  ];
}

function finalizerCauses(finalizers: readonly Json[], { custom }: Resource): Cause[] {
  const field = "metadata.finalizers";
  const names = finalizers.filter((name) => typeof name === "string");
  const isLoose = (name: string) => custom === undefined && !name.includes("/") && !OWN_FINALIZERS.has(name);
  const both = "finalizer orphan and foregroundDeletion cannot be both set";
  return [
    ...names.flatMap((name) => wrong(field, name, qualifiedRule(name))),
    ...(names.includes("orphan") && names.includes("foregroundDeletion") ? wrong(field, finalizers, [both]) : []),
    ...names.flatMap((name, at) =>
      isLoose(name)
        ? wrong(`${field}[${at}]`, name, ["name is neither a standard finalizer name nor is it fully qualified"])
        : [],
    ),
  ];
}

function wrong(field: string, value: Json, problems: readonly string[]): Cause[] {
  return problems.map((detail) => cause({ reason: "FieldValueInvalid", field, value, detail }));
}

function textAt(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === "string" ? value : "";
}

function listAt(object: JsonObject, name: string): readonly Json[] {
  const value = object[name];
  return Array.isArray(value) ? value : [];
}

function fieldsAt(object: JsonObject, name: string): readonly (readonly [string, string])[] {
  const value = object[name];
  return Object.entries(isJsonObject(value) ? value : {}).flatMap(([key, text]) =>
    typeof text === "string" ? [[key, text] as const] : [],
  );
}
