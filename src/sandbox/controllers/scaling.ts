import { type JsonObject, type LiveObject, parseApiVersion, selects } from "../../model/index.ts";
import { type Controller, core, type Stage } from "./controller.ts";
import { labelsOf, listOf, numberOf, partOf, stampOf, textOf, withCondition, writeStatus } from "./fields.ts";
import { isReady } from "./owned.ts";

/** Metrics are always at their target: what an autoscaler changes is a number of replicas beyond its bounds. */
export const autoscalers: Controller = {
  kind: { group: "autoscaling", kind: "HorizontalPodAutoscaler" },
  reconcile(autoscaler, stage) {
    if (autoscaler.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(autoscaler, "spec");
    const reference = partOf(spec, "scaleTargetRef");
    const kind = { group: parseApiVersion(textOf(reference, "apiVersion")).group, kind: textOf(reference, "kind") };
    const target = stage.objects.get(kind, textOf(reference, "name"), autoscaler.metadata.namespace);
    const now = numberOf(partOf(target, "spec"), "replicas", 1);
    const wanted =
      now === 0 ? 0 : Math.min(numberOf(spec, "maxReplicas", now), Math.max(numberOf(spec, "minReplicas", 1), now));
    if (target !== undefined && wanted !== now) {
      stage.objects.update(
        { ...target, spec: { ...partOf(target, "spec"), replicas: wanted } },
        { manager: "kube-controller-manager", subresource: "scale" },
      );
    }
    report(autoscaler, { target, now, wanted, stage });
    return undefined;
  },
};

interface Scaled {
  readonly target: LiveObject | undefined;
  readonly now: number;
  readonly wanted: number;
  readonly stage: Stage;
}

function report(autoscaler: LiveObject, { target, now, wanted, stage }: Scaled): void {
  const time = stampOf(stage);
  const before = listOf(partOf(autoscaler, "status"), "conditions");
  if (target === undefined) {
    const message = "the HPA controller was unable to get the target's current scale";
    const conditions = withCondition(
      before,
      { type: "AbleToScale", status: "False", reason: "FailedGetScale", message },
      { time },
    );
    writeStatus(stage, autoscaler, { currentMetrics: null, desiredReplicas: 0, conditions });
    return;
  }
  const conditions = [
    {
      type: "AbleToScale",
      status: "True",
      reason: "ReadyForNewScale",
      message: "recommended size matches current size",
    } as const,
    now === 0
      ? ({
          type: "ScalingActive",
          status: "False",
          reason: "ScalingDisabled",
          message: "scaling is disabled since the replica count of the target is zero",
        } as const)
      : ({
          type: "ScalingActive",
          status: "True",
          reason: "ValidMetricFound",
          message: "the HPA was able to successfully calculate a replica count",
        } as const),
    {
      type: "ScalingLimited",
      status: "False",
      reason: "DesiredWithinRange",
      message: "the desired count is within the acceptable range",
    } as const,
  ].reduce((all, condition) => withCondition(all, condition, { time }), before);
  const currentMetrics = listOf(partOf(autoscaler, "spec"), "metrics").flatMap(atTarget);
  writeStatus(stage, autoscaler, { currentReplicas: now, desiredReplicas: wanted, currentMetrics, conditions });
}

function atTarget(metric: JsonObject): JsonObject[] {
  const resource = partOf(metric, "resource");
  const utilization = partOf(resource, "target")["averageUtilization"];
  if (utilization === undefined) return [];
  return [
    {
      type: "Resource",
      resource: { name: resource["name"] ?? "cpu", current: { averageUtilization: utilization, averageValue: "0" } },
    },
  ];
}

export const budgets: Controller = {
  kind: { group: "policy", kind: "PodDisruptionBudget" },
  reconcile(budget, stage) {
    if (budget.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(budget, "spec");
    const pods = stage.objects
      .list(core("Pod"))
      .filter(
        (pod) =>
          pod.metadata.namespace === budget.metadata.namespace && selects(partOf(spec, "selector"), labelsOf(pod)),
      );
    const expected = pods.length;
    const healthy = pods.filter(isReady).length;
    const least =
      spec["maxUnavailable"] === undefined
        ? share(spec["minAvailable"], expected)
        : expected - share(spec["maxUnavailable"], expected);
    const desired = Math.max(0, Math.min(least, spec["maxUnavailable"] === undefined ? least : expected));
    const allowed = Math.max(0, healthy - desired);
    const condition = {
      type: "DisruptionAllowed",
      status: allowed > 0 ? "True" : "False",
      reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
      message: "",
    } as const;
    const conditions = withCondition(listOf(partOf(budget, "status"), "conditions"), condition, {
      time: stampOf(stage),
    });
    writeStatus(stage, budget, {
      conditions,
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: budget.metadata.generation ?? 1,
    });
    return undefined;
  },
};

/** A number, or a part of all in percent, rounded up. */
function share(value: unknown, of: number): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Math.ceil((Number.parseInt(value, 10) / 100) * of) : 0;
}

/** Objects are counted; what Pods ask for is not added up. */
export const quotas: Controller = {
  kind: core("ResourceQuota"),
  reconcile(quota, stage) {
    if (quota.metadata.deletionTimestamp !== undefined) return undefined;
    const hard = partOf(partOf(quota, "spec"), "hard");
    const used = Object.fromEntries(Object.keys(hard).map((name) => [name, usedOf(name, quota, stage)]));
    writeStatus(stage, quota, { hard, used });
    return undefined;
  },
};

const COUNTED: { readonly [resource: string]: string } = {
  configmaps: "ConfigMap",
  persistentvolumeclaims: "PersistentVolumeClaim",
  pods: "Pod",
  secrets: "Secret",
  services: "Service",
};

function usedOf(name: string, quota: LiveObject, { objects }: Stage): string {
  const kind = COUNTED[name.replace(/^count\//, "")];
  if (kind === undefined) return "0";
  return String(
    objects.list(core(kind)).filter(({ metadata }) => metadata.namespace === quota.metadata.namespace).length,
  );
}
