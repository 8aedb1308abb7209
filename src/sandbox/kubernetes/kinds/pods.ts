import { parseQuantity, sameQuantity } from "../../../kit/quantity.ts";
import type { Json, JsonObject } from "../../../model/index.ts";
import { at, objectOf, objectsOf } from "./read.ts";

/** A Pod that is created: what admission adds, and the status before anybody has seen it. */
export function createdPod(pod: JsonObject): JsonObject {
  const spec = objectOf(pod["spec"]);
  const status = { phase: "Pending", qosClass: qosClass(spec) };
  return { ...pod, spec: { ...spec, ...priority(spec), tolerations: tolerations(spec) }, status };
}

const SYSTEM_PRIORITIES = new Map([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/** Source: admission plugin Priority. The values of other classes are not looked up. */
function priority({ priorityClassName, preemptionPolicy = "PreemptLowerPriority" }: JsonObject): JsonObject {
  const known = priorityClassName === undefined ? 0 : SYSTEM_PRIORITIES.get(String(priorityClassName));
  return known === undefined ? {} : { priority: known, preemptionPolicy };
}

const NODE_TROUBLES = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A Pod outlives its Node's trouble for five minutes. Source: admission plugin DefaultTolerationSeconds. */
function tolerations(spec: JsonObject): JsonObject[] {
  const own = objectsOf(spec["tolerations"]);
  const tolerates = (key: string) =>
    own.some(
      (one) => [undefined, key].includes(one["key"] as string) && (one["effect"] ?? "NoExecute") === "NoExecute",
    );
  const added = NODE_TROUBLES.filter((key) => !tolerates(key)).map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: 300,
  }));
  return [...own, ...added];
}

const COUNTED = ["cpu", "memory"];

/** Guaranteed: every container has limits for both, and asks for as much; BestEffort: none has any. Source: Kubernetes, "Pod Quality of
 *  Service Classes". */
function qosClass(spec: JsonObject): string {
  const all = [...objectsOf(spec["containers"]), ...objectsOf(spec["initContainers"])];
  const amounts = all.map(
    (one) => [objectOf(at(one, "resources.requests")), objectOf(at(one, "resources.limits"))] as const,
  );
  const some = amounts.some((pair) => pair.some((list) => COUNTED.some((name) => isSome(list[name]))));
  if (!some) return "BestEffort";
  const full = amounts.every(([requests, limits]) =>
    COUNTED.every((name) => isSome(limits[name]) && sameQuantity(requests[name], limits[name]) === true),
  );
  return full ? "Guaranteed" : "Burstable";
}

function isSome(amount: Json | undefined): boolean {
  return (parseQuantity(amount)?.digits ?? 0n) > 0n;
}

/** In the host's network a port of a Pod is one of the host. */
export function hostPorts(spec: JsonObject): JsonObject {
  if (spec["hostNetwork"] !== true) return spec;
  const opened = (name: string): JsonObject =>
    spec[name] === undefined ? {} : { [name]: objectsOf(spec[name]).map(withHostPorts) };
  return { ...spec, ...opened("containers"), ...opened("initContainers") };
}

function withHostPorts(container: JsonObject): JsonObject {
  const { ports } = container;
  if (ports === undefined) return container;
  return { ...container, ports: objectsOf(ports).map((port) => ({ hostPort: port["containerPort"], ...port })) };
}
