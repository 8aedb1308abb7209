/**
 * controlplane: a real Kubernetes for tests, without containers.
 *
 * It promises: etcd, kube-apiserver and kubectl (for rollouts also kube-controller-manager, kube-scheduler and kwok, which
 * pretends the Nodes) of pinned versions, built from their Go modules once into a cache outside the repository, or taken
 * from KUBEBUILDER_ASSETS. They listen on free loopback ports only, keep their data in a folder of their own, and are
 * gone, folder included, when they are stopped or when the process that started them ends in whatever way.
 *
 * It refuses: to share state between control planes, to end processes it did not start, and to skip quietly: where
 * neither Go nor the files exist each group of tests says so, and under CI=true the run fails.
 *
 * Out goes: describeCluster around the tests; sharedControlPlane() for most (use a namespace of your own);
 * sharedControlPlaneWithControllers() where workloads must roll out; startControlPlane() to have one that may be broken.
 * Tests that use it are named *.cluster.test.ts, so that vitest runs them in the project whose global setup is here.
 * By hand: `npm run controlplane -- build|up|run|down|status`.
 */
export { type AuditEvent, type AuditFilter, matchesAudit } from "./audit-events.ts";
export { type ControlPlane, startControlPlane } from "./control-plane.ts";
export type { ControlPlaneClient } from "./control-plane-client.ts";
export { describeCluster } from "./describe-cluster.ts";
export { type KubectlResult, runKubectl } from "./kubectl.ts";
export { type RequestCount, requestsBetween, sumRequests } from "./request-counts.ts";
export { askServer } from "./server-request.ts";
export { sharedControlPlane, sharedControlPlaneWithControllers } from "./shared.ts";
export { VOLUMES } from "./volumes.ts";
