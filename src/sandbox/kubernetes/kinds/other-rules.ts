import { compareQuantities } from "../../../kit/quantity.ts";
import type { Json, JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { cause } from "../validate/index.ts";
import { at, objectOf, text } from "./read.ts";
import {
  bad,
  configKeys,
  each,
  fieldIn,
  forbidden,
  immutable,
  inside,
  isSame,
  missing,
  oneOf,
  type Place,
  type Rule,
  required,
  unique,
  unknown,
} from "./rules.ts";

/** `immutable: true` closes the data of a ConfigMap or Secret. */
function sealed(...fields: readonly string[]): Rule {
  return ({ value, before }) => {
    if (before?.["immutable"] !== true) return [];
    const changed = fields.filter((field) => !isSame(value[field], before[field]));
    const opened = value["immutable"] === true ? [] : ["immutable"];
    return [...opened, ...changed].map((field) => forbidden(field, "field is immutable when `immutable` is set"));
  };
}

const LARGEST_BYTES = 1024 * 1024;

/** Of a Secret the values are counted decoded. The field is the real server's spelling of the whole object. */
function notTooLarge(field: string, encoding: BufferEncoding, ...names: readonly string[]): Rule {
  return ({ value }) => {
    const parts = names.flatMap((name) => Object.values(objectOf(value[name])));
    const bytes = parts.reduce(
      (sum: number, part) => sum + (typeof part === "string" ? Buffer.byteLength(part, encoding) : 0),
      0,
    );
    if (bytes <= LARGEST_BYTES) return [];
    return [cause({ reason: "FieldValueTooLong", field, detail: `may not be more than ${LARGEST_BYTES} bytes` })];
  };
}

export const CONFIG_MAP: readonly Rule[] = [
  notTooLarge("[]", "utf8", "data", "binaryData"),
  configKeys("data"),
  ({ value: { data, binaryData } }) =>
    Object.keys(objectOf(data))
      .filter((key) => Object.hasOwn(objectOf(binaryData), key))
      .map((key) => bad(`data[${key}]`, key, "duplicate of key present in binaryData")),
  configKeys("binaryData"),
  sealed("data", "binaryData"),
];

/** Keys that Secrets of a type must have. */
const SECRET_KEYS: { readonly [type: string]: readonly string[] } = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

export const SECRET: readonly Rule[] = [
  notTooLarge("data", "base64", "data"),
  configKeys("data"),
  ({ value: { type, data } }) =>
    (SECRET_KEYS[String(type)] ?? [])
      .filter((key) => !Object.hasOwn(objectOf(data), key))
      .map((key) => missing(`data[${key}]`)),
  immutable("type"),
  sealed("data"),
];

const MODES = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES = oneOf("volumeMode", ["Block", "Filesystem"]);

/** Modes are named by their list. */
const modes: Rule = (place) => {
  const given = at(place.value, "accessModes");
  const wrong = Array.isArray(given) ? given.filter((one: Json) => !MODES.includes(String(one))) : [];
  return wrong.map((one: Json) => unknown(fieldIn(place, "accessModes"), one, MODES));
};

function storage({ value, field }: Place): Cause[] {
  const amount = at(value, "resources.requests.storage");
  if (amount === undefined) return [missing(`${field}.resources[storage]`)];
  return (compareQuantities(amount, 0) ?? 1) > 0
    ? []
    : [bad(`${field}.resources[storage]`, amount, "must be greater than zero")];
}

/** The server also shows what differs. Only a claim that is bound may grow, or get its class. */
function claimUpdates({ value, before }: Place): Cause[] {
  const [now, then] = [objectOf(value["spec"]), objectOf(before?.["spec"])];
  if (before === undefined) return [];
  const bound = at(value, "status.phase") === "Bound";
  const fixed = ({ resources, volumeAttributesClassName, volumeName: _, ...rest }: JsonObject): JsonObject =>
    bound ? rest : { ...rest, resources, volumeAttributesClassName };
  const { storageClassName, ...other } = fixed(now);
  const plain = then["storageClassName"] === undefined ? other : { ...other, storageClassName };
  if (isSame(plain, fixed(then))) return [];
  const says =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
  return [forbidden("spec", says)];
}

export const CLAIM: readonly Rule[] = [
  inside("spec", [required("accessModes", "at least 1 access mode is required"), modes, storage, VOLUME_MODES]),
  claimUpdates,
];

const NO_SOURCES = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

function volumeSource({ value, field }: Place): Cause[] {
  const [first, ...more] = Object.keys(value).filter((name) => !NO_SOURCES.has(name));
  if (first === undefined) return [missing(field, "must specify a volume type")];
  return more.map((name) => forbidden(`${field}.${name}`, "may not specify more than 1 volume type"));
}

export const VOLUME: readonly Rule[] = [
  required("accessModes"),
  modes,
  required("capacity"),
  (place) =>
    at(place.value, "capacity.storage") === undefined
      ? [unknown(fieldIn(place, "capacity"), place.value["capacity"], ["storage"])]
      : [],
  volumeSource,
  oneOf("persistentVolumeReclaimPolicy", ["Delete", "Recycle", "Retain"]),
  VOLUME_MODES,
];

export const STORAGE_CLASS: readonly Rule[] = [
  required("provisioner"),
  oneOf("reclaimPolicy", ["Delete", "Retain"]),
  oneOf("volumeBindingMode", ["Immediate", "WaitForFirstConsumer"]),
  immutable("parameters"),
  immutable("provisioner"),
  immutable("reclaimPolicy"),
  immutable("volumeBindingMode"),
];

const policyRule: Rule = ({ value: { verbs, nonResourceURLs, apiGroups, resources }, field }) => {
  const none = (list: Json | undefined): boolean => !Array.isArray(list) || list.length === 0;
  return [
    ...(none(verbs) ? [missing(`${field}.verbs`, "verbs must contain at least one value")] : []),
    ...(none(nonResourceURLs) && none(apiGroups)
      ? [missing(`${field}.apiGroups`, "resource rules must supply at least one api group")]
      : []),
    ...(none(nonResourceURLs) && none(resources)
      ? [missing(`${field}.resources`, "resource rules must supply at least one resource")]
      : []),
  ];
};

export const ROLE: readonly Rule[] = [each("rules", [policyRule])];

/** Shown as the server's own type. */
function roleRefStays({ value, before }: Place): Cause[] {
  if (before === undefined || isSame(value["roleRef"], before["roleRef"])) return [];
  const { apiGroup, kind, name } = objectOf(value["roleRef"]);
  return [bad("roleRef", { APIGroup: apiGroup, Kind: kind, Name: name }, "cannot change roleRef")];
}

export const binding = (...kinds: readonly string[]): Rule[] => [
  inside("roleRef", [oneOf("kind", kinds), required("name")]),
  each("subjects", [
    required("name"),
    oneOf("kind", ["ServiceAccount", "User", "Group"]),
    ({ value, field }) =>
      value["kind"] === "ServiceAccount" && text(value["namespace"]) === "" && kinds.length === 1
        ? [missing(`${field}.namespace`)]
        : [],
  ]),
  roleRefStays,
];

const HIGHEST = 1_000_000_000;

export const PRIORITY_CLASS: readonly Rule[] = [
  ({ value: { metadata, value } }) =>
    Number(value) > HIGHEST && !text(objectOf(metadata)["name"]).startsWith("system-")
      ? [forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST}`)]
      : [],
  ({ value, before }) =>
    before === undefined || value["value"] === before["value"]
      ? []
      : [forbidden("value", "may not be changed in an update.")],
  immutable("preemptionPolicy"),
];

/** Shown as the server's own type, which this is only where there is no selector. */
export const BUDGET: readonly Rule[] = [
  ({ value: { minAvailable, maxUnavailable, selector = null, unhealthyPodEvictionPolicy = null }, field }) => {
    if (minAvailable === undefined || maxUnavailable === undefined) return [];
    const shown = {
      MinAvailable: minAvailable,
      Selector: selector,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy,
    };
    return [bad(field, shown, "minAvailable and maxUnavailable cannot be both set")];
  },
];

export const LIMITS: readonly Rule[] = [unique("spec.limits", "type"), each("spec.limits", [required("type")])];
