import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { at, count, duration, joined, list, text, texts } from "./read.ts";

export function jobStatus(job: JsonObject): string {
  const holds = (type: string): boolean =>
    list(job, "status.conditions").some((one) => one["type"] === type && one["status"] === "True");
  const ended = ["Complete", "Failed"].find(holds);
  if (ended !== undefined) return ended;
  if (at(job, "metadata.deletionTimestamp") !== undefined) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(holds) ?? "Running";
}

export function jobCompletions(job: JsonObject): string {
  const done = count(job, "status.succeeded");
  const [wanted, parallel] = [at(job, "spec.completions"), count(job, "spec.parallelism")];
  if (wanted !== undefined) return `${done}/${wanted}`;
  return parallel > 1 ? `${done}/1 of ${parallel}` : `${done}/1`;
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
  const given = type === "LoadBalancer" ? balancerAddresses(service) : [];
  return joined([...given, ...own], type === "LoadBalancer" ? "<pending>" : "<none>");
}

/** Where a balancer is reached, in alphabetical order. */
export function balancerAddresses(object: JsonObject): string[] {
  const given = list(object, "status.loadBalancer.ingress").map(({ ip, hostname }) => String(ip ?? hostname));
  return [...new Set(given)].sort();
}

/** The first few, and how many more there are. */
export function few(values: readonly unknown[], shown: number, { absent = "<unset>", by = "," } = {}): string {
  const more = values.length > shown ? ` + ${values.length - shown} more...` : "";
  return joined(values.slice(0, shown), absent, by) + more;
}

export function ingressHosts(ingress: JsonObject): string {
  const rules = list(ingress, "spec.rules");
  const hosts = rules.flatMap(({ host }) => host ?? []);
  return hosts.length > 3 ? `${hosts.slice(0, 3).join(",")} + ${rules.length - 3} more...` : joined(hosts, "*");
}

export function nodeStatus(node: JsonObject): string {
  const ready = list(node, "status.conditions").find(({ type }) => type === "Ready");
  const word = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return at(node, "spec.unschedulable") === true ? `${word},SchedulingDisabled` : word;
}

const ROLE = "node-role.kubernetes.io/";

export function nodeRoles(node: JsonObject): string {
  const labels = at(node, "metadata.labels");
  const names = Object.keys(isJsonObject(labels) ? labels : {}).filter(
    (name) => name.startsWith(ROLE) && name !== ROLE,
  );
  return joined(names.map((name) => name.slice(ROLE.length)).sort());
}

export function nodeAddress(node: JsonObject, wanted: string): string {
  return text(list(node, "status.addresses").find(({ type }) => type === wanted) ?? {}, "address");
}

export function kernel(node: JsonObject): string {
  const architecture = text(node, "status.nodeInfo.architecture", "");
  return `${text(node, "status.nodeInfo.kernelVersion", "<unknown>")}${architecture === "" ? "" : ` (${architecture})`}`;
}

/** A claim or a volume that is to go says so. */
export function volumePhase(object: JsonObject): string {
  return at(object, "metadata.deletionTimestamp") === undefined ? text(object, "status.phase", "") : "Terminating";
}

/** Whether the group's own server is there to answer: "False (ServiceNotFound)". */
export function available(service: JsonObject): string {
  const found = list(service, "status.conditions").find(({ type }) => type === "Available");
  if (found === undefined) return "Unknown";
  return found["status"] === "True" ? "True" : `${found["status"]} (${found["reason"]})`;
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

const SOURCES = ["containerResource", "external", "object", "pods", "resource"];

/** Two metrics, each as what is and what should be: "cpu: 42%/80%". */
export function metricsText(scaler: JsonObject): string {
  const current = list(scaler, "status.currentMetrics");
  const texts = list(scaler, "spec.metrics").map((metric, index) => metricText(metric, current[index] ?? {}));
  return few(texts, 2, { absent: "<none>", by: ", " });
}

function metricText(metric: JsonObject, current: JsonObject): string {
  const source = SOURCES.find((name) => metric[name] !== undefined) ?? "";
  const one = (kind: string, unit = ""): string => {
    const [is, wanted] = [at(current, `${source}.current.${kind}`), at(metric, `${source}.target.${kind}`)];
    return `${is === undefined ? "<unknown>" : `${is}${unit}`}/${wanted}${unit}`;
  };
  const average = at(metric, `${source}.target.averageValue`) !== undefined;
  if (source === "resource" || source === "containerResource")
    return `${text(metric, `${source}.name`)}: ${average ? one("averageValue") : one("averageUtilization", "%")}`;
  if (source === "pods") return one("averageValue");
  return average ? `${one("averageValue")} (avg)` : one("value");
}

export function roleText(binding: JsonObject): string {
  return `${text(binding, "roleRef.kind")}/${text(binding, "roleRef.name")}`;
}

export function subsetTexts(subset: JsonObject): string[] {
  const [addresses, ports] = [list(subset, "addresses"), list(subset, "ports")];
  if (ports.length === 0) return addresses.map(({ ip }) => String(ip));
  return ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip}:${port}`));
}

export function quotaText(quota: JsonObject, limits: boolean): string {
  const [hard, used] = [at(quota, "status.hard"), at(quota, "status.used")];
  if (!isJsonObject(hard)) return "";
  const names = Object.keys(hard).filter((name) => name.startsWith("limits.") === limits);
  const now = (name: string): Json => (isJsonObject(used) ? used[name] : undefined) ?? "0";
  return names
    .sort()
    .map((name) => `${name}: ${now(name)}/${hard[name]}`)
    .join(", ");
}
