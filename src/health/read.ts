import { type Health, isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/index.ts";

/** Readers of untrusted objects: whatever is there, they give a value of the type or undefined, and never throw. */
export function partOf(object: KubeObject | JsonObject, name: string): JsonObject {
  const value: unknown = object[name];
  return isJsonObject(value) ? value : {};
}

export function numberIn(part: JsonObject, name: string): number | undefined {
  const value = part[name];
  return typeof value === "number" ? value : undefined;
}

export function textIn(part: JsonObject, name: string): string | undefined {
  const value = part[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function listIn(part: JsonObject, name: string): readonly JsonObject[] {
  const value: Json | undefined = part[name];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textsIn(part: JsonObject, name: string): readonly string[] {
  const value: Json | undefined = part[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly observedGeneration: number | undefined;
  /** Of those that say how bad it is: Error, Warning or Info. */
  readonly severity: string | undefined;
}

export function conditionsOf(live: KubeObject): Condition[] {
  return listIn(partOf(live, "status"), "conditions").map(toCondition);
}

export function toCondition(part: JsonObject): Condition {
  return {
    type: textIn(part, "type") ?? "",
    status: textIn(part, "status") ?? "",
    reason: textIn(part, "reason"),
    message: textIn(part, "message"),
    observedGeneration: numberIn(part, "observedGeneration"),
    severity: textIn(part, "severity"),
  };
}

export function conditionOf(live: KubeObject, type: string): Condition | undefined {
  return conditionsOf(live).find((one) => one.type === type);
}

/** "DeadlineExceeded: took too long", as much of it as there is. */
export function words({ type, reason, message }: Condition): string {
  return [reason ?? type, message].filter((part) => part !== undefined).join(": ");
}

/** Until the controller has seen the newest spec, its status is about the past. One that never says what it has seen is believed. */
export function isBehind(live: KubeObject): boolean {
  const seen = seenGeneration(live);
  return seen !== undefined && seen < generationOf(live);
}

/** The same of kinds whose controllers always say what they have seen: silence means that none has looked. */
export function isUnseen(live: KubeObject): boolean {
  return (seenGeneration(live) ?? 0) < generationOf(live);
}

/** Was the condition written about an older spec. One that does not say what it is about is believed. */
export function isStale({ observedGeneration }: Condition, live: KubeObject): boolean {
  return observedGeneration !== undefined && observedGeneration < generationOf(live);
}

/** Argo Rollouts writes a text, and once wrote a hash there: of texts, short numbers count. */
function seenGeneration(live: KubeObject): number | undefined {
  const seen = partOf(live, "status")["observedGeneration"];
  if (typeof seen === "string" && /^[0-9]{1,9}$/.test(seen)) return Number(seen);
  return typeof seen === "number" ? seen : undefined;
}

function generationOf(live: KubeObject): number {
  return numberIn(partOf(live, "metadata"), "generation") ?? 0;
}

export const healthy = (message: string): Health => ({ status: "Healthy", message });
export const progressing = (message: string): Health => ({ status: "Progressing", message });
export const degraded = (message: string): Health => ({ status: "Degraded", message });
export const unknown = (message: string): Health => ({ status: "Unknown", message });
export const suspended = (message: string): Health => ({ status: "Suspended", message });

export const BEHIND = progressing("the controller has not seen the newest spec yet");
