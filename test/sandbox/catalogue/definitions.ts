import type { Json, JsonObject, LiveObject } from "../../../src/model/index.ts";

export const GROUP = "parts.example.com";

type Changes = { readonly [path: string]: Json | undefined };

/** A definition of crontabs that is right, but for what `changes` sets (undefined: leaves out) at paths with dots. */
export function definition(changes: Changes = {}): LiveObject {
  const made = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `crontabs.${GROUP}`, uid: "1", resourceVersion: "1" },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { plural: "crontabs", singular: "crontab", kind: "CronTab", listKind: "CronTabList" },
      versions: [version("v1")],
    },
  };
  for (const [path, value] of Object.entries(changes)) set(made, path.split("."), value);
  return made;
}

export function version(name: string, more: { readonly [field: string]: Json } = {}): JsonObject {
  const spec = { type: "object", properties: { schedule: { type: "string" }, replicas: { type: "integer" } } };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec } } };
  return { name, served: true, storage: true, schema, ...more };
}

export function schemaOf(openAPIV3Schema: JsonObject): JsonObject[] {
  return [version("v1", { schema: { openAPIV3Schema } })];
}

function set(object: object, [name = "", ...rest]: readonly string[], value: Json | undefined): void {
  if (rest.length === 0) Object.assign(object, { [name]: value });
  else set(Object.entries(object).find(([field]) => field === name)?.[1] ?? {}, rest, value);
}
