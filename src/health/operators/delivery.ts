import {
  anyCondition,
  but,
  type Convention,
  fewer,
  field,
  type Line,
  off,
  on,
  phases,
  READY_OR_BROKEN,
  READY_OR_COMING,
} from "../convention.ts";
import { healthy } from "../read.ts";

const EXISTS = healthy("exists");

/** A run of Argo Rollouts' analysis or experiment. Nobody but a person can say what an inconclusive one means. */
const RUN = phases("status.phase", {
  Healthy: ["Successful"],
  Progressing: ["Pending", "Running"],
  Degraded: ["Failed", "Error"],
  Unknown: ["Inconclusive"],
});

/** A dependency that is not ready yet comes by itself; a retry that runs says no more than that it failed. */
const FLUX: readonly Line[] = [
  ["Suspended", field("spec.suspend", "true")],
  ["Degraded", on("Stalled")],
  ["Progressing", off("Ready", "DependencyNotReady", "Progressing")],
  ["Degraded", off("Ready")],
  ["Progressing", on("Reconciling"), { condition: "Ready", is: ["Unknown"] }],
  ["Healthy", on("Ready")],
];

/** The health of what an Application or a Stage has in hand, in the words that both have. */
const OF_OTHERS = (place: string) =>
  phases(place, {
    Healthy: ["Healthy"],
    Suspended: ["Suspended"],
    Progressing: ["Progressing"],
    Missing: ["Missing"],
    Degraded: ["Degraded", "Unhealthy"],
    Unknown: ["Unknown"],
  });

