import { isJsonObject, type KubeObject, type LiveObject, parseApiVersion } from "../../../model/index.ts";
import { invalid } from "../validate/index.ts";
import {
  BUDGET,
  binding,
  CLAIM,
  CONFIG_MAP,
  LIMITS,
  PRIORITY_CLASS,
  ROLE,
  SECRET,
  STORAGE_CLASS,
  VOLUME,
} from "./other-rules.ts";
import { POD_SPEC, podUpdates } from "./pod-rules.ts";
import { objectOf } from "./read.ts";
import { countOrShare, inside, type Rule } from "./rules.ts";
import { INGRESS, NETWORK_POLICY, SCALER, SERVICE } from "./service-rules.ts";
import { CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, REPLICA_SET, STATEFUL_SET } from "./workload-rules.ts";

/** What kube-apiserver refuses of its own kinds beyond their schemas: the commonest rules. Errors: 422, a cause a field. */
export function refuseBuiltIn({ object, before }: { object: KubeObject; before: LiveObject | undefined }): void {
  const place = { value: objectOf(object), before: isJsonObject(before) ? before : undefined, field: "" };
  const causes = (RULES[object.kind] ?? []).flatMap((rule) => rule(place));
  if (causes.length === 0) return;
  const { kind, apiVersion, metadata } = object;
  throw invalid({ group: parseApiVersion(apiVersion).group, kind, name: metadata.name }, causes);
}

const spec = (...rules: readonly Rule[]): Rule[] => [inside("spec", rules)];

const RULES: { readonly [kind: string]: readonly Rule[] } = {
  Pod: spec(...POD_SPEC, podUpdates),
  Deployment: spec(...DEPLOYMENT),
  ReplicaSet: spec(...REPLICA_SET),
  StatefulSet: spec(...STATEFUL_SET),
  DaemonSet: spec(...DAEMON_SET),
  Job: spec(...JOB),
  CronJob: spec(...CRON_JOB),
  Service: spec(...SERVICE),
  Ingress: INGRESS,
  NetworkPolicy: spec(...NETWORK_POLICY),
  HorizontalPodAutoscaler: spec(...SCALER),
  PodDisruptionBudget: spec(...BUDGET, countOrShare("minAvailable"), countOrShare("maxUnavailable")),
  ConfigMap: CONFIG_MAP,
  Secret: SECRET,
  PersistentVolumeClaim: CLAIM,
  PersistentVolume: spec(...VOLUME),
  StorageClass: STORAGE_CLASS,
  Role: ROLE,
  ClusterRole: ROLE,
  RoleBinding: binding("Role", "ClusterRole"),
  ClusterRoleBinding: binding("ClusterRole"),
  PriorityClass: PRIORITY_CLASS,
  LimitRange: LIMITS,
};
