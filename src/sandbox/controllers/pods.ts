import type { JsonObject, LiveObject } from "../../model/index.ts";
import { type Controller, core, type Stage } from "./controller.ts";
import { listOf, partOf, stampOf, textOf, withCondition, writeStatus } from "./fields.ts";
import { NODE } from "./foundations.ts";
import { failureOf, ownerOf, phaseOf } from "./owned.ts";

/** Scheduler and kubelet in one: a Pod gets its Node, its containers start, and become ready; those of a Job run to their end. */
export const pods: Controller = {
  kind: core("Pod"),
  reconcile(pod, stage) {
    if (pod.metadata.deletionTimestamp !== undefined) return undefined;
    const phase = phaseOf(pod);
    if (phase === "Succeeded" || phase === "Failed") return undefined;
    if (textOf(partOf(pod, "spec"), "nodeName") === "") return schedule(pod, stage);
    const failure = failureOf(stage, pod);
    if (failure !== undefined) return fail(pod, stage, failure);
    if (phase === "Pending" || isWaiting(pod)) return start(pod, stage);
    if (ownerOf(pod)?.kind === "Job") return end(pod, stage);
    return becomeReady(pod, stage);
  },
};

function schedule(pod: LiveObject, stage: Stage): number | undefined {
  const claim = unboundClaim(pod, stage);
  if (claim !== undefined) {
    const message = `0/1 nodes are available: persistentvolumeclaim "${claim}" is not bound.`;
    const conditions = withCondition(
      conditionsOf(pod),
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
      { time: stampOf(stage) },
    );
    if (writeStatus(stage, pod, { ...partOf(pod, "status"), conditions }, "kube-scheduler")) {
      stage.tell(pod, { type: "Warning", reason: "FailedScheduling", message, by: "default-scheduler" });
    }
    return undefined;
  }
  stage.objects.update({ ...pod, spec: { ...partOf(pod, "spec"), nodeName: NODE } }, { manager: "kube-scheduler" });
  const { namespace, name } = pod.metadata;
  stage.tell(pod, {
    reason: "Scheduled",
    message: `Successfully assigned ${namespace}/${name} to ${NODE}`,
    by: "default-scheduler",
  });
  return undefined;
}

/** A claim of the Pod that has no volume and does not wait for the Pod. */
function unboundClaim(pod: LiveObject, { objects }: Stage): string | undefined {
  const names = listOf(partOf(pod, "spec"), "volumes").map((volume) =>
    textOf(partOf(volume, "persistentVolumeClaim"), "claimName"),
  );
  return names
    .filter((name) => name !== "")
    .find(
      (name) =>
        textOf(partOf(objects.get(core("PersistentVolumeClaim"), name, pod.metadata.namespace), "status"), "phase") !==
        "Bound",
    );
}

function start(pod: LiveObject, stage: Stage): number {
  const time = stampOf(stage);
  const status = partOf(pod, "status");
  writeStatus(
    stage,
    pod,
    running(pod, { status, time, ready: false, address: textOf(status, "podIP") || freeAddress(stage) }),
    "kubelet",
  );
  for (const container of listOf(partOf(pod, "spec"), "containers")) {
    stage.tell(pod, {
      reason: "Pulled",
      message: `Container image ${JSON.stringify(container["image"])} already present on machine`,
      by: "kubelet",
    });
    stage.tell(pod, { reason: "Created", message: `Created container: ${textOf(container, "name")}`, by: "kubelet" });
    stage.tell(pod, { reason: "Started", message: `Started container ${textOf(container, "name")}`, by: "kubelet" });
  }
  return stage.pace;
}

function becomeReady(pod: LiveObject, stage: Stage): number | undefined {
  const status = partOf(pod, "status");
  if (listOf(status, "conditions").some(({ type, status: is }) => type === "Ready" && is === "True")) return undefined;
  const since = Date.parse(textOf(status, "startTime"));
  // A Pod that has just started is seen as such for a moment.
  if (stage.now() - since < stage.pace) return stage.pace;
  writeStatus(
    stage,
    pod,
    running(pod, { status, time: stampOf(stage), ready: true, address: textOf(status, "podIP") }),
    "kubelet",
  );
  return undefined;
}

