import { type FieldTree, fieldSetOf, fieldsV1Of } from "../../src/diff/index.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
  type SchemaNode,
} from "../../src/model/index.ts";
import { DEPLOYMENT } from "./small-schema.ts";

/** The manifest's hash in these tests is a word for the commit. */
export function stamped(object: KubeObject, hash: string): KubeObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [APPLIED_ANNOTATION]: hash };
  return { ...object, metadata: { ...metadata, annotations } };
}

export interface Extra {
  readonly replicas?: number;
  readonly image?: string;
  readonly spec?: JsonObject;
  readonly pod?: JsonObject;
  readonly container?: JsonObject;
}

export function web({ replicas, image = "nginx:1", spec = {}, pod = {}, container = {} }: Extra = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: {
      ...(replicas !== undefined && { replicas }),
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image, ...container }], ...pod },
      },
      ...spec,
    },
  };
}

export function entryOf(
  manager: string,
  fields: JsonObject,
  more: Partial<ManagedFieldsEntry> = {},
): ManagedFieldsEntry {
  return {
    manager,
    operation: "Update",
    time: "2026-01-01T00:10:00Z",
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    ...more,
  };
}

interface LiveOptions {
  /** What is there; the applied manifest itself unless told. */
  readonly now?: KubeObject;
  readonly schema?: SchemaNode;
  /** Elements that were taken from us. */
  readonly lost?: readonly (readonly string[])[];
  readonly others?: readonly ManagedFieldsEntry[];
}

/** Live as the server has it after we applied `applied` and others came. */
export function live(
  applied: KubeObject,
  { now = applied, schema = DEPLOYMENT, lost = [], others = [] }: LiveOptions = {},
): LiveObject {
  const fields = fieldsV1Of(lost.reduce(without, fieldSetOf(applied, schema)));
  const ours = entryOf(FIELD_MANAGER, fields, { operation: "Apply", time: "2026-01-01T00:00:00Z" });
  const metadata = { ...now.metadata, uid: "u", resourceVersion: "1", managedFields: [ours, ...others] };
  return { ...now, metadata };
}

function without(tree: FieldTree, [first, ...rest]: readonly string[]): FieldTree {
  const children = [...tree.children].flatMap(([element, child]) => {
    if (element !== first) return [[element, child] as const];
    const left = without(child, rest);
    return rest.length === 0 || (left.children.size === 0 && !left.member) ? [] : [[element, left] as const];
  });
  return { member: tree.member, children: new Map(children) };
}
