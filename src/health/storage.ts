import type { Health, LiveObject } from "../model/index.ts";
import { degraded, healthy, partOf, progressing, textIn } from "./read.ts";

/** Annotations of the volume controller. Source: Kubernetes, "Well-Known Labels, Annotations and Taints". */
const PROVISIONER = "volume.kubernetes.io/storage-provisioner";
const OLD_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
const NODE = "volume.kubernetes.io/selected-node";

/** Bound, and not asked for a size that cannot be had. Source: Kubernetes, PersistentVolumeClaimStatus. */
export function claimHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const phase = textIn(status, "phase");
  if (phase === "Lost") return degraded("its volume is lost");
  if (phase !== "Bound") return progressing(`waits for a volume (${phase ?? "Pending"}): ${whatFor(live)}`);
  const resize = Object.values(partOf(status, "allocatedResourceStatuses")).find(
    (one) => typeof one === "string" && one.endsWith("Infeasible"),
  );
  return resize === undefined ? healthy("bound") : degraded(`bound, but its resizing cannot be done: ${resize}`);
}

function whatFor(live: LiveObject): string {
  const spec = partOf(live, "spec");
  const annotations = partOf(partOf(live, "metadata"), "annotations");
  const provisioner = textIn(annotations, PROVISIONER) ?? textIn(annotations, OLD_PROVISIONER);
  const node = textIn(annotations, NODE);
  if (provisioner !== undefined) return `${provisioner} makes one${node === undefined ? "" : ` on node ${node}`}`;
  const volume = textIn(spec, "volumeName");
  if (volume !== undefined) return `it asks for volume ${volume}`;
  const name = textIn(spec, "storageClassName");
  if (name === undefined)
    return spec["storageClassName"] === "" ? "none without a class fits" : "no storage class, and no default one";
  return `storage class ${name} has begun none; is it there, and does a Pod use the claim?`;
}

export function volumeHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const phase = textIn(status, "phase");
  if (phase === "Bound" || phase === "Available" || phase === "Released") return healthy(phase.toLowerCase());
  return phase === "Failed" ? degraded(textIn(status, "message") ?? "failed") : progressing("not available yet");
}
