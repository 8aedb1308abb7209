import type { Json, JsonObject } from "../../../src/model/index.ts";
import { schemaOf, version } from "./definitions.ts";

export interface BadDefinition {
  readonly name: string;
  readonly changes: { readonly [path: string]: Json | undefined };
  /** Each as "field: message". */
  readonly causes: readonly string[];
}

const inSchema = (properties: JsonObject): JsonObject[] => schemaOf({ type: "object", properties });
const shown = (name: string, storage: boolean) =>
  `{"Name":"${name}","Served":true,"Storage":${storage},"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}`;
const SCHEMA = "spec.validation.openAPIV3Schema";

/** What kube-apiserver 1.36 says to them: bad-definitions.cluster.test.ts asks it, definitions.test.ts the sandbox. */
export const BAD_DEFINITIONS: readonly BadDefinition[] = [
  {
    name: "another name than its plural and group make",
    changes: { "metadata.name": "wrong.parts.example.com" },
    causes: ['metadata.name: Invalid value: "wrong.parts.example.com": must be spec.names.plural+"."+spec.group'],
  },
  {
    name: "no version that is stored",
    changes: { "spec.versions": [version("v1", { storage: false })] },
    causes: [
      `spec.versions: Invalid value: [${shown("v1", false)}]: must have exactly one version marked as storage version`,
      "status.storedVersions: Invalid value: null: must have at least one stored version",
    ],
  },
  {
    name: "two versions that are stored",
    changes: { "spec.versions": [version("v1"), version("v2")] },
    causes: [
      `spec.versions: Invalid value: [${shown("v1", true)},${shown("v2", true)}]: must have exactly one version marked as storage version`,
      'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
    ],
  },
  {
    name: "one version twice",
    changes: { "spec.versions": [version("v1"), version("v1", { storage: false })] },
    causes: [
      `spec.versions: Invalid value: [${shown("v1", true)},${shown("v1", false)}]: must contain unique version names`,
    ],
  },
  {
    name: "no versions",
    changes: { "spec.versions": undefined },
    causes: [
      "spec.versions: Invalid value: null: must have exactly one version marked as storage version",
      "status.storedVersions: Invalid value: null: must have at least one stored version",
    ],
  },
  {
    name: "no schema",
    changes: { "spec.versions": [version("v1", { schema: {} })] },
    causes: ["spec.versions[0].schema.openAPIV3Schema: Required value"],
  },
  {
    name: "an unknown scope",
    changes: { "spec.scope": "Galaxy" },
    causes: ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"'],
  },
  { name: "no scope", changes: { "spec.scope": undefined }, causes: ["spec.scope: Required value"] },
  {
    name: "no kind",
    changes: { "spec.names": { plural: "crontabs", singular: "crontab", listKind: "CronTabList" } },
    causes: ["spec.names.kind: Required value"],
  },
  {
    name: "a group that is no domain",
    changes: { "spec.group": "parts", "metadata.name": "crontabs.parts" },
    causes: ['spec.group: Invalid value: "parts": should be a domain with at least one dot'],
  },
  {
    name: "a group of the Kubernetes project, without its consent",
    changes: { "spec.group": "parts.k8s.io", "metadata.name": "crontabs.parts.k8s.io" },
    causes: [
      'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
    ],
  },
  {
    name: "a schema of a text",
    changes: { "spec.versions": schemaOf({ type: "string" }) },
    causes: [`${SCHEMA}.type: Invalid value: "string": must be object at the root`],
  },
  {
    name: "a schema without a type",
    changes: { "spec.versions": schemaOf({}) },
    causes: [`${SCHEMA}.type: Required value: must not be empty at the root`],
  },
  {
    name: "a field without a type",
    changes: { "spec.versions": inSchema({ a: {} }) },
    causes: [`${SCHEMA}.properties[a].type: Required value: must not be empty for specified object fields`],
  },
  {
    name: "items and values without a type",
    changes: {
      "spec.versions": inSchema({
        a: { type: "array", items: {} },
        b: { type: "object", additionalProperties: { description: "no type" } },
      }),
    },
    causes: [
      `${SCHEMA}.properties[a].items.type: Required value: must not be empty for specified array items`,
      `${SCHEMA}.properties[b].additionalProperties.type: Required value: must not be empty for specified object fields`,
    ],
  },
  {
    name: "a list without items",
    changes: { "spec.versions": inSchema({ a: { type: "array" } }) },
    causes: [`${SCHEMA}.properties[a].items: Required value: must be specified`],
  },
  {
    name: "a reference",
    changes: { "spec.versions": inSchema({ a: { $ref: "#/elsewhere" } }) },
    causes: [`${SCHEMA}.properties[a].$ref: Forbidden: $ref is not supported`],
  },
  {
    name: "a list with keys that names none",
    changes: {
      "spec.versions": inSchema({
        a: {
          type: "array",
          "x-kubernetes-list-type": "map",
          items: { type: "object", properties: { name: { type: "string" } } },
        },
      }),
    },
    causes: [
      `${SCHEMA}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    ],
  },
  {
    name: "a fault in one of two schemas",
    changes: {
      "spec.versions": [
        version("v1"),
        version("v2", { storage: false, schema: { openAPIV3Schema: { type: "object", properties: { a: {} } } } }),
      ],
    },
    causes: [
      "spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
    ],
  },
  {
    name: "a scale that finds nothing",
    changes: { "spec.versions": [version("v1", { subresources: { scale: {} } })] },
    causes: [
      "spec.subresources.scale.specReplicasPath: Required value",
      "spec.subresources.scale.statusReplicasPath: Required value",
    ],
  },
  {
    name: "an unknown conversion",
    changes: { "spec.conversion": { strategy: "Magic" } },
    causes: ['spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"'],
  },
  {
    name: "unknown fields that stay everywhere",
    changes: { "spec.preserveUnknownFields": true },
    causes: [
      "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
    ],
  },
];
