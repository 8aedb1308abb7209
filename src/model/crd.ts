import { ApplicationSpecSchema } from "./application.ts";
import { EachSchema } from "./fleet.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { ProjectSpecSchema } from "./project.ts";

const GROUP = "plumbline.dev";

/** What `status` holds for sure (ApplicationStatus); the server keeps the rest as it is, so that it may grow without a new definition. */
const STATUS_SCHEMA: JsonObject = {
  type: "object",
  description: "What Plumbline found last. Written by Plumbline.",
  "x-kubernetes-preserve-unknown-fields": true,
  properties: {
    sync: verdict("Synced, Pending (Git is ahead), Drifted (the cluster moved), Diverged (both) or Unknown."),
    health: verdict("Healthy, Progressing, Degraded, Suspended, Missing or Unknown: that of the worst object."),
    source: {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
      properties: { revision: { type: "string", description: "The commit that is in force." } },
    },
  },
};

const PRINTER_COLUMNS: readonly JsonObject[] = [
  { name: "Sync", type: "string", jsonPath: ".status.sync.status" },
  { name: "Health", type: "string", jsonPath: ".status.health.status" },
  { name: "Revision", type: "string", jsonPath: ".status.source.revision" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

/** The CustomResourceDefinition of Application, made from the schema that reads files. manifests/deploy/crd.yaml is this, by test. */
export function applicationCrd(): JsonObject {
  const names = {
    kind: "Application",
    listKind: "ApplicationList",
    plural: "applications",
    singular: "application",
    shortNames: ["plapp"],
    categories: ["plumbline"],
  };
  const version = {
    name: "v1alpha1",
    served: true,
    storage: true,
    subresources: { status: {} },
    additionalPrinterColumns: PRINTER_COLUMNS,
    schema: { openAPIV3Schema: applicationSchema() },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `applications.${GROUP}` },
    spec: { group: GROUP, scope: "Namespaced", names, versions: [version] },
  };
}

/** The CustomResourceDefinition of Project. manifests/deploy/project-crd.yaml is this, by test. */
export function projectCrd(): JsonObject {
  const names = {
    ...{ kind: "Project", listKind: "ProjectList", plural: "projects", singular: "project" },
    ...{ shortNames: ["plproj"], categories: ["plumbline"] },
  };
  const openAPIV3Schema = {
    type: "object",
    description: "What the applications of one team may do. Counts in Plumbline's own namespace only.",
    required: ["spec"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: structural(JSON.parse(JSON.stringify(ProjectSpecSchema))),
    },
  };
  const age = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
  const description = { name: "Description", type: "string", jsonPath: ".spec.description" };
  const version = {
    ...{ name: "v1alpha1", served: true, storage: true },
    ...{ additionalPrinterColumns: [description, age], schema: { openAPIV3Schema } },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `projects.${GROUP}` },
    spec: { group: GROUP, scope: "Namespaced", names, versions: [version] },
  };
}

function applicationSchema(): JsonObject {
  return {
    type: "object",
    description: "One unit that Plumbline keeps true to Git: a source, a destination and a policy.",
    required: ["spec"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: withTemplates(structural(JSON.parse(JSON.stringify(ApplicationSpecSchema)))),
      status: STATUS_SCHEMA,
    },
  };
}

/** Fields whose texts are templates in a declaration of many: their form is checked in what it makes, by Plumbline. */
const TEMPLATES = [
  ["project"],
  ["serviceAccount"],
  ["destination", "namespace"],
  ["source", "helm", "releaseName"],
] as const;

function withTemplates(spec: JsonObject): JsonObject {
  const each = structural(JSON.parse(JSON.stringify(EachSchema)));
  const properties = isJsonObject(spec["properties"]) ? { ...spec["properties"], each } : { each };
  return TEMPLATES.reduce<JsonObject>((schema, path) => withoutForm(schema, path), { ...spec, properties });
}

function withoutForm(schema: JsonObject, [name, ...below]: readonly string[]): JsonObject {
  if (name === undefined) {
    const { pattern: _pattern, maxLength: _maxLength, ...rest } = schema;
    return { ...rest, maxLength: 1024 };
  }
  const { properties } = schema;
  const field = isJsonObject(properties) ? properties[name] : undefined;
  if (!isJsonObject(properties) || !isJsonObject(field)) return schema;
  return { ...schema, properties: { ...properties, [name]: withoutForm(field, below) } };
}

/**
 * A JSON schema as a structural schema: additionalProperties beside properties is refused there (unknown fields are dropped, or
 * refused under strict validation), and what has a default need not be given. Source: Kubernetes, "Specifying a structural schema".
 */
function structural(schema: JsonObject): JsonObject {
  const { additionalProperties, anyOf, required, properties, items, ...rest } = schema;
  if (isJsonObject(additionalProperties) && Array.isArray(additionalProperties["type"]))
    return { ...rest, "x-kubernetes-preserve-unknown-fields": true };
  if (isJsonObject(additionalProperties)) return { ...rest, additionalProperties: structural(additionalProperties) };
  if (Array.isArray(anyOf)) return { ...rest, ...choiceOf(anyOf) };
  if (isJsonObject(items)) return { ...rest, items: structural(items) };
  if (!isJsonObject(properties)) return rest;
  const fields = Object.entries(properties).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1]));
  const needed = namesIn(required).filter((name) => !hasDefault(properties[name]));
  const kept = Object.fromEntries(fields.map(([name, field]) => [name, structural(field)]));
  return { ...rest, ...(needed.length > 0 && { required: needed }), properties: kept };
}

/** One of a few words. */
function choiceOf(choices: readonly Json[]): JsonObject {
  return { type: "string", enum: choices.filter(isJsonObject).flatMap((choice) => choice["const"] ?? []) };
}

function namesIn(required: Json | undefined): string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function hasDefault(schema: Json | undefined): boolean {
  return isJsonObject(schema) && schema["default"] !== undefined;
}

function verdict(description: string): JsonObject {
  return {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
    properties: {
      status: { type: "string", description },
      message: { type: "string", description: "Why, in a sentence." },
    },
  };
}
