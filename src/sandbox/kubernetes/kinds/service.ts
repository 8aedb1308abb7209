import { isJsonObject, type Json, type JsonObject, type LiveObject } from "../../../model/index.ts";

/** Addresses and ports that other Services have. */
export interface Taken {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

export function takenBy(services: readonly LiveObject[]): Taken {
  const specs = services.flatMap(({ spec }) => (isJsonObject(spec) ? [spec] : []));
  const ports = specs.flatMap((spec) => (Array.isArray(spec["ports"]) ? spec["ports"].filter(isJsonObject) : []));
  return {
    addresses: new Set(specs.map((spec) => text(spec["clusterIP"]))),
    ports: new Set(ports.flatMap(({ nodePort }) => (typeof nodePort === "number" ? [nodePort] : []))),
  };
}

const FIRST_PORT = 30000;
const LAST_PORT = 32767;

/** What the server gives a Service: an address, and ports on the nodes where its type has some. What it had it keeps.
 *  Source: Kubernetes, "Service" (kube-apiserver's registry, core/service/storage/alloc.go). */
export function allocated(spec: JsonObject, before: JsonObject | undefined, taken: Taken): JsonObject {
  if (spec["type"] === "ExternalName") return withoutAddresses(spec);
  return withPorts(withAddress(spec, before, taken), before, taken);
}

function withoutAddresses({ clusterIP: _1, clusterIPs: _2, ...spec }: JsonObject): JsonObject {
  return spec;
}

function withAddress(spec: JsonObject, before: JsonObject | undefined, taken: Taken): JsonObject {
  const asked = text(spec["clusterIP"]) || (Array.isArray(spec["clusterIPs"]) ? text(spec["clusterIPs"][0]) : "");
  const clusterIP = asked || text(before?.["clusterIP"]) || freeAddress(taken);
  return { ...spec, clusterIP, clusterIPs: [clusterIP] };
}

/** 10.0.0.0/16, as the test control plane has it, from the second address on. */
function freeAddress({ addresses }: Taken): string {
  for (let at = 10; at < 65_534; at++) {
    const address = `10.0.${at >> 8}.${at & 255}`;
    if (!addresses.has(address)) return address;
  }
  throw new Error("every address is taken");
}

function withPorts(spec: JsonObject, before: JsonObject | undefined, { ports: taken }: Taken): JsonObject {
  const ports = Array.isArray(spec["ports"]) ? spec["ports"].filter(isJsonObject) : [];
  const noneOnNodes = spec["type"] === "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] === false;
  if ((spec["type"] !== "NodePort" && spec["type"] !== "LoadBalancer") || noneOnNodes) {
    const kept =
      spec["type"] === "ClusterIP" && before !== undefined && before["type"] !== "ClusterIP"
        ? ports.map(withoutNodePort)
        : ports;
    return ports.length === 0 ? spec : { ...spec, ports: kept };
  }
  const used = new Set(taken);
  const given = ports.map((port) => {
    const nodePort = port["nodePort"] ?? nodePortBefore(before, port) ?? freePort(used);
    if (typeof nodePort === "number") used.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...spec, ports: given };
}

function withoutNodePort({ nodePort: _, ...port }: JsonObject): JsonObject {
  return port;
}

function nodePortBefore(before: JsonObject | undefined, port: JsonObject): Json | undefined {
  const ports = Array.isArray(before?.["ports"]) ? before["ports"].filter(isJsonObject) : [];
  return ports.find((one) => one["port"] === port["port"] && one["protocol"] === port["protocol"])?.["nodePort"];
}

function freePort(used: ReadonlySet<number>): number {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (!used.has(port)) return port;
  throw new Error("every node port is taken");
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