function end(pod: LiveObject, stage: Stage): number | undefined {
  const status = partOf(pod, "status");
  const time = stampOf(stage);
  const done = { exitCode: 0, reason: "Completed", startedAt: textOf(status, "startTime"), finishedAt: time };
  const containerStatuses = listOf(status, "containerStatuses").map((one) => ({
    ...one,
    ready: false,
    started: false,
    state: { terminated: done },
  }));
  const conditions = ["Ready", "ContainersReady"].reduce(
    (all, type) => withCondition(all, { type, status: "False", reason: "PodCompleted" }, { time }),
    conditionsOf(pod),
  );
  writeStatus(stage, pod, { ...status, phase: "Succeeded", containerStatuses, conditions }, "kubelet");
  return undefined;
}

function fail(pod: LiveObject, stage: Stage, words: string): number | undefined {
  const time = stampOf(stage);
  const status = partOf(pod, "status");
  if (ownerOf(pod)?.kind === "Job") {
    const done = { exitCode: 1, reason: "Error", message: words, startedAt: time, finishedAt: time };
    const containerStatuses = containersOf(pod).map((one) => ({
      ...one,
      ready: false,
      started: false,
      restartCount: 0,
      state: { terminated: done },
    }));
    writeStatus(stage, pod, { ...status, phase: "Failed", message: words, containerStatuses }, "kubelet");
    return undefined;
  }
  const waiting = { reason: "CrashLoopBackOff", message: words };
  const started = running(pod, { status, time, ready: false, address: textOf(status, "podIP") || freeAddress(stage) });
  const containerStatuses = containersOf(pod).map((one) => ({
    ...one,
    ready: false,
    started: false,
    restartCount: 1,
    state: { waiting },
  }));
  if (writeStatus(stage, pod, { ...started, containerStatuses }, "kubelet")) {
    stage.tell(pod, {
      type: "Warning",
      reason: "BackOff",
      message: `Back-off restarting failed container: ${words}`,
      by: "kubelet",
    });
  }
  return undefined;
}

interface Running {
  readonly status: JsonObject;
  readonly time: string;
  readonly ready: boolean;
  readonly address: string;
}

function running(pod: LiveObject, { status, time, ready, address }: Running): JsonObject {
  const is = ready ? "True" : "False";
  const names = containersOf(pod).map(({ name }) => name);
  const unready = ready
    ? {}
    : { reason: "ContainersNotReady", message: `containers with unready status: [${names.join(" ")}]` };
  const startTime = textOf(status, "startTime") || time;
  const conditions = [
    { type: "PodReadyToStartContainers", status: "True" as const },
    { type: "Initialized", status: "True" as const },
    { type: "Ready", status: is, ...unready } as const,
    { type: "ContainersReady", status: is, ...unready } as const,
    { type: "PodScheduled", status: "True" as const },
  ].reduce((all, condition) => withCondition(all, condition, { time }), conditionsOf(pod));
  const containerStatuses = containersOf(pod).map((one) => ({
    ...one,
    ready,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: startTime } },
  }));
  return {
    ...status,
    phase: "Running",
    startTime,
    hostIP: "10.1.0.1",
    hostIPs: [{ ip: "10.1.0.1" }],
    podIP: address,
    podIPs: [{ ip: address }],
    conditions,
    containerStatuses,
  };
}

function containersOf(pod: LiveObject): JsonObject[] {
  return listOf(partOf(pod, "spec"), "containers").map((container) => {
    const image = textOf(container, "image");
    return {
      name: textOf(container, "name"),
      image,
      imageID: `sandbox://${image}`,
      containerID: `sandbox://${pod.metadata.uid}/${textOf(container, "name")}`,
    };
  });
}

function conditionsOf(pod: LiveObject): readonly JsonObject[] {
  return listOf(partOf(pod, "status"), "conditions");
}

function isWaiting(pod: LiveObject): boolean {
  return listOf(partOf(pod, "status"), "containerStatuses").some(
    (one) => partOf(one, "state")["waiting"] !== undefined,
  );
}

function freeAddress({ objects }: Stage): string {
  const used = new Set(objects.list(core("Pod")).map((pod) => textOf(partOf(pod, "status"), "podIP")));
  let at = 2;
  while (used.has(addressOf(at))) at++;
  return addressOf(at);
}

function addressOf(at: number): string {
  return `10.244.${(at >> 8) & 255}.${at & 255}`;
}
