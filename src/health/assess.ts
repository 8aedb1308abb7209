import { groupKindKey, type Health, type LiveObject, refOf } from "../model/index.ts";
import { customHealth } from "./custom.ts";
import { daemonSetHealth } from "./daemon-set.ts";
import { apiServiceHealth, definitionHealth, namespaceHealth } from "./definition.ts";
import { deploymentHealth } from "./deployment.ts";
import { cronJobHealth, jobHealth } from "./job.ts";
import { ingressHealth, serviceHealth } from "./network.ts";
import { podHealth } from "./pod.ts";
import { autoscalerHealth, disruptionBudgetHealth } from "./policy.ts";
import { progressing } from "./read.ts";
import { replicasHealth } from "./replicas.ts";
import { statefulSetHealth } from "./stateful-set.ts";
import { claimHealth, volumeHealth } from "./storage.ts";

/** The one table. Every other kind is judged by the common conventions. */
const KINDS: ReadonlyMap<string, (live: LiveObject) => Health> = new Map([
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

/** Judges one live object by itself. Never throws, whatever its status holds. */
export function assess(live: LiveObject): Health {
  const { deletionTimestamp, finalizers = [] } = live.metadata;
  if (deletionTimestamp !== undefined) {
    return progressing(
      finalizers.length === 0 ? "is being deleted" : `is being deleted, waits for ${finalizers.join(", ")}`,
    );
  }
  return (KINDS.get(groupKindKey(refOf(live))) ?? customHealth)(live);
}
