import { compareQuantities } from "../../../kit/quantity.ts";
import type { Json, JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { labelRule } from "../validate/names.ts";
import { at, objectOf, objectsOf, text } from "./read.ts";
import {
  bad,
  each,
  fieldIn,
  forbidden,
  inside,
  isSame,
  missing,
  named,
  notNegative,
  oneOf,
  type Place,
  portName,
  portNumber,
  type Rule,
  required,
  unique,
} from "./rules.ts";

const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];

const PROBE: readonly Rule[] = [
  oneHandler,
  inside("httpGet", [portNumber("port"), named("port", portName)]),
  inside("tcpSocket", [portNumber("port"), named("port", portName)]),
  notNegative("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"),
];

const CONTAINER: readonly Rule[] = [
  required("name"),
  named("name", labelRule),
  required("image"),
  oneOf("terminationMessagePolicy", ["File", "FallbackToLogsOnError"]),
  inside("livenessProbe", [...PROBE, onlyOneSuccess]),
  inside("readinessProbe", PROBE),
  inside("startupProbe", [...PROBE, onlyOneSuccess]),
  ports,
  each("env", [environment]),
  oneOf("imagePullPolicy", ["Always", "IfNotPresent", "Never"]),
  resources,
];

/** The commonest rules of the spec of a Pod, alone or in a template; what is mounted may be a claim of the template's owner. Source: kubernetes, core/validation (ValidatePodSpec). */
export const POD_SPEC_WITH_CLAIMS: readonly Rule[] = [
  volumes,
  required("containers"),
  each("containers", CONTAINER),
  unique("containers", "name"),
  each("initContainers", CONTAINER),
  oneOf("restartPolicy", ["Always", "OnFailure", "Never"]),
  oneOf("dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
];

export const POD_SPEC: readonly Rule[] = [...POD_SPEC_WITH_CLAIMS, mounts];

function oneHandler({ value, field }: Place): Cause[] {
  const [first, ...others] = HANDLERS.filter((name) => value[name] !== undefined);
  if (first === undefined) return [missing(field, "must specify a handler type")];
  return others.map((name) => forbidden(`${field}.${name}`, "may not specify more than 1 handler type"));
}

function onlyOneSuccess({ value: { successThreshold = 1 }, field }: Place): Cause[] {
  return successThreshold === 1 ? [] : [bad(`${field}.successThreshold`, successThreshold, "must be 1")];
}

function ports(place: Place): Cause[] {
  const own: Rule[] = [
    named("name", portName),
    required("containerPort"),
    (port) => (port.value["containerPort"] === 0 ? [] : portNumber("containerPort")(port)),
    oneOf("protocol", PROTOCOLS),
  ];
  const again = unique("ports", "name")(place);
  return objectsOf(place.value["ports"]).flatMap((value, index) => {
    const field = `${fieldIn(place, "ports")}[${index}]`;
    const twice = again.filter((one) => one.field === `${field}.name`);
    return [...twice, ...own.flatMap((rule) => rule({ value, before: undefined, field }))];
  });
}

const ENV_SOURCES =
  "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";

function environment({ value: { name, value = "", valueFrom }, field }: Place): Cause[] {
  const spelling = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  const causes = text(name) === "" ? [missing(`${field}.name`)] : [];
  if (/[^ -~]|=/.test(text(name))) causes.push(bad(`${field}.name`, text(name), spelling));
  if (valueFrom === undefined) return causes;
  const sources = Object.keys(objectOf(valueFrom)).length;
  const from = `${field}.valueFrom`;
  if (sources === 0) causes.push(bad(from, "", ENV_SOURCES));
  else if (value !== "") causes.push(bad(from, "", "may not be specified when `value` is not empty"));
  else if (sources > 1) causes.push(bad(from, "", "may not have more than one field specified at a time"));
  return causes;
}

function resources({ value, field }: Place): Cause[] {
  const limits = objectOf(at(value, "resources.limits"));
  const requests = objectOf(at(value, "resources.requests"));
  const negative = (list: string, name: string, amount: Json | undefined): Cause[] =>
    (compareQuantities(amount, 0) ?? 0) < 0
      ? [bad(`${field}.resources.${list}[${name}]`, amount, "must be greater than or equal to 0")]
      : [];
  const above = (name: string): Cause[] =>
    (compareQuantities(requests[name], limits[name]) ?? 0) > 0
      ? [
          bad(
            `${field}.resources.requests`,
            requests[name],
            `must be less than or equal to ${name} limit of ${limits[name]}`,
          ),
        ]
      : [];
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => negative("limits", name, amount)),
    ...Object.entries(requests).flatMap(([name, amount]) => [...negative("requests", name, amount), ...above(name)]),
  ];
}

