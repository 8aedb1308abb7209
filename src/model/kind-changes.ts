/** What a manifest must say otherwise besides its apiVersion, by the kind as the old manifest has it and what takes its place.
 *  Source: Kubernetes, "Deprecated API Migration Guide". */
const CHANGES = new Map([
  [
    "Ingress networking.k8s.io/v1",
    "every path needs pathType; backend.serviceName is backend.service.name, backend.servicePort is backend.service.port.number or .name, and spec.backend is spec.defaultBackend",
  ],
  [
    "Deployment apps/v1",
    "spec.selector is required and stays as it is; spec.rollbackTo is gone; the defaults of maxSurge, maxUnavailable, progressDeadlineSeconds and revisionHistoryLimit are others",
  ],
  [
    "DaemonSet apps/v1",
    "spec.selector is required and stays as it is; spec.templateGeneration is gone; updates roll by default",
  ],
  ["ReplicaSet apps/v1", "spec.selector is required and stays as it is"],
  ["StatefulSet apps/v1", "spec.selector is required and stays as it is; updates roll by default"],
  [
    "PodDisruptionBudget policy/v1",
    "an empty selector ({}) selects every Pod of the namespace, where it selected none",
  ],
  [
    "HorizontalPodAutoscaler autoscaling/v2",
    "targetAverageUtilization is target.averageUtilization with target.type Utilization, and so for the other targets (since v2beta2)",
  ],
  ["Event events.k8s.io/v1", "type, action, reason and reportingController are required"],
  [
    "EndpointSlice discovery.k8s.io/v1",
    "endpoints[].topology is deprecatedTopology; nodeName and zone are fields of their own",
  ],
  [
    "CustomResourceDefinition apiextensions.k8s.io/v1",
    "spec.version, spec.validation, spec.subresources and additionalPrinterColumns stand in spec.versions[], each with a structural schema; preserveUnknownFields is false",
  ],
  [
    "MutatingWebhookConfiguration admissionregistration.k8s.io/v1",
    "sideEffects (None or NoneOnDryRun) and admissionReviewVersions are required; failurePolicy is Fail and matchPolicy Equivalent by default",
  ],
  [
    "ValidatingWebhookConfiguration admissionregistration.k8s.io/v1",
    "sideEffects (None or NoneOnDryRun) and admissionReviewVersions are required; failurePolicy is Fail and matchPolicy Equivalent by default",
  ],
  [
    "CertificateSigningRequest certificates.k8s.io/v1",
    "spec.signerName is required, and kubernetes.io/legacy-unknown is not taken; spec.usages is required",
  ],
  [
    "PriorityLevelConfiguration flowcontrol.apiserver.k8s.io/v1",
    "spec.limited.assuredConcurrencyShares is nominalConcurrencyShares",
  ],
  ["RuntimeClass node.k8s.io/v1", "from v1alpha1: spec.runtimeHandler is handler, without spec"],
  ["ResourceClaim resource.k8s.io/v1", "from v1beta1: each request's fields stand in exactly or in firstAvailable"],
  [
    "ResourceClaimTemplate resource.k8s.io/v1",
    "from v1beta1: each request's fields stand in exactly or in firstAvailable",
  ],
  ["ResourceSlice resource.k8s.io/v1", "from v1beta1: what stood in devices[].basic stands in devices[] itself"],
]);

/** Of kinds that went without a successor of their own: what does their work now. */
const INSTEAD = new Map([
  [
    "PodSecurityPolicy",
    "Pod Security Admission does its work: label namespaces pod-security.kubernetes.io/enforce: baseline (or restricted)",
  ],
  ["PodPreset", "a mutating admission webhook or policy can do its work"],
  ["AuditSink", "the API server's own flags (--audit-webhook-config-file) do its work"],
  ["ComponentStatus", "ask the components' own health endpoints"],
]);

export function changesInto(kind: string, replacement: string): string | undefined {
  return CHANGES.get(`${kind} ${replacement}`);
}

export function insteadOf(kind: string): string | undefined {
  return INSTEAD.get(kind);
}
