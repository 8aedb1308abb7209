import { canonicalJson } from "../../kit/hash.ts";
import { isJsonObject, type JsonObject, type KubeObject, type LiveObject } from "../../model/index.ts";
import { MANAGER, type Stage } from "./controller.ts";

export function partOf(parent: object | undefined, field: string): JsonObject {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return isJsonObject(value) ? value : {};
}

export function listOf(parent: object | undefined, field: string): readonly JsonObject[] {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function numberOf(parent: object | undefined, field: string, absent: number): number {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return typeof value === "number" ? value : absent;
}

export function textOf(parent: object | undefined, field: string): string {
  const value = isJsonObject(parent) ? parent[field] : undefined;
  return typeof value === "string" ? value : "";
}

export function stampOf({ now }: Pick<Stage, "now">): string {
  return `${new Date(now()).toISOString().slice(0, 19)}Z`;
}

/** Writes the status when it is another; true when it was. */
export function writeStatus({ objects }: Stage, object: LiveObject, status: JsonObject, manager = MANAGER): boolean {
  if (canonicalJson(object["status"] ?? {}) === canonicalJson(status)) return false;
  objects.update({ ...object, status }, { manager, subresource: "status" });
  return true;
}

interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
}

/** The conditions with one of them set; times move only when something is another. `updates`: the kind notes a lastUpdateTime as well. */
export function withCondition(
  conditions: readonly JsonObject[],
  wanted: Condition,
  { time, updates = false }: { readonly time: string; readonly updates?: boolean },
): readonly JsonObject[] {
  const before = conditions.find(({ type }) => type === wanted.type);
  const same = before !== undefined && before["status"] === wanted.status;
  const whole = same && before["reason"] === wanted.reason && before["message"] === wanted.message;
  if (whole) return conditions;
  const times = {
    ...(updates ? { lastUpdateTime: time } : {}),
    lastTransitionTime: same ? (before["lastTransitionTime"] ?? time) : time,
  };
  const next: JsonObject = { ...wanted, ...times };
  return before === undefined ? [...conditions, next] : conditions.map((one) => (one === before ? next : one));
}

export function labelsOf(object: KubeObject): { readonly [key: string]: string } {
  return object.metadata.labels ?? {};
}