/** In the order in which the server looks for them. */
const SOURCES = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "secret",
  "nfs",
  "iscsi",
  "persistentVolumeClaim",
  "downwardAPI",
  "configMap",
  "projected",
  "csi",
  "ephemeral",
  "image",
];
const NEEDED: readonly Rule[] = [
  inside("secret", [required("secretName")]),
  inside("configMap", [required("name")]),
  inside("persistentVolumeClaim", [required("claimName")]),
  inside("hostPath", [required("path")]),
  inside("csi", [required("driver")]),
];

function volumeCauses(value: JsonObject, field: string): Cause[] {
  const [, ...more] = SOURCES.filter((name) => value[name] !== undefined);
  return [
    ...more.map((name) => forbidden(`${field}.${name}`, "may not specify more than 1 volume type")),
    ...NEEDED.flatMap((rule) => rule({ value, before: undefined, field })),
    ...required("name")({ value, before: undefined, field }),
    ...named("name", labelRule)({ value, before: undefined, field }),
  ];
}

function volumes(place: Place): Cause[] {
  const list = objectsOf(place.value["volumes"]);
  const again = unique("volumes", "name")(place);
  return list.flatMap((volume, index) => {
    const field = `${fieldIn(place, "volumes")}[${index}]`;
    return [...again.filter((one) => one.field === `${field}.name`), ...volumeCauses(volume, field)];
  });
}

/** Only volumes that are right themselves can be mounted. */
function mounts(place: Place): Cause[] {
  const known = objectsOf(place.value["volumes"]).filter((volume) => volumeCauses(volume, "").length === 0);
  const names = new Set(known.map(({ name }) => name));
  return ["initContainers", "containers"].flatMap((list) =>
    each(list, [({ value, field }) => containerMounts(value, field, names)])(place),
  );
}

function containerMounts(container: JsonObject, parent: string, volumeNames: ReadonlySet<Json | undefined>): Cause[] {
  const paths = new Set<Json>();
  return objectsOf(container["volumeMounts"]).flatMap(({ name = "", mountPath = "" }, index) => {
    const field = `${parent}.volumeMounts[${index}]`;
    const again = mountPath !== "" && paths.has(mountPath);
    paths.add(mountPath);
    return [
      ...(name === "" ? [missing(`${field}.name`)] : []),
      ...(name === "" || volumeNames.has(name)
        ? []
        : [{ reason: "FieldValueNotFound", message: `Not found: ${JSON.stringify(name)}`, field: `${field}.name` }]),
      ...(mountPath === "" ? [missing(`${field}.mountPath`)] : []),
      ...(again ? [bad(`${field}.mountPath`, mountPath, "must be unique")] : []),
    ];
  });
}

const POD_UPDATES =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** A Pod that runs is hardly changed any more. The server also shows what differs. */
export function podUpdates({ value, before, field }: Place): Cause[] {
  if (before === undefined || isSame(fixed(value), fixed(before))) return [];
  return [forbidden(field, POD_UPDATES)];
}

/** Without what may change, and what the scheduler sets through a subresource of its own. */
function fixed(spec: JsonObject): JsonObject {
  const {
    activeDeadlineSeconds: _1,
    tolerations: _2,
    terminationGracePeriodSeconds: _3,
    nodeName: _4,
    schedulingGates: _5,
    ...rest
  } = spec;
  const plain = (list: Json | undefined) => objectsOf(list).map(({ image: _, ...container }) => container);
  return { ...rest, containers: plain(spec["containers"]), initContainers: plain(spec["initContainers"]) };
}
