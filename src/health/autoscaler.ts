import { parseJson } from "../kit/parse-json.ts";
import { type Health, isJsonObject, type LiveObject } from "../model/index.ts";
import {
  BEHIND,
  type Condition,
  conditionsOf,
  degraded,
  healthy,
  isBehind,
  numberIn,
  partOf,
  progressing,
  textIn,
  toCondition,
  words,
} from "./read.ts";

/** Reasons for which scaling rests without metrics. Source: the controller's conditions. */
const WITHOUT_METRICS = new Set([
  "FailedGetResourceMetric",
  "FailedGetContainerResourceMetric",
  "FailedGetPodsMetric",
  "FailedGetObjectMetric",
  "FailedGetExternalMetric",
]);

/** What the controller says while the Pods of the target are young: nobody has measured them yet. Anything else (no API of metrics, a Pod
 *  that requests nothing) stays as it is until somebody does something. Source: the messages of its metrics client and replica calculator. */
const YOUNG =
  /no metrics returned from|did not receive metrics for (targeted|any ready) pods|no pods returned by selector|no recommendation/;

/** Where version v1 keeps what later versions have in status.conditions. */
const V1_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";

/** Healthy when its controller has looked and can scale. A target without replicas switches scaling off, and that is a choice.
 *  Source: Kubernetes, "Horizontal Pod Autoscaling". */
export function autoscalerHealth(live: LiveObject): Health {
  if (isBehind(live)) return BEHIND;
  const conditions = [...conditionsOf(live), ...annotatedConditions(live)];
  const failing = (type: string) => conditions.find((one) => one.type === type && one.status === "False");
  const unable = failing("AbleToScale");
  if (unable !== undefined) return degraded(words(unable));
  const inactive = failing("ScalingActive");
  if (inactive !== undefined) return inactiveHealth(inactive);
  const wanted = numberIn(partOf(live, "status"), "desiredReplicas") ?? 0;
  // The server begins every status with 0 replicas: without a condition beside it, nobody has counted.
  if (wanted === 0 && conditions.length === 0) return progressing("its controller has not looked at its target yet");
  return healthy(`wants ${wanted} replicas`);
}

function inactiveHealth(inactive: Condition): Health {
  if (inactive.reason === "ScalingDisabled") return healthy(words(inactive));
  if (WITHOUT_METRICS.has(inactive.reason ?? "") && YOUNG.test(inactive.message ?? ""))
    return progressing(`waits for metrics (${words(inactive)})`);
  return degraded(words(inactive));
}

function annotatedConditions(live: LiveObject): Condition[] {
  const text = textIn(partOf(partOf(live, "metadata"), "annotations"), V1_CONDITIONS);
  const parsed = text === undefined ? undefined : parseJson(text);
  return Array.isArray(parsed) ? parsed.filter(isJsonObject).map(toCondition) : [];
}
