import type { JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { POD_SPEC, POD_SPEC_WITH_CLAIMS } from "./pod-rules.ts";
import { at, objectOf } from "./read.ts";
import {
  bad,
  countOrShare,
  fieldIn,
  forbidden,
  immutable,
  inside,
  isSame,
  missing,
  notNegative,
  oneOf,
  type Place,
  type Rule,
  required,
  unknown,
} from "./rules.ts";

const ALWAYS = oneOf("spec.restartPolicy", ["Always"]);

/** A selector that is there, not empty, and chooses the Pods of its own template. `kind`: as the server calls it. */
const selecting = (kind: string, podSpec = POD_SPEC): Rule[] => [
  required("selector"),
  (place) => {
    const { selector } = place.value;
    const empty = selector !== undefined && isSame(selector, {});
    return empty ? [bad(fieldIn(place, "selector"), {}, `empty selector is invalid for ${kind}`)] : [];
  },
  selectorMatches,
  inside("template", [inside("spec", podSpec), ALWAYS]),
];

function selectorMatches(place: Place): Cause[] {
  const { selector } = place.value;
  const labels = at(place.value, "template.metadata.labels");
  const wanted = Object.entries(objectOf(at(place.value, "selector.matchLabels")));
  if (selector !== undefined && wanted.every(([name, value]) => objectOf(labels)[name] === value)) return [];
  const field = fieldIn(place, "template.metadata.labels");
  return [bad(field, labels ?? null, "`selector` does not match template `labels`")];
}

const isRolling = ({ type }: JsonObject): boolean => type === "RollingUpdate";

/** The server shows a strategy as its own type. */
const shownStrategy = ({ type }: JsonObject): JsonObject => ({ Type: type, RollingUpdate: null });

function knownStrategy(path: string, supported: readonly string[], says?: string): Rule {
  return inside(path, [
    ({ value, field }) => {
      if (supported.includes(String(value["type"]))) return [];
      return says === undefined
        ? [unknown(field, shownStrategy(value), supported)]
        : [bad(field, shownStrategy(value), says)];
    },
  ]);
}

function rollingUpdate({ value, field }: Place): Cause[] {
  const { type, rollingUpdate: rolling } = value;
  const at = `${field}.rollingUpdate`;
  if (type === "Recreate" && rolling !== undefined)
    return [forbidden(at, "may not be specified when strategy `type` is 'Recreate'")];
  if (!isRolling(value)) return [];
  const { maxSurge, maxUnavailable } = objectOf(rolling);
  const none = [maxSurge, maxUnavailable].every((share) => share === 0 || share === "0%");
  return none ? [bad(`${at}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0")] : [];
}

function deadline(place: Place): Cause[] {
  const { progressDeadlineSeconds = 0, minReadySeconds = 0 } = place.value;
  if (Number(progressDeadlineSeconds) > Number(minReadySeconds)) return [];
  return [
    bad(fieldIn(place, "progressDeadlineSeconds"), progressDeadlineSeconds, "must be greater than minReadySeconds"),
  ];
}

const ROLLING = inside("rollingUpdate", [countOrShare("maxUnavailable"), countOrShare("maxSurge")]);

/** Source: kubernetes, apps/validation (ValidateDeploymentSpec). */
export const DEPLOYMENT: readonly Rule[] = [
  notNegative("replicas"),
  ...selecting("deployment"),
  knownStrategy("strategy", ["Recreate", "RollingUpdate"]),
  inside("strategy", [ROLLING, rollingUpdate]),
  notNegative("minReadySeconds", "revisionHistoryLimit"),
  deadline,
  immutable("selector"),
];

export const REPLICA_SET: readonly Rule[] = [
  notNegative("replicas", "minReadySeconds"),
  ...selecting("deployment"),
  immutable("selector"),
];

export const DAEMON_SET: readonly Rule[] = [
  ...selecting("daemonset"),
  notNegative("minReadySeconds"),
  knownStrategy("updateStrategy", ["RollingUpdate", "OnDelete"]),
  inside("updateStrategy", [ROLLING]),
  notNegative("revisionHistoryLimit"),
  immutable("selector"),
];

const MAY_CHANGE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function statefulSetUpdates({ value, before, field }: Place): Cause[] {
  if (before === undefined) return [];
  const fixed = (spec: JsonObject) =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !MAY_CHANGE.includes(name)));
  if (isSame(fixed(value), fixed(before))) return [];
  const names = MAY_CHANGE.map((name) => `'${name}'`);
  const listed = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  return [forbidden(field, `updates to statefulset spec for fields other than ${listed} are forbidden`)];
}

export const STATEFUL_SET: readonly Rule[] = [
  (place) => {
    const { podManagementPolicy: policy = "" } = place.value;
    if (policy === "OrderedReady" || policy === "Parallel") return [];
    return [bad(fieldIn(place, "podManagementPolicy"), policy, "must be 'OrderedReady' or 'Parallel'")];
  },
  knownStrategy("updateStrategy", ["RollingUpdate", "OnDelete"], "must be 'RollingUpdate' or 'OnDelete'"),
  notNegative("replicas", "minReadySeconds"),
  ...selecting("statefulset", POD_SPEC_WITH_CLAIMS),
  statefulSetUpdates,
];

const FINISHING = ["OnFailure", "Never"];

/** What is to end must not be started again for ever. */
function finishing(place: Place): Cause[] {
  const field = fieldIn(place, "template.spec.restartPolicy");
  const policy = at(place.value, "template.spec.restartPolicy");
  if (policy === undefined || FINISHING.includes(String(policy))) return [];
  if (policy === "Always") return [missing(field, `valid values: ${FINISHING.map((one) => `"${one}"`).join(", ")}`)];
  return [unknown(field, policy, FINISHING)];
}

function indexed({ value: { completionMode, completions }, field }: Place): Cause[] {
  if (completionMode !== "Indexed" || completions !== undefined) return [];
  return [missing(`${field}.completions`, "when completion mode is Indexed")];
}

const JOB_SPEC: readonly Rule[] = [
  notNegative("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished"),
  indexed,
  oneOf("completionMode", ["NonIndexed", "Indexed"]),
  inside("template", [inside("spec", POD_SPEC)]),
  finishing,
];

const OWN_LABEL = "batch.kubernetes.io/controller-uid";

function ownSelector({ value, before, field }: Place): Cause[] {
  const labels = objectOf(at(value, "selector.matchLabels"));
  if (before !== undefined || value["manualSelector"] === true || isSame(Object.keys(labels), [OWN_LABEL])) return [];
  return [bad(`${field}.selector`, value["selector"], "`selector` not auto-generated")];
}

export const JOB: readonly Rule[] = [
  ownSelector,
  selectorMatches,
  ...JOB_SPEC,
  (place) => (place.value["completionMode"] === "Indexed" ? [] : immutable("completions")(place)),
  immutable("selector"),
  immutable("template"),
  immutable("completionMode"),
];

export const CRON_JOB: readonly Rule[] = [
  required("schedule"),
  oneOf("concurrencyPolicy", ["Allow", "Forbid", "Replace"]),
  notNegative("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"),
  inside("jobTemplate", [inside("spec", JOB_SPEC)]),
];
