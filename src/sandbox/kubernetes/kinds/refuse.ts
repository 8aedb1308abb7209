import { canonicalJson } from "../../../kit/hash.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  parseApiVersion,
} from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause, invalid } from "../validate/index.ts";

interface Checked {
  readonly object: JsonObject;
  readonly before: JsonObject | undefined;
}

type Check = (checked: Checked) => Cause[];

/** What kube-apiserver refuses of its own kinds beyond their schemas: the commonest rules. Errors: 422, a cause a field. */
export function refuseBuiltIn({ object, before }: { object: KubeObject; before: LiveObject | undefined }): void {
  const checks = CHECKS[object.kind] ?? [];
  const checked = { object: objectOf(object), before: before && objectOf(before) };
  const causes = checks.flatMap((check) => check(checked));
  if (causes.length === 0) return;
  const { kind, apiVersion, metadata } = object;
  throw invalid({ group: parseApiVersion(apiVersion).group, kind, name: metadata.name }, causes);
}

const TEMPLATE = "spec.template";

const CHECKS: { readonly [kind: string]: readonly Check[] } = {
  Pod: [containers("spec")],
  Deployment: [
    required("spec.selector"),
    selectorMatches,
    containers(`${TEMPLATE}.spec`),
    immutable("spec.selector"),
    ({ object }) => {
      const strategy = at(object, "spec.strategy");
      return isJsonObject(strategy) && strategy["type"] === "Recreate" && strategy["rollingUpdate"] !== undefined
        ? [forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")]
        : [];
    },
  ],
  ReplicaSet: [required("spec.selector"), selectorMatches, containers(`${TEMPLATE}.spec`), immutable("spec.selector")],
  StatefulSet: [required("spec.selector"), selectorMatches, containers(`${TEMPLATE}.spec`), statefulSetUpdates],
  DaemonSet: [required("spec.selector"), selectorMatches, containers(`${TEMPLATE}.spec`), immutable("spec.selector")],
  Job: [
    containers(`${TEMPLATE}.spec`),
    jobRestarts(TEMPLATE),
    immutable("spec.selector"),
    immutable("spec.template"),
    immutable("spec.completionMode"),
  ],
  CronJob: [
    required("spec.schedule"),
    containers(`spec.jobTemplate.${TEMPLATE}.spec`),
    jobRestarts(`spec.jobTemplate.${TEMPLATE}`),
  ],
  Service: [servicePorts, serviceAddress],
  ConfigMap: [sealed(["data", "binaryData"])],
  Secret: [sealed(["data"]), immutable("type")],
  RoleBinding: [roleRef],
  ClusterRoleBinding: [roleRef],
  StorageClass: [
    required("provisioner"),
    immutable("provisioner"),
    immutable("parameters"),
    immutable("reclaimPolicy"),
    immutable("volumeBindingMode"),
  ],
  PriorityClass: [immutable("value")],
  PersistentVolumeClaim: [
    required("spec.accessModes"),
    required("spec.resources.requests.storage", "spec.resources[storage]"),
    claimUpdates,
  ],
  HorizontalPodAutoscaler: [required("spec.maxReplicas")],
};

function required(path: string, field = path): Check {
  return ({ object }) => {
    const value = at(object, path);
    const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    return empty ? [missing(field)] : [];
  };
}

/** What was set once stays. */
function immutable(path: string): Check {
  return ({ object, before }) => {
    if (before === undefined || canonicalJson(at(object, path)) === canonicalJson(at(before, path))) return [];
    return [bad(path, at(object, path), "field is immutable")];
  };
}

/** `immutable: true` closes the data of a ConfigMap or Secret. */
function sealed(fields: readonly string[]): Check {
  return ({ object, before }) => {
    if (before?.["immutable"] !== true) return [];
    const changed = fields.filter((field) => canonicalJson(object[field]) !== canonicalJson(before[field]));
    const opened = object["immutable"] === true ? [] : ["immutable"];
    return [...opened, ...changed].map((field) => forbidden(field, "field is immutable when `immutable` is set"));
  };
}

function selectorMatches({ object }: Checked): Cause[] {
  const wanted = at(object, "spec.selector.matchLabels");
  const labels = at(object, `${TEMPLATE}.metadata.labels`);
  const has = (name: string, value: Json | undefined): boolean => isJsonObject(labels) && labels[name] === value;
  if (!isJsonObject(wanted) || Object.entries(wanted).every(([name, value]) => has(name, value))) return [];
  return [bad(`${TEMPLATE}.metadata.labels`, labels ?? null, "`selector` does not match template `labels`")];
}

function containers(path: string): Check {
  return ({ object }) => {
    const field = `${path}.containers`;
    const list = at(object, field);
    if (!Array.isArray(list) || list.length === 0) return [missing(field)];
    const seen = new Set<string>();
    return list.filter(isJsonObject).flatMap((container, position) => {
      const name = String(container["name"] ?? "");
      const again = seen.has(name);
      seen.add(name);
      return [
        ...(name === "" ? [missing(`${field}[${position}].name`)] : []),
        ...(again ? [cause({ reason: "FieldValueDuplicate", field: `${field}[${position}].name`, value: name })] : []),
        ...((container["image"] ?? "") === "" ? [missing(`${field}[${position}].image`)] : []),
      ];
    });
  };
}

function jobRestarts(path: string): Check {
  return ({ object }) => {
    const value = at(object, `${path}.spec.restartPolicy`);
    if (value === "Never" || value === "OnFailure") return [];
    const field = `${path}.spec.restartPolicy`;
    if (value === "Always") return [notSupported(field, value, ["OnFailure", "Never"])];
    return [missing(field, 'valid values: "OnFailure", "Never"')];
  };
}

const MAY_CHANGE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

function statefulSetUpdates({ object, before }: Checked): Cause[] {
  if (before === undefined) return [];
  const fixed = (spec: Json | undefined): JsonObject =>
    Object.fromEntries(Object.entries(objectOf(spec)).filter(([name]) => !MAY_CHANGE.includes(name)));
  if (canonicalJson(fixed(object["spec"])) === canonicalJson(fixed(before["spec"]))) return [];
  const names = `${MAY_CHANGE.slice(0, -1)
    .map((name) => `'${name}'`)
    .join(", ")} and '${MAY_CHANGE.at(-1)}'`;
  return [forbidden("spec", `updates to statefulset spec for fields other than ${names} are forbidden`)];
}

function servicePorts({ object }: Checked): Cause[] {
  const { type, clusterIP, ports } = objectOf(object["spec"]);
  if (type === "ExternalName")
    return (objectOf(object["spec"])["externalName"] ?? "") === "" ? [missing("spec.externalName")] : [];
  const list = Array.isArray(ports) ? ports.filter(isJsonObject) : [];
  if (list.length === 0) return clusterIP === "None" ? [] : [missing("spec.ports")];
  return list.flatMap((port, position) => {
    const field = `spec.ports[${position}]`;
    const number = port["port"];
    const named = list.length > 1 && (port["name"] ?? "") === "";
    const inRange = typeof number === "number" && number >= 1 && number <= 65535;
    return [
      ...(named ? [missing(`${field}.name`)] : []),
      ...(inRange ? [] : [bad(`${field}.port`, number, "must be between 1 and 65535, inclusive")]),
    ];
  });
}

function serviceAddress({ object, before }: Checked): Cause[] {
  const [now, then] = [objectOf(object["spec"]), objectOf(before?.["spec"])];
  if (
    before === undefined ||
    now["type"] === "ExternalName" ||
    then["type"] === "ExternalName" ||
    then["clusterIP"] === now["clusterIP"]
  )
    return [];
  const changed = bad(
    "spec.clusterIPs[0]",
    Array.isArray(now["clusterIPs"]) ? now["clusterIPs"] : [],
    "may not change once set",
  );
  return [changed];
}

function roleRef({ object, before }: Checked): Cause[] {
  if (before === undefined || canonicalJson(object["roleRef"]) === canonicalJson(before["roleRef"])) return [];
  return [bad("roleRef", object["roleRef"], "cannot change roleRef")];
}

function claimUpdates({ object, before }: Checked): Cause[] {
  if (before === undefined) return [];
  const fixed = (spec: JsonObject): JsonObject => {
    const { resources: _1, volumeName: _2, volumeAttributesClassName: _3, storageClassName, ...rest } = spec;
    return then["storageClassName"] === undefined
      ? rest
      : { ...rest, ...(storageClassName === undefined ? {} : { storageClassName }) };
  };
  const [now, then] = [objectOf(object["spec"]), objectOf(before["spec"])];
  if (canonicalJson(fixed(now)) === canonicalJson(fixed(then))) return [];
  return [
    forbidden(
      "spec",
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
    ),
  ];
}

function missing(field: string, detail?: string): Cause {
  return cause({ reason: "FieldValueRequired", field, ...(detail === undefined ? {} : { detail }) });
}

function forbidden(field: string, detail: string): Cause {
  return cause({ reason: "FieldValueForbidden", field, detail });
}

function notSupported(field: string, value: Json, supported: readonly string[]): Cause {
  const detail = `supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`;
  return cause({ reason: "FieldValueNotSupported", field, value, detail });
}

function bad(field: string, value: Json | undefined, detail: string): Cause {
  return cause({ reason: "FieldValueInvalid", field, value: value ?? null, detail });
}

function at(object: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = object;
  for (const name of path.split("."))
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
