import type { Json, JsonObject } from "../../../model/index.ts";
import { at, duration, joined, list, text, texts } from "./read.ts";

export function jobStatus(job: JsonObject): string {
  const holds = (type: string): boolean =>
    list(job, "status.conditions").some((one) => one["type"] === type && one["status"] === "True");
  return ["Complete", "Failed", "SuccessCriteriaMet", "Suspended", "FailureTarget"].find(holds) ?? "Running";
}

export function jobDuration(job: JsonObject, now: Date): string {
  const [start, end] = [at(job, "status.startTime"), at(job, "status.completionTime")];
  if (typeof start !== "string") return "";
  const until = typeof end === "string" ? Date.parse(end) : now.getTime();
  return duration(Math.floor((until - Date.parse(start)) / 1000));
}

export function externalAddress(service: JsonObject): string {
  const type = at(service, "spec.type");
  const own = texts(service, "spec.externalIPs");
  if (type === "ExternalName") return text(service, "spec.externalName");
  const given =
    type === "LoadBalancer"
      ? list(service, "status.loadBalancer.ingress").map(({ ip, hostname }) => String(ip ?? hostname))
      : [];
  return joined([...given, ...own], type === "LoadBalancer" ? "<pending>" : "<none>");
}

export function portText({ port, nodePort, protocol }: JsonObject): string {
  return nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;
}

const MODES: { readonly [mode: string]: string } = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

export function accessModes(modes: readonly string[]): string {
  return modes.map((mode) => MODES[mode] ?? mode).join(",");
}

export function metricText(metric: JsonObject): string {
  const name = text(metric, "resource.name", "");
  const wanted = at(metric, "resource.target.averageUtilization");
  return wanted === undefined ? "<unknown>" : `${name}: <unknown>/${wanted}%`;
}

export function roleText(binding: JsonObject): string {
  return `${text(binding, "roleRef.kind")}/${text(binding, "roleRef.name")}`;
}

export function subsetTexts(subset: JsonObject): string[] {
  return list(subset, "addresses").flatMap(({ ip }) => list(subset, "ports").map(({ port }) => `${ip}:${port}`));
}

export function quotaText(quota: JsonObject, limits: boolean): string {
  const hard = at(quota, "status.hard") ?? at(quota, "spec.hard");
  const names = Object.keys(typeof hard === "object" && hard !== null ? hard : {}).filter(
    (name) => name.startsWith("limits.") === limits,
  );
  const used = (name: string): Json => (at(quota, "status.used") as JsonObject | undefined)?.[name] ?? "0";
  return names
    .sort()
    .map((name) => `${name}: ${used(name)}/${(hard as JsonObject)[name]}`)
    .join(", ");
}
