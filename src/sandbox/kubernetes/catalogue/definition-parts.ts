import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";

/** Reading a definition whose shape nobody has checked: what is of another shape than it should be counts as absent. */
export function objectAt(parent: object | undefined, field: string): JsonObject {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return isJsonObject(value) ? value : {};
}

export function objectsAt(parent: JsonObject, field: string): JsonObject[] {
  const value = parent[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export function conditionOf(status: JsonObject, type: string): JsonObject | undefined {
  return objectsAt(status, "conditions").find((condition) => condition["type"] === type);
}
