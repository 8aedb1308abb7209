import { groupKindKey, type Health, isJsonObject, type LiveObject, parseApiVersion } from "../model/index.ts";
import { autoscalerHealth } from "./autoscaler.ts";
import { customHealth } from "./custom.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { apiServiceHealth, definitionHealth, namespaceHealth } from "./definition.ts";
import { deploymentHealth } from "./deployment.ts";
import { disruptionBudgetHealth } from "./disruption-budget.ts";
import { cronJobHealth, jobHealth } from "./job.ts";
import { ingressHealth, serviceHealth } from "./network.ts";
import { podHealth } from "./pod.ts";
import { partOf, progressing, textIn, textsIn, unknown } from "./read.ts";
import { replicasHealth } from "./replicas.ts";
import { statefulSetHealth } from "./stateful-set.ts";
import { claimHealth, volumeHealth } from "./storage.ts";

/** The one table. Every other kind is judged by the common conventions. */
export const KINDS: ReadonlyMap<string, (live: LiveObject) => Health> = new Map([
  ["APIService.apiregistration.k8s.io", apiServiceHealth],
  ["CronJob.batch", cronJobHealth],
  ["CustomResourceDefinition.apiextensions.k8s.io", definitionHealth],
  ["DaemonSet.apps", daemonSetHealth],
  ["Deployment.apps", deploymentHealth],
  ["HorizontalPodAutoscaler.autoscaling", autoscalerHealth],
  ["Ingress.networking.k8s.io", ingressHealth],
  ["Job.batch", jobHealth],
  ["Namespace", namespaceHealth],
  ["PersistentVolume", volumeHealth],
  ["PersistentVolumeClaim", claimHealth],
  ["Pod", podHealth],
  ["PodDisruptionBudget.policy", disruptionBudgetHealth],
  ["ReplicaSet.apps", replicasHealth],
  ["ReplicationController", replicasHealth],
  ["Service", serviceHealth],
  ["StatefulSet.apps", statefulSetHealth],
]);

/** Judges one live object by itself. Never throws, whatever it holds; of what says no kind nothing is known. */
export function assess(live: LiveObject): Health {
  const object: unknown = live;
  if (!isJsonObject(object)) return unknown("is no object");
  const [apiVersion, kind] = [textIn(object, "apiVersion"), textIn(object, "kind")];
  if (apiVersion === undefined || kind === undefined) return unknown("says no apiVersion and kind");
  const metadata = partOf(object, "metadata");
  if (textIn(metadata, "deletionTimestamp") !== undefined) return deletionHealth(textsIn(metadata, "finalizers"));
  const { group } = parseApiVersion(apiVersion);
  return (KINDS.get(groupKindKey({ group, kind })) ?? customHealth)(live);
}

function deletionHealth(finalizers: readonly string[]): Health {
  return progressing(
    finalizers.length === 0 ? "is being deleted" : `is being deleted, waits for ${finalizers.join(", ")}`,
  );
}
