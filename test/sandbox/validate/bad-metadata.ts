import type { Json } from "../../../src/model/index.ts";

/** Metadata with something wrong, and the causes that the API server gives with its 422: field, reason, and how the message begins. */
export interface BadMetadata {
  readonly name: string;
  /** In a namespace of its own; "namespaces" and "clusterroles" without. */
  readonly plural: "clusterroles" | "configmaps" | "namespaces" | "roles" | "services";
  readonly metadata: { readonly [field: string]: Json };
  readonly causes: readonly (readonly [field: string, reason: string, message: string])[];
}

const SUBDOMAIN = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', ";
const LABEL = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', ";
const KEY = "name part must consist of alphanumeric characters, '-', '_' or '.', ";
const LONG = "a".repeat(64);

type Cause = BadMetadata["causes"][number];
const invalid = (field: string, value: Json, message: string): Cause => [
  `metadata.${field}`,
  "FieldValueInvalid",
  `Invalid value: ${JSON.stringify(value)}: ${message}`,
];
const owner = (name: string) => ({ apiVersion: "v1", kind: "Pod", name, uid: name, controller: true });
const configMap = (name: string, metadata: BadMetadata["metadata"], ...causes: Cause[]): BadMetadata => ({
  name,
  plural: "configmaps",
  metadata: { name: "a", ...metadata },
  causes,
});
const named = (plural: BadMetadata["plural"], name: string, message: string): BadMetadata => ({
  name: `${plural} named ${name.slice(0, 20)}`,
  plural,
  metadata: { name },
  causes: [invalid("name", name, message)],
});

const OWNERS = [owner("a"), owner("b")];

export const BAD_METADATA: readonly BadMetadata[] = [
  named("configmaps", "ABC", SUBDOMAIN),
  named("configmaps", "a..b", SUBDOMAIN),
  named("configmaps", "a".repeat(254), "must be no more than 253 characters"),
  named("services", "a.b", "must not contain dots"),
  named("services", "A", LABEL),
  named("namespaces", "a.b", "must not contain dots"),
  named("services", LONG, "must be no more than 63 characters"),
  named("roles", "a/b", "may not contain '/'"),
  named("clusterroles", "..", "may not be '..'"),
  configMap("no name at all", { name: "" }, [
    "metadata.name",
    "FieldValueRequired",
    "Required value: name or generateName is required",
  ]),
  configMap("a label's key with a blank", { labels: { "a b": "c" } }, invalid("labels", "a b", KEY)),
  configMap(
    "a label's key without a prefix",
    { labels: { "/a": "b" } },
    invalid("labels", "/a", "prefix part must be non-empty"),
  ),
  configMap(
    "a label's key with a bad prefix",
    { labels: { "A.b/c": "b" } },
    invalid("labels", "A.b/c", `prefix part ${SUBDOMAIN}`),
  ),
  configMap(
    "a long key",
    { labels: { [LONG]: "b" } },
    invalid("labels", LONG, "name part must be no more than 63 bytes"),
  ),
  configMap(
    "an empty key",
    { labels: { "": "b" } },
    invalid("labels", "", "name part must be non-empty"),
    invalid("labels", "", KEY),
  ),
  configMap(
    "a label with a blank",
    { labels: { a: "c d" } },
    invalid("labels", "c d", "a valid label must be an empty string"),
  ),
  configMap("a long label", { labels: { a: LONG } }, invalid("labels", LONG, "must be no more than 63 bytes")),
  configMap(
    "an annotation's key with two slashes",
    { annotations: { "A/b/c": "d" } },
    invalid("annotations", "A/b/c", "a valid label key must consist of alphanumeric characters"),
  ),
  configMap("annotations above 256 KiB", { annotations: { a: "x".repeat(262_145) } }, [
    "metadata.annotations",
    "FieldValueTooLong",
    "Too long: may not be more than 262144 bytes",
  ]),
  configMap(
    "a finalizer with a blank",
    { finalizers: ["x y"] },
    invalid("finalizers", "x y", KEY),
    invalid("finalizers[0]", "x y", "name is neither a standard finalizer name nor is it fully qualified"),
  ),
  configMap(
    "a finalizer without a domain",
    { finalizers: ["a/b", "x"] },
    invalid("finalizers[1]", "x", "name is neither a standard finalizer name nor is it fully qualified"),
  ),
  configMap(
    "both ways to delete at once",
    { finalizers: ["orphan", "foregroundDeletion"] },
    invalid(
      "finalizers",
      ["orphan", "foregroundDeletion"],
      "finalizer orphan and foregroundDeletion cannot be both set",
    ),
  ),
  configMap(
    "an owner without anything",
    { ownerReferences: [{}] },
    invalid("ownerReferences.apiVersion", "", "version must not be empty"),
    ...["kind", "name", "uid"].map((field) => invalid(`ownerReferences.${field}`, "", "must not be empty")),
  ),
  configMap("two controllers", { ownerReferences: OWNERS }, [
    "metadata.ownerReferences",
    "FieldValueInvalid",
    `Invalid value: ${JSON.stringify(OWNERS)}: Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/b`,
  ]),
];
