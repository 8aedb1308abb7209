import type { Health, LiveObject } from "../model/index.ts";
import { healthy, listIn, partOf, progressing, textIn } from "./read.ts";

/** A LoadBalancer waits for its address; every other Service serves as soon as it is there. */
export function serviceHealth(live: LiveObject): Health {
  const type = textIn(partOf(live, "spec"), "type") ?? "ClusterIP";
  if (type !== "LoadBalancer") return healthy(type);
  const [ingress] = listIn(partOf(partOf(live, "status"), "loadBalancer"), "ingress");
  if (ingress === undefined) return progressing("waits for an address from the load balancer");
  return healthy(`reachable at ${textIn(ingress, "ip") ?? textIn(ingress, "hostname") ?? "its address"}`);
}

/** Many controllers never write an Ingress' status, so an empty one says nothing. */
export function ingressHealth(live: LiveObject): Health {
  const [ingress] = listIn(partOf(partOf(live, "status"), "loadBalancer"), "ingress");
  return healthy(
    ingress === undefined
      ? "no controller has reported an address"
      : `reachable at ${textIn(ingress, "ip") ?? textIn(ingress, "hostname") ?? "its address"}`,
  );
}
