import { BlockList } from "node:net";
import type { Json, JsonObject, LiveObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { objectOf, objectsOf, text } from "./read.ts";
import { bad, isSame } from "./rules.ts";

/** Addresses and ports that other Services have. */
export interface Taken {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

export function takenBy(services: readonly LiveObject[]): Taken {
  const specs = services.map(({ spec }) => objectOf(spec));
  const ports = specs.flatMap((spec) => objectsOf(spec["ports"]));
  return {
    addresses: new Set(specs.map((spec) => text(spec["clusterIP"]))),
    ports: new Set(ports.flatMap(({ nodePort }) => (typeof nodePort === "number" ? [nodePort] : []))),
  };
}

interface Allocation {
  readonly spec: JsonObject;
  /** Empty for a Service that is new. */
  readonly before: JsonObject;
  readonly taken: Taken;
}

const FIRST_PORT = 30000;
const LAST_PORT = 32767;
/** As the test control plane has it. */
const RANGE = new BlockList();
RANGE.addSubnet("10.0.0.0", 16, "ipv4");

/** What the server gives a Service: an address, and ports on the nodes where its type has some. What it had it keeps.
 *  Source: Kubernetes, "Service" (kube-apiserver's registry, core/service/storage/alloc.go). */
export function allocated({ spec, before, taken }: Allocation): JsonObject {
  const plain = withoutLeftOvers(spec, before);
  if (plain["type"] === "ExternalName") return withoutAddresses(plain);
  return withPorts(withAddress(plain, before, taken), before, taken);
}

const isOutside = ({ type }: JsonObject): boolean => type === "ExternalName";
const isBalanced = ({ type }: JsonObject): boolean => type === "LoadBalancer";
const isReachable = (spec: JsonObject): boolean =>
  spec["type"] === "NodePort" || isBalanced(spec) || spec["externalIPs"] !== undefined;

/** Fields that only some types have. */
const OF_SOME_TYPES: readonly (readonly [field: string, has: (spec: JsonObject) => boolean])[] = [
  ["allocateLoadBalancerNodePorts", isBalanced],
  ["externalTrafficPolicy", isReachable],
  ["internalTrafficPolicy", (spec) => !isOutside(spec)],
  ["ipFamilies", (spec) => !isOutside(spec)],
  ["ipFamilyPolicy", (spec) => !isOutside(spec)],
  ["loadBalancerClass", isBalanced],
];

/** What the type before brought along goes with it, unless it was changed in the same write. */
function withoutLeftOvers(spec: JsonObject, before: JsonObject): JsonObject {
  const gone = OF_SOME_TYPES.filter(
    ([field, has]) => has(before) && !has(spec) && isSame(spec[field], before[field]),
  ).map(([field]) => field);
  if (spec["sessionAffinity"] === "None") gone.push("sessionAffinityConfig");
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !gone.includes(field)));
}

/** What was asked for and cannot be had. Errors of the spelling are found elsewhere. */
export function clashes({ spec, before, taken }: Allocation): Cause[] {
  const asked = askedAddress(spec);
  const why = asked === text(before["clusterIP"]) ? undefined : addressProblem(asked, taken);
  const detail = `failed to allocate IP ${asked}: ${why}`;
  return [
    ...(why === undefined ? [] : [bad("spec.clusterIPs", [asked], detail)]),
    ...objectsOf(spec["ports"]).flatMap((port, index) => {
      const { nodePort } = port;
      const problem = nodePort === nodePortBefore(before, port) ? undefined : portProblem(nodePort, taken);
      return problem === undefined ? [] : [bad(`spec.ports[${index}].nodePort`, nodePort, problem)];
    }),
  ];
}

function askedAddress({ clusterIP, clusterIPs, type }: JsonObject): string {
  if (type === "ExternalName") return "";
  return text(clusterIP) || (Array.isArray(clusterIPs) ? text(clusterIPs[0]) : "");
}

function addressProblem(asked: string, { addresses }: Taken): string | undefined {
  if (!/^[0-9.]+$/.test(asked)) return undefined;
  if (!RANGE.check(asked)) return "the provided network does not match the current range";
  return addresses.has(asked) ? "provided IP is already allocated" : undefined;
}

function portProblem(port: Json | undefined, { ports }: Taken): string | undefined {
  if (typeof port !== "number" || port === 0) return undefined;
  if (port < FIRST_PORT || port > LAST_PORT)
    return `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
  return ports.has(port) ? "provided port is already allocated" : undefined;
}

function withoutAddresses({ clusterIP: _1, clusterIPs: _2, ...spec }: JsonObject): JsonObject {
  return spec;
}

function withAddress(spec: JsonObject, before: JsonObject, taken: Taken): JsonObject {
  const clusterIP = askedAddress(spec) || text(before["clusterIP"]) || freeAddress(taken);
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}

/** From the tenth address on: the first ones are for the cluster's own Services. */
function freeAddress({ addresses }: Taken): string {
  for (let at = 10; at < 65_534; at++) {
    const address = `10.0.${at >> 8}.${at & 255}`;
    if (!addresses.has(address)) return address;
  }
  throw new Error("every address is taken");
}

function withPorts(spec: JsonObject, before: JsonObject, { ports: taken }: Taken): JsonObject {
  const ports = objectsOf(spec["ports"]);
  if (ports.length === 0) return spec;
  if (!hasPortsOnNodes(spec)) {
    // Ports that it had on the nodes go with the type that had them.
    const gone = spec["type"] === "ClusterIP" && hasPortsOnNodes(before);
    return gone ? { ...spec, ports: ports.map((port) => withoutOldPort(port, before)) } : spec;
  }
  const used = new Set(taken);
  const given = ports.map((port) => {
    const nodePort = port["nodePort"] ?? nodePortBefore(before, port) ?? freePort(used);
    if (typeof nodePort === "number") used.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports: given };
}

function hasPortsOnNodes({ type, allocateLoadBalancerNodePorts }: JsonObject): boolean {
  return type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);
}

function withoutOldPort(port: JsonObject, before: JsonObject): JsonObject {
  const { nodePort, ...rest } = port;
  return nodePort === nodePortBefore(before, port) ? rest : port;
}

function nodePortBefore(before: JsonObject, port: JsonObject): Json | undefined {
  const same = (one: JsonObject): boolean => one["port"] === port["port"] && one["protocol"] === port["protocol"];
  return objectsOf(before["ports"]).find(same)?.["nodePort"];
}

function freePort(used: ReadonlySet<number>): number {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (!used.has(port)) return port;
  throw new Error("every node port is taken");
}
