import { isJsonObject, type JsonObject, type LiveObject } from "../model/index.ts";

/** Who takes a finalizer off, and when. Sources: the Kubernetes documentation of each. */
const KNOWN: { readonly [finalizer: string]: string } = {
  "kubernetes.io/pvc-protection": "taken off when no Pod mounts it any more",
  "kubernetes.io/pv-protection": "taken off when no claim is bound to it any more",
  "external-provisioner.volume.kubernetes.io/finalizer": "taken off by the provisioner when the volume is gone",
  "service.kubernetes.io/load-balancer-cleanup": "taken off by the cloud controller when the load balancer is gone",
  "customresourcecleanup.apiextensions.k8s.io": "taken off when all objects of its kind are gone",
  "apiserver.kubernetes.io/job-tracking": "taken off by the Job's controller",
  "batch.kubernetes.io/job-tracking": "taken off by the Job's controller",
  foregroundDeletion: "taken off when what it owns is gone",
  orphan: "taken off when what it owns has let go of it",
};

/** What keeps an object whose deletion was asked for: "finalizer kubernetes.io/pvc-protection (taken off when no Pod mounts it any more)". */
export function whatBlocksDeletion(object: LiveObject): string {
  const finalizers = object.metadata.finalizers ?? [];
  const inside = object.kind === "Namespace" ? remainingIn(object) : [];
  if (inside.length > 0) return inside.join("; ");
  if (finalizers.length === 0) return "its grace period to end";
  return `finalizer${finalizers.length === 1 ? "" : "s"} ${finalizers.map(explained).join(", ")}`;
}

function explained(finalizer: string): string {
  const known = KNOWN[finalizer];
  if (known !== undefined) return `${finalizer} (${known})`;
  const [domain = ""] = finalizer.split("/");
  return finalizer.includes("/") ? `${finalizer} (of the controller of ${domain})` : finalizer;
}

/** A namespace says itself what is left in it. Source: Kubernetes, "Namespace conditions". */
function remainingIn({ status }: LiveObject): string[] {
  const conditions = isJsonObject(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const said = conditions.filter(isJsonObject).filter(isTelling);
  return said.map(({ message }: JsonObject) => String(message));
}

const TELLING: ReadonlySet<unknown> = new Set([
  "NamespaceContentRemaining",
  "NamespaceFinalizersRemaining",
  "NamespaceDeletionContentFailure",
  "NamespaceDeletionDiscoveryFailure",
]);

function isTelling({ type, status, message }: JsonObject): boolean {
  return TELLING.has(type) && status === "True" && typeof message === "string";
}
