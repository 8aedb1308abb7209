import { apiVersionOf, type GroupVersionKind } from "../model/index.ts";

/** A version of a built-in kind that Kubernetes served once. */
export interface RemovedKind {
  /** The first release without it. */
  readonly release: string;
  /** The apiVersion to use; undefined where there is none. */
  readonly replacement: string | undefined;
}

interface Row {
  readonly was: string;
  readonly kinds: readonly string[];
  readonly replacement?: string;
  readonly release: string;
}

const RBAC = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const REVIEWS = ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview"];
const FLOW = ["FlowSchema", "PriorityLevelConfiguration"];
const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const STORAGE = ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];
const HPA = ["HorizontalPodAutoscaler"];

/** Source: Kubernetes, "Deprecated API Migration Guide". */
const ROWS: readonly Row[] = [
  {
    was: "extensions/v1beta1",
    kinds: ["DaemonSet", "Deployment", "ReplicaSet"],
    replacement: "apps/v1",
    release: "1.16",
  },
  { was: "extensions/v1beta1", kinds: ["NetworkPolicy"], replacement: "networking.k8s.io/v1", release: "1.16" },
  { was: "extensions/v1beta1", kinds: ["Ingress"], replacement: "networking.k8s.io/v1", release: "1.22" },
  { was: "extensions/v1beta1", kinds: ["PodSecurityPolicy"], release: "1.16" },
  {
    was: "apps/v1beta1",
    kinds: ["ControllerRevision", "Deployment", "StatefulSet"],
    replacement: "apps/v1",
    release: "1.16",
  },
  {
    was: "apps/v1beta2",
    kinds: ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
    replacement: "apps/v1",
    release: "1.16",
  },
  { was: "batch/v2alpha1", kinds: ["CronJob"], replacement: "batch/v1", release: "1.21" },
  { was: "batch/v1beta1", kinds: ["CronJob"], replacement: "batch/v1", release: "1.25" },
  {
    was: "admissionregistration.k8s.io/v1beta1",
    kinds: WEBHOOKS,
    replacement: "admissionregistration.k8s.io/v1",
    release: "1.22",
  },
  {
    was: "apiextensions.k8s.io/v1beta1",
    kinds: ["CustomResourceDefinition"],
    replacement: "apiextensions.k8s.io/v1",
    release: "1.22",
  },
  {
    was: "apiregistration.k8s.io/v1beta1",
    kinds: ["APIService"],
    replacement: "apiregistration.k8s.io/v1",
    release: "1.22",
  },
  {
    was: "authentication.k8s.io/v1beta1",
    kinds: ["TokenReview"],
    replacement: "authentication.k8s.io/v1",
    release: "1.22",
  },
  { was: "authorization.k8s.io/v1beta1", kinds: REVIEWS, replacement: "authorization.k8s.io/v1", release: "1.22" },
  {
    was: "certificates.k8s.io/v1beta1",
    kinds: ["CertificateSigningRequest"],
    replacement: "certificates.k8s.io/v1",
    release: "1.22",
  },
  { was: "coordination.k8s.io/v1beta1", kinds: ["Lease"], replacement: "coordination.k8s.io/v1", release: "1.22" },
  {
    was: "networking.k8s.io/v1beta1",
    kinds: ["Ingress", "IngressClass"],
    replacement: "networking.k8s.io/v1",
    release: "1.22",
  },
  {
    was: "rbac.authorization.k8s.io/v1alpha1",
    kinds: RBAC,
    replacement: "rbac.authorization.k8s.io/v1",
    release: "1.22",
  },
  {
    was: "rbac.authorization.k8s.io/v1beta1",
    kinds: RBAC,
    replacement: "rbac.authorization.k8s.io/v1",
    release: "1.22",
  },
  { was: "scheduling.k8s.io/v1alpha1", kinds: ["PriorityClass"], replacement: "scheduling.k8s.io/v1", release: "1.17" },
  { was: "scheduling.k8s.io/v1beta1", kinds: ["PriorityClass"], replacement: "scheduling.k8s.io/v1", release: "1.22" },
  { was: "storage.k8s.io/v1beta1", kinds: STORAGE, replacement: "storage.k8s.io/v1", release: "1.22" },
  { was: "storage.k8s.io/v1beta1", kinds: ["CSIStorageCapacity"], replacement: "storage.k8s.io/v1", release: "1.27" },
  { was: "discovery.k8s.io/v1beta1", kinds: ["EndpointSlice"], replacement: "discovery.k8s.io/v1", release: "1.25" },
  { was: "events.k8s.io/v1beta1", kinds: ["Event"], replacement: "events.k8s.io/v1", release: "1.25" },
  { was: "node.k8s.io/v1beta1", kinds: ["RuntimeClass"], replacement: "node.k8s.io/v1", release: "1.25" },
  { was: "policy/v1beta1", kinds: ["PodDisruptionBudget"], replacement: "policy/v1", release: "1.25" },
  { was: "policy/v1beta1", kinds: ["PodSecurityPolicy"], release: "1.25" },
  { was: "autoscaling/v2beta1", kinds: HPA, replacement: "autoscaling/v2", release: "1.25" },
  { was: "autoscaling/v2beta2", kinds: HPA, replacement: "autoscaling/v2", release: "1.26" },
  {
    was: "flowcontrol.apiserver.k8s.io/v1beta1",
    kinds: FLOW,
    replacement: "flowcontrol.apiserver.k8s.io/v1",
    release: "1.26",
  },
  {
    was: "flowcontrol.apiserver.k8s.io/v1beta2",
    kinds: FLOW,
    replacement: "flowcontrol.apiserver.k8s.io/v1",
    release: "1.29",
  },
  {
    was: "flowcontrol.apiserver.k8s.io/v1beta3",
    kinds: FLOW,
    replacement: "flowcontrol.apiserver.k8s.io/v1",
    release: "1.32",
  },
];

/** Undefined for what Kubernetes never served under this name, or still serves. */
export function removedKind(kind: GroupVersionKind): RemovedKind | undefined {
  const was = apiVersionOf(kind);
  const row = ROWS.find((one) => one.was === was && one.kinds.includes(kind.kind));
  return row && { release: row.release, replacement: row.replacement };
}
