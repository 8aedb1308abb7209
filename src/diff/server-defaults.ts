import type { Json } from "../model/index.ts";

/** What the server writes by itself into built-in kinds, by the field's name. Whoever creates an object with a plain POST is noted as
 *  owner of these too, though nobody asked for them. Source: Kubernetes, pkg/apis (defaults.go) of the single groups, 1.36. */
const DEFAULTS = new Map<string, readonly Json[]>([
  ["backoffLimit", [6]],
  ["completionMode", ["NonIndexed"]],
  ["completions", [1]],
  ["concurrencyPolicy", ["Allow"]],
  ["defaultMode", [420]],
  ["dnsPolicy", ["ClusterFirst"]],
  ["failedJobsHistoryLimit", [1]],
  ["failureThreshold", [3]],
  ["imagePullPolicy", ["IfNotPresent", "Always"]],
  ["internalTrafficPolicy", ["Cluster"]],
  ["maxSurge", ["25%", 0]],
  ["maxUnavailable", ["25%", 1]],
  ["parallelism", [1]],
  ["partition", [0]],
  ["periodSeconds", [10]],
  ["podManagementPolicy", ["OrderedReady"]],
  ["progressDeadlineSeconds", [600]],
  ["protocol", ["TCP"]],
  ["replicas", [1]],
  ["restartPolicy", ["Always"]],
  ["revisionHistoryLimit", [10]],
  ["schedulerName", ["default-scheduler"]],
  ["scheme", ["HTTP"]],
  ["sessionAffinity", ["None"]],
  ["successThreshold", [1]],
  ["successfulJobsHistoryLimit", [3]],
  ["suspend", [false]],
  ["terminationGracePeriodSeconds", [30]],
  ["terminationMessagePath", ["/dev/termination-log"]],
  ["terminationMessagePolicy", ["File"]],
  ["timeoutSeconds", [1]],
  ["type", ["RollingUpdate", "ClusterIP", "Opaque"]],
  ["volumeMode", ["Filesystem"]],
]);

/** `element` is fieldsV1's name of the field: "f:replicas". */
export function isServerDefault(element: string, value: Json): boolean {
  return DEFAULTS.get(element.slice(2))?.includes(value) ?? false;
}
