import { anyCondition, type Convention, fewer, field, off, on, phases, READY_OR_BROKEN } from "../convention.ts";
import { healthy } from "../read.ts";

const EXISTS = healthy("exists");

/** Certificates, secrets, policies, autoscaling, monitoring. */
export const PLATFORM: readonly Convention[] = [
  {
    kinds: ["Certificate.cert-manager.io"],
    source: "cert-manager, API reference: CertificateCondition. Issuing goes first: a renewal that runs is no failure",
    lines: [
      ["Progressing", on("Issuing")],
      ["Progressing", off("Ready", "DoesNotExist", "Pending")],
      ...READY_OR_BROKEN,
    ],
  },
  {
    kinds: ["CertificateRequest.cert-manager.io"],
    source: "cert-manager, API reference: CertificateRequestCondition",
    lines: [
      ["Degraded", on("Denied")],
      ["Degraded", on("InvalidRequest")],
      ["Progressing", off("Ready", "Pending")],
      ...READY_OR_BROKEN,
    ],
  },
  {
    kinds: ["Issuer.cert-manager.io", "ClusterIssuer.cert-manager.io"],
    source: "cert-manager, API reference: IssuerCondition",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["Order.acme.cert-manager.io", "Challenge.acme.cert-manager.io"],
    source: "cert-manager, API reference: the states of ACME's orders and challenges (RFC 8555, 7.1.6)",
    lines: phases("status.state", {
      Healthy: ["valid"],
      Progressing: ["pending", "processing", "ready", "unknown"],
      Degraded: ["invalid", "expired", "errored"],
    }),
    says: [["status", "reason"]],
  },
  {
    kinds: ["Bundle.trust.cert-manager.io"],
    source: "trust-manager, API reference: BundleCondition",
    lines: [
      ["Degraded", off("Synced")],
      ["Healthy", on("Synced")],
    ],
  },
  {
    kinds: ["ClusterExternalSecret.external-secrets.io", "ClusterPushSecret.external-secrets.io"],
    source: "External Secrets, API reference: Ready, PartiallyReady, NotReady",
    lines: [["Degraded", on("NotReady")], ["Degraded", on("PartiallyReady")], ...READY_OR_BROKEN],
  },
  {
    kinds: [
      "ExternalSecret.external-secrets.io",
      "SecretStore.external-secrets.io",
      "ClusterSecretStore.external-secrets.io",
      "PushSecret.external-secrets.io",
    ],
    source: "External Secrets, API reference: status conditions",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["SealedSecret.bitnami.com"],
    source: "Sealed Secrets, SealedSecretCondition: Synced",
    lines: [
      ["Degraded", off("Synced")],
      ["Healthy", on("Synced")],
    ],
  },
  {
    kinds: ["*.secrets.hashicorp.com"],
    source: "Vault Secrets Operator: newer versions write Ready, Healthy and SecretSynced; older ones status.valid",
    lines: [
      ["Degraded", off("Healthy")],
      ["Degraded", off("SecretSynced")],
      ["Degraded", off("Ready")],
      ["Degraded", field("status.valid", "false")],
      ["Healthy", on("Ready")],
      ["Healthy", on("SecretSynced")],
      ["Healthy", field("status.valid", "true")],
      ["Healthy", field("status.secretMAC")],
    ],
  },
  {
    kinds: [
      "ClusterPolicy.kyverno.io",
      "Policy.kyverno.io",
      "ClusterCleanupPolicy.kyverno.io",
      "*.policies.kyverno.io",
    ],
    source: "Kyverno, PolicyStatus: Ready; the newer kinds keep it in status.conditionStatus",
    lines: [
      ...READY_OR_BROKEN,
      ["Degraded", field("status.conditionStatus.ready", "false")],
      ["Healthy", field("status.conditionStatus.ready", "true")],
      ["Healthy", field("status.ready", "true")],
    ],
  },
  {
    kinds: ["ConstraintTemplate.templates.gatekeeper.sh"],
    source: "Gatekeeper, ConstraintTemplateStatus.created",
    lines: [["Healthy", field("status.created", "true")]],
  },
  {
    kinds: ["ScaledObject.keda.sh", "ScaledJob.keda.sh"],
    source: "KEDA, Conditions: Ready, Active, Fallback, Paused",
    lines: [
      ["Degraded", off("Ready")],
      ["Degraded", on("Fallback")],
      ["Suspended", on("Paused")],
      ["Healthy", on("Ready")],
    ],
  },
  {
    kinds: ["TriggerAuthentication.keda.sh", "ClusterTriggerAuthentication.keda.sh"],
    source: "KEDA: these have no verdict",
    lines: [],
    otherwise: EXISTS,
  },
  {
    kinds: ["VerticalPodAutoscaler.autoscaling.k8s.io"],
    source: "Vertical Pod Autoscaler: RecommendationProvided; what has no Pods to watch is no fault",
    lines: [
      ["Degraded", on("ConfigUnsupported")],
      ["Degraded", on("ConfigDeprecated")],
      ["Healthy", on("NoPodsMatched")],
      ["Healthy", on("RecommendationProvided")],
    ],
  },
  {
    kinds: [
      "Prometheus.monitoring.coreos.com",
      "PrometheusAgent.monitoring.coreos.com",
      "Alertmanager.monitoring.coreos.com",
      "ThanosRuler.monitoring.coreos.com",
    ],
    source: "Prometheus Operator, API reference: Available (True, Degraded, False) and Reconciled",
    lines: [
      ["Suspended", field("spec.paused", "true")],
      ["Degraded", off("Reconciled")],
      ["Progressing", { condition: "Available", is: ["Degraded", "False", "Unknown"], reasons: ["SomePodsNotReady"] }],
      ["Degraded", { condition: "Available", is: ["Degraded", "False"] }],
      ["Healthy", on("Available")],
    ],
  },
  {
    kinds: ["*.operator.victoriametrics.com"],
    source: "VictoriaMetrics operator: status.updateStatus",
    lines: phases("status.updateStatus", {
      Healthy: ["operational"],
      Progressing: ["expanding"],
      Suspended: ["paused"],
      Degraded: ["failed"],
    }),
    says: [["status", "reason"]],
  },
  {
    kinds: ["Grafana.grafana.integreatly.org"],
    source: "Grafana operator, GrafanaStatus: stage and stageStatus",
    lines: [
      ["Degraded", field("status.stageStatus", "failed")],
      ["Healthy", field("status.stage", "complete"), field("status.stageStatus", "success")],
    ],
    says: [["status", "lastMessage"]],
  },
  {
    kinds: ["*.grafana.integreatly.org"],
    source:
      "Grafana operator: one condition for each kind, such as DashboardSynchronized; InvalidSpec, NoMatchingInstance",
    lines: [
      ["Suspended", field("spec.suspend", "true")],
      ["Degraded", on("InvalidSpec")],
      ["Degraded", on("NoMatchingInstance")],
      ["Degraded", anyCondition("False")],
      ["Healthy", anyCondition("True")],
    ],
  },
  {
    kinds: ["OpenTelemetryCollector.opentelemetry.io", "Instrumentation.opentelemetry.io"],
    source: "OpenTelemetry operator: its status has no verdict",
    lines: [["Progressing", fewer("status.scale.replicas", "spec.replicas")]],
    otherwise: EXISTS,
  },
];
