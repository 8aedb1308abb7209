import { type Convention, field, off, on, phases, READY_OR_BROKEN, READY_OR_COMING } from "../convention.ts";
import { healthy } from "../read.ts";

const EXISTS = healthy("exists");

/** Kinds of Crossplane that hold settings. */
const SETTINGS = [
  "ProviderConfig",
  "ClusterProviderConfig",
  "ProviderConfigUsage",
  "ClusterProviderConfigUsage",
  "StoreConfig",
];

/** What serves traffic, and what makes things in clouds. */
export const CLOUDS: readonly Convention[] = [
  {
    kinds: ["*.serving.knative.dev", "*.eventing.knative.dev", "*.messaging.knative.dev", "*.sources.knative.dev"],
    source: "Knative, API specification, error signalling: Ready is True, False (for good) or Unknown (going on)",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["*.flows.knative.dev", "*.operator.knative.dev"],
    source: "Knative, API specification, error signalling",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["*.networking.istio.io", "*.security.istio.io", "*.telemetry.istio.io", "*.extensions.istio.io"],
    source: "Istio, IstioStatus: Reconciled, and what its analysis found",
    lines: [
      ["Degraded", field(["status", "validationMessages", "0", "level"], "ERROR", "3")],
      ["Progressing", off("Reconciled")],
      ["Degraded", on("Stalled")],
    ],
    otherwise: EXISTS,
  },
  {
    kinds: ["IstioOperator.install.istio.io"],
    source: "Istio operator, InstallStatus",
    lines: phases("status.status", {
      Healthy: ["HEALTHY", "3"],
      Progressing: ["NONE", "UPDATING", "RECONCILING", "0", "1", "2"],
      Suspended: ["ACTION_REQUIRED", "5"],
      Degraded: ["ERROR", "4"],
    }),
    says: [["status", "message"]],
  },
  {
    kinds: ["*.sailoperator.io"],
    source: "Sail operator: Ready and Reconciled",
    lines: [
      ["Degraded", off("Reconciled")],
      ["Progressing", off("Ready")],
      ["Healthy", on("Ready")],
    ],
  },
  {
    kinds: ["Provider.pkg.crossplane.io", "Configuration.pkg.crossplane.io", "Function.pkg.crossplane.io"],
    source: "Crossplane, packages: Installed and Healthy",
    lines: [
      ["Progressing", off("Installed", "UnpackingPackage", "InactivePackageRevision")],
      ["Degraded", off("Installed")],
      ["Degraded", off("Healthy")],
      ["Healthy", on("Healthy"), on("Installed")],
    ],
  },
  {
    kinds: ["*Revision.pkg.crossplane.io"],
    source: "Crossplane, package revisions: Healthy (version 1), RevisionHealthy and RuntimeHealthy (version 2)",
    lines: [
      ["Degraded", off("RevisionHealthy")],
      ["Degraded", off("RuntimeHealthy")],
      ["Degraded", off("Healthy")],
      ["Healthy", on("RevisionHealthy")],
      ["Healthy", on("Healthy")],
    ],
  },
  {
    kinds: ["CompositeResourceDefinition.apiextensions.crossplane.io"],
    source: "Crossplane, composite resource definitions: Established and Offered",
    lines: [
      ["Progressing", off("Offered")],
      ["Progressing", off("Established")],
      ["Healthy", on("Established")],
    ],
  },
  {
    kinds: [
      "Composition.apiextensions.crossplane.io",
      "EnvironmentConfig.apiextensions.crossplane.io",
      "*RuntimeConfig.pkg.crossplane.io",
      "ControllerConfig.pkg.crossplane.io",
      "ImageConfig.pkg.crossplane.io",
      ...SETTINGS.flatMap((kind) => [`${kind}.*.crossplane.io`, `${kind}.*.upbound.io`]),
    ],
    source: "Crossplane: these hold settings and have no verdict; some have conditions",
    lines: [["Degraded", off("Ready")]],
    otherwise: EXISTS,
  },
  {
    kinds: ["*.crossplane.io", "*.upbound.io"],
    source: "Crossplane, managed resources: Synced, Ready, LastAsyncOperation; crossplane.io/paused",
    lines: [
      ["Suspended", field(["metadata", "annotations", "crossplane.io/paused"], "true")],
      ["Suspended", off("Synced", "ReconcilePaused")],
      ["Degraded", off("LastAsyncOperation")],
      ["Degraded", off("Synced")],
      ...READY_OR_COMING,
      ["Healthy", on("ValidPipeline")],
      ["Healthy", on("Established")],
      ["Healthy", on("Offered")],
    ],
  },
  {
    kinds: ["ConfigConnector.core.cnrm.cloud.google.com", "ConfigConnectorContext.core.cnrm.cloud.google.com"],
    source: "Config Connector, its own settings: status.healthy",
    lines: [
      ["Healthy", field("status.healthy", "true")],
      ["Degraded", field("status.healthy", "false")],
    ],
  },
  {
    kinds: ["*.cnrm.cloud.google.com"],
    source:
      "Config Connector, events and conditions: the reasons of Ready; a dependency that is not ready is waited for",
    lines: [
      ["Healthy", on("Ready")],
      ["Progressing", off("Ready", "Updating", "Creating", "DependencyNotReady", "Deleting")],
      ["Degraded", off("Ready", "UpdateFailed", "DependencyNotFound", "DependencyInvalid", "DeleteFailed")],
      ["Degraded", off("Ready", "ManagementConflict", "UnknownError")],
      ["Progressing", off("Ready")],
    ],
  },
  {
    kinds: ["*.services.k8s.aws"],
    source:
      "AWS Controllers for Kubernetes, resource conditions: ACK.Terminal, ACK.Recoverable, ACK.ResourceSynced, Ready",
    lines: [
      ["Degraded", on("ACK.Terminal")],
      ["Progressing", on("ACK.Recoverable")],
      ["Progressing", off("Ready")],
      ["Progressing", off("ACK.ResourceSynced")],
      ["Healthy", on("Ready")],
      ["Healthy", on("ACK.ResourceSynced")],
    ],
  },
  {
    kinds: ["*.azure.com"],
    source: "Azure Service Operator, conditions: Ready with a severity, Error for what time does not mend",
    lines: [["Degraded", { ...off("Ready"), severities: ["Error"] }], ...READY_OR_COMING],
  },
  {
    kinds: ["TargetGroupBinding.elbv2.k8s.aws", "IngressClassParams.elbv2.k8s.aws"],
    source: "AWS Load Balancer Controller: no verdict in the status",
    lines: [],
    otherwise: EXISTS,
  },
  {
    kinds: ["HTTPProxy.projectcontour.io"],
    source: "Contour: status.currentStatus",
    lines: phases("status.currentStatus", {
      Healthy: ["valid"],
      Degraded: ["invalid", "orphaned"],
      Progressing: ["NotReconciled"],
    }),
    says: [["status", "description"]],
  },
  {
    kinds: ["VirtualServer.k8s.nginx.org", "VirtualServerRoute.k8s.nginx.org", "Policy.k8s.nginx.org"],
    source: "NGINX Ingress Controller: status.state",
    lines: phases("status.state", { Healthy: ["Valid"], Progressing: ["Pending"], Degraded: ["Invalid", "Warning"] }),
    says: [["status", "message"]],
  },
];
