import {
  ARGO_WAVE_ANNOTATION,
  groupKindKey,
  type KubeObject,
  PlumblineError,
  type Problem,
  type Ref,
  STAGE_ANNOTATION,
  STAGE_NAMES,
  type StageName,
  toProblem,
  WAVE_ANNOTATION,
} from "../model/index.ts";

export interface Stage {
  readonly name: StageName;
  /** As `groupKindKey` writes them. */
  readonly kinds: readonly string[];
  /** Why they stand at this place. */
  readonly why: string;
}

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

/** Dependency order. What is made in this order is deleted in the reverse one. Kinds that stand nowhere are custom resources. */
export const STAGES = [
  { name: "namespaces", kinds: ["Namespace"], why: "everything namespaced needs one" },
  {
    name: "definitions",
    kinds: ["CustomResourceDefinition.apiextensions.k8s.io"],
    why: "their objects are unknown before",
  },
  {
    name: "access",
    kinds: [
      "ServiceAccount",
      `ClusterRole.${RBAC}`,
      `ClusterRoleBinding.${RBAC}`,
      `Role.${RBAC}`,
      `RoleBinding.${RBAC}`,
    ],
    why: "a Pod whose service account is missing is not created",
  },
  {
    name: "policy",
    kinds: [
      "ResourceQuota",
      "LimitRange",
      "PriorityClass.scheduling.k8s.io",
      "RuntimeClass.node.k8s.io",
      "NetworkPolicy.networking.k8s.io",
      "PodDisruptionBudget.policy",
      "ServiceCIDR.networking.k8s.io",
      "DeviceClass.resource.k8s.io",
      "DeviceTaintRule.resource.k8s.io",
      "Node",
      "PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io",
      "FlowSchema.flowcontrol.apiserver.k8s.io",
    ],
    why: "limits, classes, network rules and the nodes that they speak of must hold from a Pod's first moment",
  },
  {
    name: "config",
    kinds: [
      "ConfigMap",
      "Secret",
      "CertificateSigningRequest.certificates.k8s.io",
      "ClusterTrustBundle.certificates.k8s.io",
      "PodCertificateRequest.certificates.k8s.io",
      "Lease.coordination.k8s.io",
      "LeaseCandidate.coordination.k8s.io",
    ],
    why: "a Pod that mounts or reads one does not start, or not as it should, without it",
  },
  {
    name: "storage",
    kinds: [
      "StorageClass.storage.k8s.io",
      "VolumeAttributesClass.storage.k8s.io",
      "CSIDriver.storage.k8s.io",
      "CSINode.storage.k8s.io",
      "CSIStorageCapacity.storage.k8s.io",
      "VolumeAttachment.storage.k8s.io",
      "PersistentVolume",
      "PersistentVolumeClaim",
      "ResourceSlice.resource.k8s.io",
      "ResourceClaim.resource.k8s.io",
      "ResourceClaimTemplate.resource.k8s.io",
    ],
    why: "a Pod waits for its volumes and its devices",
  },
  {
    name: "workloads",
    kinds: [
      "Pod",
      "PodTemplate",
      "ReplicationController",
      "Deployment.apps",
      "ReplicaSet.apps",
      "StatefulSet.apps",
      "DaemonSet.apps",
      "ControllerRevision.apps",
      "Job.batch",
      "CronJob.batch",
      "HorizontalPodAutoscaler.autoscaling",
      "Event",
      "Event.events.k8s.io",
    ],
    why: "what runs, with what scales it and what is told of it, when all that it reads is there",
  },
  {
    name: "services",
    kinds: ["Service", "Endpoints", "EndpointSlice.discovery.k8s.io", "IPAddress.networking.k8s.io"],
    why: "a name for what already runs",
  },
  { name: "custom", kinds: [], why: "operators that read them run in the stages before" },
  {
    name: "ingress",
    kinds: [
      "IngressClass.networking.k8s.io",
      "Ingress.networking.k8s.io",
      "GatewayClass.gateway.networking.k8s.io",
      "Gateway.gateway.networking.k8s.io",
      "HTTPRoute.gateway.networking.k8s.io",
      "GRPCRoute.gateway.networking.k8s.io",
      "TLSRoute.gateway.networking.k8s.io",
      "TCPRoute.gateway.networking.k8s.io",
      "UDPRoute.gateway.networking.k8s.io",
      "ReferenceGrant.gateway.networking.k8s.io",
    ],
    why: "traffic from outside comes in when there is somebody to answer it",
  },
  {
    name: "admission",
    kinds: [
      `MutatingWebhookConfiguration.${ADMISSION}`,
      `ValidatingWebhookConfiguration.${ADMISSION}`,
      `ValidatingAdmissionPolicy.${ADMISSION}`,
      `ValidatingAdmissionPolicyBinding.${ADMISSION}`,
      `MutatingAdmissionPolicy.${ADMISSION}`,
      `MutatingAdmissionPolicyBinding.${ADMISSION}`,
      "APIService.apiregistration.k8s.io",
    ],
    why: "a webhook or an API whose server does not run yet would refuse everything else",
  },
] as const satisfies readonly Stage[];

const STAGE_OF_KIND = new Map<string, StageName>(
  STAGES.flatMap(({ name, kinds }) => kinds.map((kind): [string, StageName] => [kind, name])),
);

export function stageRank(stage: StageName): number {
  return STAGE_NAMES.indexOf(stage);
}

/** The place of an object: what its annotation says, else what its kind says. */
export function stageOf(ref: Pick<Ref, "group" | "kind">, object: KubeObject): StageName {
  const asked = STAGE_NAMES.find((name) => name === object.metadata.annotations?.[STAGE_ANNOTATION]);
  return asked ?? STAGE_OF_KIND.get(groupKindKey(ref)) ?? "custom";
}

/** The author's own order; 0 when there is none. */
export function waveOf(object: KubeObject): number {
  const text = waveText(object);
  // The sum makes 0 of "-0": JSON knows only one of the two.
  return text !== undefined && /^[+-]?\d{1,6}$/.test(text) ? Number(text) + 0 : 0;
}

function waveText({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[WAVE_ANNOTATION] ?? metadata.annotations?.[ARGO_WAVE_ANNOTATION];
}

/** What is wrong with the annotations that order an object, if anything: an order that is not understood is not guessed. */
export function orderProblem(object: KubeObject, where: string): Problem | undefined {
  const stage = object.metadata.annotations?.[STAGE_ANNOTATION];
  if (stage !== undefined && !STAGE_NAMES.some((name) => name === stage)) {
    return invalid(`${STAGE_ANNOTATION} is ${JSON.stringify(stage)}; it may be ${STAGE_NAMES.join(", ")}`, where);
  }
  const wave = waveText(object);
  if (wave !== undefined && !/^[+-]?\d{1,6}$/.test(wave))
    return invalid(`the wave is ${JSON.stringify(wave)}, which is no whole number`, where);
  return undefined;
}

function invalid(message: string, where: string): Problem {
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where }));
}
