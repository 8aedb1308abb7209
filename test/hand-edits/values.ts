import type { Json } from "../../src/model/index.ts";
import type { Place } from "./places.ts";

/** Where validation wants a value of its own: by the end of the names down to the place. What the schema tells (enum, format, type) is not here. */
const BY_NAME: readonly (readonly [ending: string, ...values: readonly Json[]])[] = [
  ["operator", "Exists", "NotIn", "Equal", "In"],
  ["effect", "NoExecute", "PreferNoSchedule"],
  ["cidr", "10.0.0.0/9"],
  ["except.*", "10.2.0.0/16"],
  ["loadBalancerSourceRanges.*", "192.168.0.0/16"],
  ["nameservers.*", "10.0.0.11"],
  ["addresses.*", "10.9.9.8"],
  ["ip", "127.0.0.2"],
  ["schedule", "5 4 * * *"],
  ["timeZone", "Europe/Zurich"],
  ["fieldPath", "metadata.uid"],
  ["resource", "requests.memory", "limits.memory"],
  ["pod-security.kubernetes.io/enforce", "privileged"],
  ["is-default-class", "true"],
  ["cpu", "2", "700m"],
  ["policyTypes.*", "Egress", "Ingress"],
  ["accessModes.*", "ReadWriteMany"],
  ["volumeLifecycleModes.*", "Persistent"],
  ["scopes.*", "NotTerminating"],
  ["validationActions.*", "Deny"],
  ["operations.*", "DELETE"],
  ["capabilities.drop.*", "KILL"],
  ["expression", "true"],
  ["url", "https://127.0.0.1:1/other"],
  ["jsonPath", ".spec.other"],
  ["pathType", "ImplementationSpecific"],
  ["mountPropagation", "Bidirectional"],
  ["seccompProfile.type", "Unconfined"],
  ["hostPath.type", "DirectoryOrCreate"],
  ["unhealthyPodEvictionPolicy", "IfHealthyBudget"],
  ["level", "high"],
  ["colour", "green"],
];

/** Values that are not the one there, the likeliest first; the server takes one of them or refuses them all. */
export function otherValues({ value, schema, names }: Place, published: readonly Json[]): readonly Json[] {
  const path = names.join(".");
  const named = BY_NAME.filter(([ending]) => path === ending || path.endsWith(`.${ending}`) || path.endsWith(ending));
  const all = [...named.flatMap(([, ...values]) => values), ...published, ...byType(value, schema)];
  return all.filter((one) => one !== value);
}

function byType(value: Json, { scalar, format }: Place["schema"]): readonly Json[] {
  if (scalar === "quantity") return ["7", "96Mi", "3Gi", "250m"];
  if (format === "byte") return ["b3RoZXI="];
  if (format === "date-time") return ["2027-06-05T04:03:02Z", "2027-06-05T04:03:02.000000Z"];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1, value - 1, value + 10];
  if (typeof value === "string") return [...ofText(value), ...(scalar === "int-or-string" ? [8081] : [])];
  if (value === null) return ["x", 1, true];
  return [];
}

function ofText(value: string): readonly Json[] {
  const number = /^(\d+)(\D*)$/.exec(value);
  const [, digits = "", unit = ""] = number ?? [];
  return [...(number === null ? [] : [`${Number(digits) + 1}${unit}`]), `${value}x`, `x${value}`, `${value}/x`];
}