/** What rolls out, builds, runs and delivers. */
export const DELIVERY: readonly Convention[] = [
  {
    kinds: ["Rollout.argoproj.io"],
    source: "Argo Rollouts, RolloutStatus: phase since 1.1; before that, conditions and pauses",
    lines: [
      ["Degraded", on("InvalidSpec")],
      ["Degraded", off("Progressing", "ProgressDeadlineExceeded", "RolloutAborted")],
      ["Degraded", field("status.abort", "true")],
      ["Suspended", field("spec.paused", "true")],
      ...phases("status.phase", { Suspended: ["Paused"], Degraded: ["Degraded"] }),
      ["Suspended", field("status.pauseConditions.0.reason")],
      ...phases("status.phase", { Progressing: ["Progressing"], Healthy: ["Healthy"] }),
      ["Progressing", fewer("status.updatedReplicas", "spec.replicas")],
      ["Progressing", fewer("status.updatedReplicas", "status.replicas")],
      ["Progressing", fewer("status.availableReplicas", "spec.replicas")],
      ["Progressing", on("Progressing", "ReplicaSetUpdated")],
      ["Healthy", on("Available")],
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["AnalysisRun.argoproj.io", "Experiment.argoproj.io"],
    source: "Argo Rollouts, AnalysisPhase",
    lines: RUN,
    says: [["status", "message"]],
  },
  {
    kinds: ["Workflow.argoproj.io"],
    source: "Argo Workflows, WorkflowPhase",
    lines: [
      ["Suspended", field("spec.suspend", "true"), field("status.phase", "Running")],
      ...phases("status.phase", {
        Healthy: ["Succeeded"],
        Progressing: ["Pending", "Running"],
        Degraded: ["Failed", "Error"],
      }),
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["CronWorkflow.argoproj.io"],
    source: "Argo Workflows, CronWorkflow: suspend, SubmissionError, SpecError",
    lines: [
      ["Suspended", field("spec.suspend", "true")],
      ["Degraded", on("SubmissionError")],
      ["Degraded", on("SpecError")],
    ],
    otherwise: EXISTS,
  },
  {
    kinds: ["*Template.argoproj.io", "AppProject.argoproj.io"],
    source: "Argo: these have no verdict",
    lines: [],
    otherwise: EXISTS,
  },
  {
    kinds: ["Application.argoproj.io"],
    source: "Argo CD: status.health, in words like ours",
    lines: OF_OTHERS("status.health.status"),
    says: [["status", "health", "message"]],
  },
  {
    kinds: ["ApplicationSet.argoproj.io"],
    source: "Argo CD, ApplicationSetCondition",
    lines: [
      ["Degraded", on("ErrorOccurred")],
      ["Degraded", off("ResourcesUpToDate")],
      ["Progressing", on("RolloutProgressing")],
      ["Healthy", on("ResourcesUpToDate")],
    ],
  },
  {
    kinds: ["EventBus.argoproj.io", "EventSource.argoproj.io", "Sensor.argoproj.io"],
    source: "Argo Events: every condition is True when it works",
    lines: [
      ["Degraded", anyCondition("False")],
      ["Progressing", anyCondition("Unknown")],
      ["Healthy", on("Deployed")],
    ],
  },
  {
    kinds: ["Stage.kargo.akuity.io", "Warehouse.kargo.akuity.io", "Promotion.kargo.akuity.io"],
    source: "Kargo: status.health of a Stage, status.phase of a Promotion, Ready of the others",
    lines: [
      ...OF_OTHERS("status.health.status"),
      ...phases("status.phase", {
        Healthy: ["Succeeded", "Steady", "NotApplicable"],
        Progressing: ["Pending", "Running", "Promoting", "Verifying"],
        Degraded: ["Failed", "Errored", "Aborted"],
      }),
      ...READY_OR_BROKEN,
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["Alert.notification.toolkit.fluxcd.io", "Provider.notification.toolkit.fluxcd.io"],
    source: "Flux, notification v1beta3: settings only, without a status",
    lines: FLUX,
    otherwise: EXISTS,
  },
  {
    kinds: ["*.toolkit.fluxcd.io", "*.fluxcd.controlplane.io", "Terraform.infra.contrib.fluxcd.io"],
    source: "Flux, API: spec.suspend, Ready, Reconciling, Stalled",
    lines: FLUX,
  },
  {
    kinds: ["Canary.flagger.app"],
    source: "Flagger, CanaryPhase",
    lines: [
      ["Suspended", field("spec.suspend", "true")],
      ...phases("status.phase", {
        Healthy: ["Initialized", "Succeeded"],
        Suspended: ["Waiting", "WaitingPromotion"],
        Progressing: ["Initializing", "Progressing", "Promoting", "Finalising", "Terminating"],
        Degraded: ["Failed"],
      }),
    ],
  },
  {
    kinds: [
      "PipelineRun.tekton.dev",
      "TaskRun.tekton.dev",
      "CustomRun.tekton.dev",
      "Run.tekton.dev",
      "BuildRun.shipwright.io",
    ],
    source: "Tekton, monitoring execution status: Succeeded is Unknown while it runs",
    lines: [
      ["Degraded", off("Succeeded")],
      ["Healthy", on("Succeeded")],
      ["Progressing", { condition: "Succeeded", is: ["Unknown"] }],
    ],
  },
  {
    kinds: ["Task.tekton.dev", "Pipeline.tekton.dev", "*.triggers.tekton.dev"],
    source: "Tekton: these have no verdict, but for listeners that say Available",
    lines: [["Progressing", off("Available")]],
    otherwise: EXISTS,
  },
  {
    kinds: ["*.operator.tekton.dev"],
    source: "Tekton operator: Ready is False while it installs",
    lines: READY_OR_COMING,
  },
  {
    kinds: ["Subscription.operators.coreos.com"],
    source: "Operator Lifecycle Manager, SubscriptionConditionType and SubscriptionState",
    lines: [
      ["Degraded", on("CatalogSourcesUnhealthy")],
      ["Degraded", on("ResolutionFailed")],
      ["Degraded", on("InstallPlanFailed")],
      ["Degraded", on("BundleUnpackFailed")],
      ["Degraded", but(on("InstallPlanMissing"), "ReferencedInstallPlanNotFound")],
      ["Progressing", on("InstallPlanPending")],
      ["Progressing", on("BundleUnpacking")],
      ...phases("status.state", {
        Healthy: ["AtLatestKnown"],
        Progressing: ["UpgradeAvailable", "UpgradePending"],
        Degraded: ["UpgradeFailed"],
      }),
      ["Healthy", anyCondition("False")],
    ],
  },
  {
    kinds: ["ClusterServiceVersion.operators.coreos.com"],
    source: "Operator Lifecycle Manager, ClusterServiceVersionPhase",
    lines: phases("status.phase", {
      Healthy: ["Succeeded"],
      Progressing: ["Pending", "InstallReady", "Installing", "Replacing", "Deleting"],
      Degraded: ["Failed"],
      Unknown: ["Unknown"],
    }),
    says: [["status", "message"]],
  },
  {
    kinds: ["InstallPlan.operators.coreos.com"],
    source: "Operator Lifecycle Manager, InstallPlanPhase",
    lines: phases("status.phase", {
      Healthy: ["Complete"],
      Suspended: ["RequiresApproval"],
      Progressing: ["Planning", "Installing"],
      Degraded: ["Failed"],
    }),
    says: [["status", "message"]],
  },
  {
    kinds: ["CatalogSource.operators.coreos.com"],
    source: "Operator Lifecycle Manager, gRPC connection states",
    lines: phases("status.connectionState.lastObservedState", {
      Healthy: ["READY", "IDLE"],
      Progressing: ["CONNECTING"],
      Degraded: ["TRANSIENT_FAILURE", "SHUTDOWN"],
    }),
    says: [["status", "message"]],
  },
];
