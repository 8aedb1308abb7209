/** The life of some kinds in one version of their group, in releases of Kubernetes. */
export interface LifecycleRow {
  /** apiVersion. */
  readonly was: string;
  readonly kinds: readonly string[];
  /** The release since which the server warns. */
  readonly deprecated: string;
  /** The first release without it; absent where none is planned. */
  readonly removed?: string;
  /** The apiVersion to use, or apiVersion and kind where that is another; absent where there is none. */
  readonly replacement?: string;
}

const RBAC = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const REVIEWS = [
  "LocalSubjectAccessReview",
  "SelfSubjectAccessReview",
  "SelfSubjectRulesReview",
  "SubjectAccessReview",
];
const FLOW = ["FlowSchema", "PriorityLevelConfiguration"];
const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const HPA = ["HorizontalPodAutoscaler"];
const VALIDATING = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];
const MUTATING = ["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const CLAIMS = ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const WORKLOADS = ["DaemonSet", "Deployment", "ReplicaSet"];
const ADMISSION = "admissionregistration.k8s.io";
const FLOWCONTROL = "flowcontrol.apiserver.k8s.io";
const STORAGE = "storage.k8s.io";
const ACCESS = "rbac.authorization.k8s.io";

type Versions = readonly [was: string, replacement?: string];
type Life = readonly [deprecated: string, removed?: string];

function row(kinds: readonly string[], [was, replacement]: Versions, [deprecated, removed]: Life): LifecycleRow {
  return {
    was,
    kinds,
    deprecated,
    ...(removed === undefined ? {} : { removed }),
    ...(replacement === undefined ? {} : { replacement }),
  };
}

/** Source: Kubernetes, "Deprecated API Migration Guide"; since 1.19 also the API's own prerelease lifecycles (k8s.io/api 0.36.3). */
export const LIFECYCLE_ROWS: readonly LifecycleRow[] = [
  row(WORKLOADS, ["extensions/v1beta1", "apps/v1"], ["1.8", "1.16"]),
  row(["NetworkPolicy"], ["extensions/v1beta1", "networking.k8s.io/v1"], ["1.9", "1.16"]),
  row(["PodSecurityPolicy"], ["extensions/v1beta1"], ["1.10", "1.16"]),
  row(["Ingress"], ["extensions/v1beta1", "networking.k8s.io/v1"], ["1.14", "1.22"]),
  row(["ControllerRevision", "Deployment", "StatefulSet"], ["apps/v1beta1", "apps/v1"], ["1.8", "1.16"]),
  row(["ControllerRevision", "StatefulSet", ...WORKLOADS], ["apps/v1beta2", "apps/v1"], ["1.9", "1.16"]),
  row(["PodPreset"], ["settings.k8s.io/v1alpha1"], ["1.19", "1.20"]),
  row(["AuditSink"], ["auditregistration.k8s.io/v1alpha1"], ["1.18", "1.19"]),
  row(["PriorityClass"], ["scheduling.k8s.io/v1alpha1", "scheduling.k8s.io/v1"], ["1.14", "1.17"]),
  row(["PriorityClass"], ["scheduling.k8s.io/v1beta1", "scheduling.k8s.io/v1"], ["1.14", "1.22"]),
  row(["CronJob"], ["batch/v2alpha1", "batch/v1"], ["1.8", "1.21"]),
  row(["CronJob"], ["batch/v1beta1", "batch/v1"], ["1.21", "1.25"]),
  row(WEBHOOKS, [`${ADMISSION}/v1beta1`, `${ADMISSION}/v1`], ["1.16", "1.22"]),
  row(["CustomResourceDefinition"], ["apiextensions.k8s.io/v1beta1", "apiextensions.k8s.io/v1"], ["1.16", "1.22"]),
  row(["APIService"], ["apiregistration.k8s.io/v1beta1", "apiregistration.k8s.io/v1"], ["1.19", "1.22"]),
  row(["TokenReview"], ["authentication.k8s.io/v1beta1", "authentication.k8s.io/v1"], ["1.19", "1.22"]),
  row(REVIEWS, ["authorization.k8s.io/v1beta1", "authorization.k8s.io/v1"], ["1.19", "1.22"]),
  row(["CertificateSigningRequest"], ["certificates.k8s.io/v1beta1", "certificates.k8s.io/v1"], ["1.19", "1.22"]),
  row(["Lease"], ["coordination.k8s.io/v1beta1", "coordination.k8s.io/v1"], ["1.19", "1.22"]),
  row(["Ingress", "IngressClass"], ["networking.k8s.io/v1beta1", "networking.k8s.io/v1"], ["1.19", "1.22"]),
  row(RBAC, [`${ACCESS}/v1alpha1`, `${ACCESS}/v1`], ["1.17", "1.22"]),
  row(RBAC, [`${ACCESS}/v1beta1`, `${ACCESS}/v1`], ["1.17", "1.22"]),
  row(["CSINode"], [`${STORAGE}/v1beta1`, `${STORAGE}/v1`], ["1.17", "1.22"]),
  row(["CSIDriver", "StorageClass", "VolumeAttachment"], [`${STORAGE}/v1beta1`, `${STORAGE}/v1`], ["1.19", "1.22"]),
  row(["VolumeAttachment", "CSIStorageCapacity"], [`${STORAGE}/v1alpha1`, `${STORAGE}/v1`], ["1.21", "1.24"]),
  row(["CSIStorageCapacity"], [`${STORAGE}/v1beta1`, `${STORAGE}/v1`], ["1.24", "1.27"]),
  row(["VolumeAttributesClass"], [`${STORAGE}/v1alpha1`, `${STORAGE}/v1`], ["1.32", "1.35"]),
  row(["VolumeAttributesClass"], [`${STORAGE}/v1beta1`, `${STORAGE}/v1`], ["1.34", "1.37"]),
  row(["EndpointSlice"], ["discovery.k8s.io/v1beta1", "discovery.k8s.io/v1"], ["1.21", "1.25"]),
  row(["Event"], ["events.k8s.io/v1beta1", "events.k8s.io/v1"], ["1.22", "1.25"]),
  row(["RuntimeClass"], ["node.k8s.io/v1alpha1", "node.k8s.io/v1"], ["1.20", "1.22"]),
  row(["RuntimeClass"], ["node.k8s.io/v1beta1", "node.k8s.io/v1"], ["1.22", "1.25"]),
  row(["PodDisruptionBudget"], ["policy/v1beta1", "policy/v1"], ["1.21", "1.25"]),
  row(["PodSecurityPolicy"], ["policy/v1beta1"], ["1.21", "1.25"]),
  row(HPA, ["autoscaling/v2beta1", "autoscaling/v2"], ["1.22", "1.25"]),
  row(HPA, ["autoscaling/v2beta2", "autoscaling/v2"], ["1.23", "1.26"]),
  row(FLOW, [`${FLOWCONTROL}/v1beta1`, `${FLOWCONTROL}/v1`], ["1.23", "1.26"]),
  row(FLOW, [`${FLOWCONTROL}/v1beta2`, `${FLOWCONTROL}/v1`], ["1.26", "1.29"]),
  row(FLOW, [`${FLOWCONTROL}/v1beta3`, `${FLOWCONTROL}/v1`], ["1.29", "1.32"]),
  row(VALIDATING, [`${ADMISSION}/v1alpha1`, `${ADMISSION}/v1`], ["1.29", "1.32"]),
  row(VALIDATING, [`${ADMISSION}/v1beta1`, `${ADMISSION}/v1`], ["1.31", "1.34"]),
  row(MUTATING, [`${ADMISSION}/v1alpha1`, `${ADMISSION}/v1`], ["1.35", "1.38"]),
  row(MUTATING, [`${ADMISSION}/v1beta1`, `${ADMISSION}/v1`], ["1.37", "1.40"]),
  row(["IPAddress", "ServiceCIDR"], ["networking.k8s.io/v1beta1", "networking.k8s.io/v1"], ["1.34", "1.37"]),
  row(["ClusterTrustBundle"], ["certificates.k8s.io/v1alpha1", "certificates.k8s.io/v1beta1"], ["1.34", "1.37"]),
  row(["LeaseCandidate"], ["coordination.k8s.io/v1alpha2", "coordination.k8s.io/v1beta1"], ["1.35", "1.38"]),
  row(CLAIMS, ["resource.k8s.io/v1beta1", "resource.k8s.io/v1"], ["1.35", "1.38"]),
  row(CLAIMS, ["resource.k8s.io/v1beta2", "resource.k8s.io/v1"], ["1.36", "1.39"]),
  row(["DeviceTaintRule"], ["resource.k8s.io/v1alpha3", "resource.k8s.io/v1beta2"], ["1.36", "1.39"]),
  row(["ComponentStatus"], ["v1"], ["1.19"]),
  row(["Endpoints"], ["v1", "discovery.k8s.io/v1 EndpointSlice"], ["1.33"]),
];
