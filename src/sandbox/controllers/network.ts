import { canonicalJson } from "../../kit/hash.ts";
import { isJsonObject, type JsonObject, type LiveObject, selects } from "../../model/index.ts";
import { type Controller, core, MANAGER, type Stage } from "./controller.ts";
import { labelsOf, listOf, partOf, textOf, writeStatus } from "./fields.ts";
import { failureOf, isReady, ownedBy, referenceTo } from "./owned.ts";

const SLICES = { group: "discovery.k8s.io", kind: "EndpointSlice" };

/** A Service with a selector has its Pods in an EndpointSlice; one of type LoadBalancer gets an address of TEST-NET-1. */
export const services: Controller = {
  kind: core("Service"),
  reconcile(service, stage) {
    if (service.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(service, "spec");
    if (spec["type"] === "LoadBalancer") balance(service, stage);
    if (isJsonObject(spec["selector"])) slice(service, stage);
    return undefined;
  },
};

function balance(service: LiveObject, stage: Stage): void {
  const failure = failureOf(stage, service);
  const given = listOf(partOf(partOf(service, "status"), "loadBalancer"), "ingress");
  if (failure !== undefined) {
    if (given.length > 0) writeStatus(stage, service, { loadBalancer: {} });
    stage.tell(service, {
      type: "Warning",
      reason: "SyncLoadBalancerFailed",
      message: failure,
      by: "service-controller",
    });
  } else if (given.length === 0) {
    stage.tell(service, { reason: "EnsuredLoadBalancer", message: "Ensured load balancer", by: "service-controller" });
    writeStatus(stage, service, { loadBalancer: { ingress: [{ ip: freeAddress(stage), ipMode: "VIP" }] } });
  }
}

/** 192.0.2.0/24 is for examples. Source: RFC 5737. */
function freeAddress({ objects }: Stage): string {
  const all = [...objects.list(core("Service")), ...objects.list(INGRESS)];
  const used = new Set(
    all.flatMap((one) => listOf(partOf(partOf(one, "status"), "loadBalancer"), "ingress").map(({ ip }) => ip)),
  );
  let at = 1;
  while (used.has(`192.0.2.${at}`) && at < 254) at++;
  return `192.0.2.${at}`;
}

const INGRESS = { group: "networking.k8s.io", kind: "Ingress" };

export const ingresses: Controller = {
  kind: INGRESS,
  reconcile(ingress, stage) {
    const given = listOf(partOf(partOf(ingress, "status"), "loadBalancer"), "ingress");
    if (given.length > 0 || ingress.metadata.deletionTimestamp !== undefined || failureOf(stage, ingress) !== undefined)
      return undefined;
    writeStatus(stage, ingress, { loadBalancer: { ingress: [{ ip: freeAddress(stage) }] } });
    return undefined;
  },
};

/** Carries the Service's own labels, as the real one does: nothing may take it for a member of an application. */
function slice(service: LiveObject, stage: Stage): void {
  const { name, namespace } = service.metadata;
  const wanted = {
    addressType: "IPv4",
    endpoints: endpointsOf(service, stage),
    ports: listOf(partOf(service, "spec"), "ports").map(portOf),
  };
  const labels = {
    ...labelsOf(service),
    "kubernetes.io/service-name": name,
    "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
  };
  const [before] = ownedBy(stage, service, SLICES);
  if (before === undefined) {
    const metadata = {
      name: "",
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ownerReferences: [referenceTo(service)],
    };
    stage.objects.create({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, ...wanted }, MANAGER);
  } else if (
    canonicalJson({ ...pickWanted(before), labels: labelsOf(before) }) !== canonicalJson({ ...wanted, labels })
  ) {
    stage.objects.update({ ...before, metadata: { ...before.metadata, labels }, ...wanted }, { manager: MANAGER });
  }
}

function pickWanted({ addressType, endpoints, ports }: LiveObject): object {
  return { addressType, endpoints: endpoints ?? [], ports: ports ?? [] };
}

function portOf(port: JsonObject): JsonObject {
  const target = port["targetPort"] ?? port["port"] ?? null;
  const number = typeof target === "number" ? target : (port["port"] ?? null);
  return { name: textOf(port, "name"), port: number, protocol: port["protocol"] ?? "TCP" };
}

function endpointsOf(service: LiveObject, { objects }: Stage): JsonObject[] {
  const selector = { matchLabels: partOf(partOf(service, "spec"), "selector") };
  return objects
    .list(core("Pod"))
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace && selects(selector, labelsOf(pod)))
    .filter(
      (pod) => textOf(partOf(pod, "status"), "podIP") !== "" && textOf(partOf(pod, "status"), "phase") === "Running",
    )
    .map((pod) => {
      const ready = isReady(pod) && pod.metadata.deletionTimestamp === undefined;
      const { name, namespace = "", uid } = pod.metadata;
      return {
        addresses: [textOf(partOf(pod, "status"), "podIP")],
        conditions: { ready, serving: ready, terminating: false },
        nodeName: textOf(partOf(pod, "spec"), "nodeName"),
        targetRef: { kind: "Pod", namespace, name, uid },
      };
    });
}
