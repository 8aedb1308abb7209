/**
 * A small player of controllers, scheduler and kubelet: workloads of the sandbox come to their steady state within about a second, by the
 * states that a user would see on a real cluster, with the events that `kubectl describe` shows.
 *
 * Promises: each object is brought one step nearer to what it asks for, whatever happened before; a step that fails is taken again; one
 * object in trouble keeps no other waiting. At rest nothing is written. `stop()` ends every timer.
 *
 * Played: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, Pod (on one Node, `sandbox`), PersistentVolumeClaim (StorageClass `standard`),
 * Service of type LoadBalancer, Ingress, EndpointSlices, HorizontalPodAutoscaler (metrics are always at their target), PodDisruptionBudget,
 * ResourceQuota, and what every Namespace has. CronJobs never run.
 *
 * `sandbox.plumbline.dev/fail: WORDS` on a workload, its Pod template, a Pod, a claim or a Service makes it fail with these words: containers
 * wait in CrashLoopBackOff and the rollout passes its deadline after five seconds, a Job fails, a claim and a Service stay pending. Without it
 * all is well again.
 *
 * Refuses: to touch an object that another controller owns.
 * In: ObjectAccess, a clock. Out: a way to stop.
 */
export { type Controllers, type ControllersOptions, startControllers } from "./player.ts";
