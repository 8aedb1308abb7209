import { type Convention, fewer, field, off, on, phases, READY_OR_BROKEN, READY_OR_COMING } from "../convention.ts";
import { healthy } from "../read.ts";

/** Clusters, machines, virtual machines and batches of work. */
export const CLUSTERS: readonly Convention[] = [
  {
    kinds: ["MachineDeployment.cluster.x-k8s.io", "MachineSet.cluster.x-k8s.io", "MachinePool.cluster.x-k8s.io"],
    source: "Cluster API, MachineDeploymentPhase and the counts of replicas",
    lines: [
      ["Suspended", field("spec.paused", "true")],
      ["Degraded", field("status.phase", "Failed")],
      ["Progressing", field("status.phase", "ScalingUp", "ScalingDown", "Provisioning", "Pending")],
      ["Progressing", fewer("status.readyReplicas", "spec.replicas")],
      ["Progressing", fewer("status.updatedReplicas", "spec.replicas")],
      ["Progressing", fewer("status.readyReplicas", "status.replicas")],
      ["Healthy", field("status.phase", "Running")],
      ["Healthy", on("Available")],
      ["Healthy", on("Ready")],
    ],
  },
  {
    kinds: [
      "Cluster.cluster.x-k8s.io",
      "Machine.cluster.x-k8s.io",
      "KubeadmControlPlane.controlplane.cluster.x-k8s.io",
    ],
    source: "Cluster API, ClusterPhase and MachinePhase; Ready False has a severity, Info while it goes on",
    lines: [
      ["Suspended", field("spec.paused", "true")],
      ["Degraded", field("status.phase", "Failed")],
      ["Degraded", field("status.failureMessage")],
      ["Progressing", { ...off("Ready"), severities: ["Info"] }],
      ["Degraded", { ...off("Ready"), severities: ["Error", "Warning"] }],
      ["Degraded", off("Ready")],
      ["Progressing", off("Available")],
      ["Healthy", field("status.phase", "Provisioned", "Running")],
      ["Progressing", field("status.phase", "Pending", "Provisioning", "Deleting", "Deleted")],
      ["Healthy", on("Available")],
      ["Healthy", on("Ready")],
    ],
  },
  {
    kinds: ["MachineHealthCheck.cluster.x-k8s.io"],
    source: "Cluster API: how many machines are healthy of those expected",
    lines: [["Progressing", fewer("status.currentHealthy", "status.expectedMachines")]],
    otherwise: healthy("all machines are healthy"),
  },
  {
    kinds: ["ClusterResourceSet.addons.cluster.x-k8s.io"],
    source: "Cluster API, ClusterResourceSet: ResourcesApplied",
    lines: [
      ["Degraded", off("ResourcesApplied")],
      ["Healthy", on("ResourcesApplied")],
    ],
  },
  {
    kinds: ["*.infrastructure.cluster.x-k8s.io", "*.bootstrap.cluster.x-k8s.io", "*.controlplane.cluster.x-k8s.io"],
    source: "Cluster API, contract of providers: Ready with a severity, status.ready, status.failureMessage",
    lines: [
      ["Degraded", field("status.failureMessage")],
      ["Degraded", { ...off("Ready"), severities: ["Error"] }],
      ...READY_OR_COMING,
      ["Healthy", field("status.ready", "true")],
      ["Progressing", field("status.ready", "false")],
    ],
    otherwise: healthy("exists"),
  },
  {
    kinds: ["NodeClaim.karpenter.sh"],
    source: "Karpenter, NodeClaim: Launched, Registered, Initialized, Ready",
    lines: [
      ["Degraded", off("Launched")],
      ["Progressing", off("Registered")],
      ["Progressing", off("Initialized")],
      ...READY_OR_BROKEN,
    ],
  },
  {
    kinds: ["*.karpenter.sh", "*.karpenter.k8s.aws", "*.karpenter.azure.com"],
    source: "Karpenter, NodePool and node classes: Ready",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["VirtualMachine.kubevirt.io", "VirtualMachineInstance.kubevirt.io"],
    source: "KubeVirt: printableStatus of a machine, phase of an instance, Paused, Failure",
    lines: [
      ["Suspended", on("Paused")],
      ...phases("status.printableStatus", {
        Healthy: ["Running"],
        Suspended: ["Stopped", "Paused"],
        Progressing: ["Provisioning", "Starting", "Migrating", "Stopping", "Terminating", "WaitingForVolumeBinding"],
        Degraded: [
          ...["CrashLoopBackOff", "ErrorUnschedulable", "ErrImagePull", "ImagePullBackOff", "ErrorPvcNotFound"],
          ...["DataVolumeError", "ErrorDataVolumeNotFound"],
        ],
        Unknown: ["Unknown"],
      }),
      ...phases("status.phase", {
        Healthy: ["Running", "Succeeded"],
        Progressing: ["Pending", "Scheduling", "Scheduled"],
        Degraded: ["Failed"],
        Unknown: ["Unknown"],
      }),
      ["Degraded", on("Failure")],
      ...READY_OR_COMING,
      ["Suspended", field("spec.running", "false")],
    ],
  },
  {
    kinds: ["DataVolume.cdi.kubevirt.io"],
    source: "KubeVirt, containerized data importer: DataVolumePhase",
    lines: [
      ...phases("status.phase", {
        Healthy: ["Succeeded"],
        Suspended: ["Paused"],
        Degraded: ["Failed"],
        Unknown: ["Unknown"],
      }),
      ["Degraded", off("Running", "Error")],
      ["Progressing", field("status.phase")],
    ],
  },
  {
    kinds: [
      "KubeVirt.kubevirt.io",
      "CDI.cdi.kubevirt.io",
      "HyperConverged.hco.kubevirt.io",
      "NetworkAddonsConfig.networkaddonsoperator.network.kubevirt.io",
    ],
    source: "KubeVirt's operators: Available, Progressing, Degraded",
    lines: [
      ["Degraded", on("Degraded")],
      ["Progressing", on("Progressing")],
      ["Progressing", off("Available")],
      ["Healthy", on("Available")],
    ],
  },
  {
    kinds: ["ClusterQueue.kueue.x-k8s.io", "LocalQueue.kueue.x-k8s.io", "AdmissionCheck.kueue.x-k8s.io"],
    source: "Kueue: Active; a queue whose stopPolicy holds is stopped on purpose",
    lines: [
      ["Suspended", field("spec.stopPolicy", "Hold", "HoldAndDrain")],
      ["Degraded", off("Active")],
      ["Healthy", on("Active")],
    ],
  },
  {
    kinds: ["Workload.kueue.x-k8s.io"],
    source: "Kueue, Workload: Finished (Succeeded or not), Admitted, spec.active",
    lines: [
      ["Suspended", field("spec.active", "false")],
      ["Degraded", on("Finished", "Failed")],
      ["Healthy", on("Finished")],
      ["Progressing", on("Admitted")],
      ["Progressing", off("QuotaReserved")],
    ],
  },
  {
    kinds: ["Job.batch.volcano.sh"],
    source: "Volcano, JobPhase",
    lines: phases("status.state.phase", {
      Healthy: ["Completed"],
      Suspended: ["Aborted"],
      Progressing: ["Pending", "Inqueue", "Running", "Restarting", "Completing", "Aborting"],
      Degraded: ["Failed", "Terminating", "Terminated"],
    }),
    says: [["status", "state", "message"]],
  },
  {
    kinds: ["Queue.scheduling.volcano.sh", "PodGroup.scheduling.volcano.sh"],
    source: "Volcano: states of queues, phases of groups",
    lines: [
      ...phases("status.state", {
        Healthy: ["Open"],
        Suspended: ["Closed"],
        Progressing: ["Closing"],
        Unknown: ["Unknown"],
      }),
      ...phases("status.phase", {
        Healthy: ["Running", "Completed"],
        Progressing: ["Pending", "Inqueue"],
        Unknown: ["Unknown"],
      }),
    ],
  },
  {
    kinds: ["SparkApplication.sparkoperator.k8s.io"],
    source: "Spark operator: status.applicationState.state",
    lines: phases("status.applicationState.state", {
      Healthy: ["COMPLETED", "RUNNING"],
      Suspended: ["SUSPENDED"],
      Progressing: ["SUBMITTED", "NEW", "PENDING_RERUN", "INVALIDATING", "SUCCEEDING", "RESUMING", "SUSPENDING"],
      Degraded: ["FAILED", "SUBMISSION_FAILED", "FAILING"],
      Unknown: ["UNKNOWN"],
    }),
    says: [["status", "applicationState", "errorMessage"]],
  },
  {
    kinds: ["FlinkDeployment.flink.apache.org", "FlinkSessionJob.flink.apache.org"],
    source: "Flink operator: status.lifecycleState",
    lines: phases("status.lifecycleState", {
      Healthy: ["STABLE"],
      Suspended: ["SUSPENDED"],
      Progressing: ["CREATED", "DEPLOYED", "UPGRADING", "ROLLING_BACK"],
      Degraded: ["FAILED", "ROLLED_BACK"],
    }),
    says: [["status", "error"]],
  },
  {
    kinds: ["RayCluster.ray.io", "RayService.ray.io", "RayJob.ray.io"],
    source: "KubeRay: state of clusters, serviceStatus, jobDeploymentStatus",
    lines: [
      ["Suspended", field("spec.suspend", "true")],
      ["Degraded", field("status.state", "failed")],
      ["Suspended", field("status.state", "suspended")],
      ["Healthy", field("status.state", "ready")],
      ["Healthy", field("status.serviceStatus", "Running")],
      ["Degraded", field("status.jobDeploymentStatus", "Failed")],
      ["Suspended", field("status.jobDeploymentStatus", "Suspended")],
      ["Healthy", field("status.jobDeploymentStatus", "Complete")],
      ["Progressing", field("status.jobDeploymentStatus")],
      ["Healthy", on("Ready")],
    ],
    says: [["status", "reason"]],
  },
  {
    kinds: ["InferenceService.serving.kserve.io", "ServingRuntime.serving.kserve.io", "TrainedModel.serving.kserve.io"],
    source: "KServe: Knative's conditions; runtimes have none",
    lines: [["Suspended", on("Stopped")], ...READY_OR_BROKEN],
    otherwise: healthy("exists"),
  },
  {
    kinds: ["CloneSet.apps.kruise.io", "StatefulSet.apps.kruise.io", "DaemonSet.apps.kruise.io"],
    source: "OpenKruise: counts of replicas, paused and partitioned updates",
    lines: [
      ["Suspended", field("spec.updateStrategy.paused", "true")],
      ["Suspended", field("spec.updateStrategy.rollingUpdate.paused", "true")],
      ["Degraded", on("FailedScale")],
      ["Degraded", on("FailedUpdate")],
      ["Progressing", fewer("status.readyReplicas", "spec.replicas")],
      ["Progressing", fewer("status.availableReplicas", "spec.replicas")],
      ["Progressing", fewer("status.updatedReplicas", "status.expectedUpdatedReplicas")],
      ["Progressing", fewer("status.numberReady", "status.desiredNumberScheduled")],
      ["Progressing", fewer("status.updatedNumberScheduled", "status.desiredNumberScheduled")],
      ["Healthy", field("status.observedGeneration")],
    ],
  },
];
