import { type Convention, fewer, field, type Line, off, on, phases, READY_OR_BROKEN } from "../convention.ts";
import { healthy } from "../read.ts";

/** ECK: health says what the data is in, phase what the operator does. */
const ELASTIC: readonly Line[] = [
  ["Degraded", field("status.phase", "Invalid")],
  ["Progressing", field("status.phase", "ApplyingChanges", "MigratingData")],
  ["Degraded", field("status.health", "red", "yellow")],
  ["Healthy", field("status.health", "green")],
];

/** Reasons of Strimzi's NotReady for which it waits. */
const STRIMZI_COMING = ["Creating", "ReconciliationInProgress"];

/** Databases, queues, search, storage and their backups. */
export const DATA: readonly Convention[] = [
  {
    kinds: ["KafkaRebalance.kafka.strimzi.io"],
    source: "Strimzi, KafkaRebalanceState: a proposal waits for a person",
    lines: [
      ["Degraded", on("NotReady")],
      ["Suspended", on("ProposalReady")],
      ["Suspended", on("Stopped")],
      ["Progressing", on("PendingProposal")],
      ["Progressing", on("Rebalancing")],
      ["Healthy", on("Ready")],
    ],
  },
  {
    kinds: ["KafkaNodePool.kafka.strimzi.io"],
    source: "Strimzi, KafkaNodePoolStatus: a verdict only where something is wrong",
    lines: [
      ["Suspended", on("ReconciliationPaused")],
      ["Degraded", on("NotReady")],
    ],
    otherwise: healthy("exists"),
  },
  {
    kinds: ["*.kafka.strimzi.io", "*.core.strimzi.io", "*.access.strimzi.io"],
    source: "Strimzi, status conditions: Ready, NotReady, ReconciliationPaused",
    lines: [
      ["Suspended", on("ReconciliationPaused")],
      ["Progressing", on("NotReady", ...STRIMZI_COMING)],
      ["Degraded", on("NotReady")],
      ...READY_OR_BROKEN,
    ],
  },
  {
    kinds: ["Cluster.postgresql.cnpg.io"],
    source: "CloudNativePG, api/v1: the phases of a Cluster, hibernation and disabled reconciliation",
    lines: [
      ["Suspended", field(["metadata", "annotations", "cnpg.io/reconciliation"], "disabled")],
      ["Suspended", on("cnpg.io/hibernation")],
      ["Degraded", off("cnpg.io/hibernation")],
      ["Degraded", off("ConsistentSystemID")],
      ...phases("status.phase", {
        Healthy: ["Cluster in healthy state"],
        Suspended: ["Waiting for user action"],
        Progressing: [
          "Setting up primary",
          "Creating a new replica",
          "Upgrading cluster",
          "Waiting for the instances to become active",
          "Promoting to primary cluster",
          "Applying configuration",
          "Online upgrade in progress",
          "Upgrading Postgres major version",
          "Switchover in progress",
          "Primary instance is being restarted in-place",
          "Primary instance is being restarted without a switchover",
          "Cluster upgrade delayed",
        ],
        Degraded: [
          "Failing over",
          "Unable to create required cluster objects",
          "Cluster cannot proceed to reconciliation due to an unknown plugin being required",
          "Cluster cannot proceed to reconciliation because required plugins are not available",
          "Cluster has incomplete or invalid image catalog",
          "Cluster is unrecoverable and needs manual intervention",
          "Cluster cannot execute instance online upgrade due to missing architecture binary",
        ],
      }),
      ...READY_OR_BROKEN,
    ],
    says: [["status", "phaseReason"]],
  },
  {
    kinds: ["Backup.postgresql.cnpg.io"],
    source: "CloudNativePG, BackupPhase",
    lines: phases("status.phase", {
      Healthy: ["completed"],
      Progressing: ["pending", "started", "running", "finalizing"],
      Degraded: ["failed", "walArchivingFailing"],
    }),
    says: [["status", "error"]],
  },
  {
    kinds: ["Pooler.postgresql.cnpg.io"],
    source: "CloudNativePG, PoolerStatus: instances",
    lines: [["Progressing", fewer("status.instances", "spec.instances")]],
    otherwise: healthy("as many instances as it wants"),
  },
  {
    kinds: ["Database.postgresql.cnpg.io", "Publication.postgresql.cnpg.io", "Subscription.postgresql.cnpg.io"],
    source: "CloudNativePG: status.applied, with a message where it failed",
    lines: [
      ["Healthy", field("status.applied", "true")],
      ["Degraded", field("status.applied", "false")],
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["ScheduledBackup.postgresql.cnpg.io"],
    source: "CloudNativePG: spec.suspend",
    lines: [["Suspended", field("spec.suspend", "true")]],
    otherwise: healthy("exists"),
  },
  {
    kinds: ["postgresql.acid.zalan.do"],
    source: "Postgres operator of Zalando: status.PostgresClusterStatus",
    lines: phases("status.PostgresClusterStatus", {
      Healthy: ["Running"],
      Progressing: ["Creating", "Updating"],
      Degraded: ["CreateFailed", "UpdateFailed", "SyncFailed", "CreationFailed", "Invalid"],
    }),
  },
  {
    kinds: ["RabbitmqCluster.rabbitmq.com"],
    source: "RabbitMQ cluster operator: ReconcileSuccess, ClusterAvailable, AllReplicasReady",
    lines: [
      ["Degraded", off("ReconcileSuccess")],
      ["Suspended", off("AllReplicasReady", "ScaledToZero")],
      ["Progressing", { condition: "ClusterAvailable", is: ["False", "Unknown"] }],
      ["Progressing", { condition: "AllReplicasReady", is: ["False", "Unknown"] }],
      ["Healthy", on("AllReplicasReady"), on("ClusterAvailable")],
    ],
  },
  {
    kinds: ["*.rabbitmq.com"],
    source: "RabbitMQ messaging topology operator: Ready",
    lines: READY_OR_BROKEN,
  },
  {
    kinds: ["MongoDBCommunity.mongodbcommunity.mongodb.com", "MongoDB.mongodb.com", "MongoDBOpsManager.mongodb.com"],
    source: "MongoDB operators: status.phase",
    lines: phases("status.phase", {
      Healthy: ["Running"],
      Progressing: ["Pending", "Reconciling"],
      Suspended: ["Disabled"],
      Degraded: ["Failed", "Unsupported"],
    }),
    says: [["status", "message"]],
  },
  {
    kinds: [
      "PerconaXtraDBCluster.pxc.percona.com",
      "PerconaServerMongoDB.psmdb.percona.com",
      "PerconaPGCluster.pgv2.percona.com",
      "PerconaServerMySQL.ps.percona.com",
    ],
    source: "Percona operators: status.state",
    lines: phases("status.state", {
      Healthy: ["ready"],
      Progressing: ["initializing", "stopping", "unknown"],
      Suspended: ["paused"],
      Degraded: ["error"],
    }),
    says: [["status", "message"]],
  },
  {
    kinds: ["Agent.agent.k8s.elastic.co", "Beat.beat.k8s.elastic.co", "Logstash.logstash.k8s.elastic.co"],
    source: "Elastic Cloud on Kubernetes: status.health, yellow while its Pods come",
    lines: [
      ["Degraded", field("status.health", "red")],
      ["Progressing", field("status.health", "yellow")],
      ["Healthy", field("status.health", "green")],
    ],
  },
  {
    kinds: ["*.k8s.elastic.co"],
    source: "Elastic Cloud on Kubernetes: status.health (green, yellow, red) and status.phase",
    lines: ELASTIC,
  },
  {
    kinds: ["CephCluster.ceph.rook.io"],
    source: "Rook, ClusterStatus: Ceph's own health beside the state",
    lines: [
      ["Degraded", field("status.ceph.health", "HEALTH_ERR", "HEALTH_WARN")],
      ["Degraded", field("status.state", "Error")],
      ["Progressing", field("status.state", "Creating", "Connecting", "Updating")],
      ["Healthy", field("status.ceph.health", "HEALTH_OK")],
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["*.ceph.rook.io"],
    source: "Rook: status.phase",
    lines: phases("status.phase", {
      Healthy: ["Ready", "Connected", "Created"],
      Progressing: ["Progressing", "Creating", "Connecting", "Deleting"],
      Degraded: ["Failure", "Error", "ReconcileFailed"],
    }),
  },
  {
    kinds: ["Volume.longhorn.io"],
    source: "Longhorn: status.robustness and status.state",
    lines: [
      ["Degraded", field("status.robustness", "faulted", "degraded")],
      ["Healthy", field("status.robustness", "healthy")],
      ["Healthy", field("status.state", "detached")],
      ["Progressing", field("status.state", "creating", "attaching", "detaching")],
    ],
  },
  {
    kinds: ["Backup.velero.io", "Restore.velero.io", "DeleteBackupRequest.velero.io", "DownloadRequest.velero.io"],
    source: "Velero, BackupPhase and RestorePhase",
    lines: phases("status.phase", {
      Healthy: ["Completed", "Processed"],
      Progressing: [
        "New",
        "Queued",
        "ReadyToStart",
        "InProgress",
        "WaitingForPluginOperations",
        "Finalizing",
        "Deleting",
      ],
      Degraded: [
        ...["Failed", "PartiallyFailed", "FailedValidation"],
        ...["WaitingForPluginOperationsPartiallyFailed", "FinalizingPartiallyFailed"],
      ],
    }),
    says: [["status", "failureReason"]],
  },
  {
    kinds: ["Schedule.velero.io", "BackupStorageLocation.velero.io", "BackupRepository.velero.io"],
    source: "Velero: status.phase; a Schedule may be paused",
    lines: [
      ["Suspended", field("spec.paused", "true")],
      ...phases("status.phase", {
        Healthy: ["Enabled", "Available", "Ready"],
        Progressing: ["New"],
        Degraded: ["FailedValidation", "Unavailable", "NotReady"],
      }),
    ],
    says: [["status", "message"]],
  },
  {
    kinds: ["VolumeSnapshot.snapshot.storage.k8s.io", "VolumeSnapshotContent.snapshot.storage.k8s.io"],
    source: "Kubernetes CSI, VolumeSnapshotStatus: readyToUse, error",
    lines: [
      ["Healthy", field("status.readyToUse", "true")],
      ["Degraded", field("status.error.message")],
    ],
    says: [["status", "error", "message"]],
  },
  {
    kinds: ["ReplicationSource.volsync.backube", "ReplicationDestination.volsync.backube"],
    source: "VolSync: Synchronizing, whose reason Error is a failure; spec.paused",
    lines: [
      ["Suspended", field("spec.paused", "true")],
      ["Degraded", { condition: "Synchronizing", is: ["True", "False"], reasons: ["Error"] }],
      ["Healthy", field("status.lastSyncTime")],
      ["Progressing", on("Synchronizing")],
    ],
  },
];
