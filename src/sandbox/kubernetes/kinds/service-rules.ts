import { isIP } from "node:net";
import type { JsonObject } from "../../../model/index.ts";
import type { Cause } from "../api-error.ts";
import { labelRule, subdomainRule } from "../validate/names.ts";
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
  oneOf,
  type Place,
  portName,
  portNumber,
  type Rule,
  required,
  twice,
  unique,
} from "./rules.ts";

/** Source: kubernetes, core/validation (ValidateService, ValidateServiceUpdate). */
export const SERVICE: readonly Rule[] = [
  portsThere,
  ports,
  oneOf("sessionAffinity", ["ClientIP", "None"]),
  oneOf("type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
  address,
  portsOnNodes,
  samePorts,
  sameAddress,
];

const isOutside = ({ type }: JsonObject): boolean => type === "ExternalName";

function portsThere({ value, field }: Place): Cause[] {
  if (isOutside(value)) return text(value["externalName"]) === "" ? [missing(`${field}.externalName`)] : [];
  return objectsOf(value["ports"]).length === 0 && value["clusterIP"] !== "None" ? [missing(`${field}.ports`)] : [];
}

function ports(place: Place): Cause[] {
  const again = unique("ports", "name")(place);
  const many = objectsOf(place.value["ports"]).length > 1;
  const rules: Rule[] = [
    ...(many ? [required("name")] : []),
    named("name", labelRule),
    ({ field }) => again.filter((one) => one.field === `${field}.name`),
    portNumber("port"),
    oneOf("protocol", ["SCTP", "TCP", "UDP"]),
    portNumber("targetPort"),
    named("targetPort", portName),
  ];
  return [...each("ports", rules)(place)];
}

function address({ value, field }: Place): Cause[] {
  const given = at(value, "clusterIPs");
  const [first] = Array.isArray(given) ? given : [];
  if (first === undefined || isOutside(value)) return [];
  const place = `${field}.clusterIPs[0]`;
  const onNodes = value["type"] === "NodePort" || value["type"] === "LoadBalancer";
  if (first === "None")
    return onNodes ? [bad(place, first, `may not be set to 'None' for ${value["type"]} services`)] : [];
  return isIP(String(first)) === 0
    ? [bad(place, first, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    : [];
}

function portsOnNodes({ value, field }: Place): Cause[] {
  if (value["type"] !== "ClusterIP") return [];
  return objectsOf(value["ports"]).flatMap(({ nodePort }, index) =>
    nodePort === undefined || nodePort === 0
      ? []
      : [forbidden(`${field}.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")],
  );
}

/** Shown as the server's own type. */
function samePorts({ value, field }: Place): Cause[] {
  const seen = new Set<string>();
  return objectsOf(value["ports"]).flatMap(({ port, protocol }, index) => {
    const key = `${protocol} ${port}`;
    const again = seen.has(key);
    seen.add(key);
    const shown = { Name: "", Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return again ? [twice(`${field}.ports[${index}]`, shown)] : [];
  });
}

function sameAddress({ value, before, field }: Place): Cause[] {
  if (before === undefined || isOutside(value) || isOutside(before)) return [];
  if (before["clusterIP"] === undefined || before["clusterIP"] === value["clusterIP"]) return [];
  return [bad(`${field}.clusterIPs[0]`, value["clusterIPs"], "may not change once set")];
}

const PATH_TYPES = ["Exact", "Prefix", "ImplementationSpecific"];
const BACKEND = "resource or service backend is required";

function ingressPath({ value: { path = "", pathType, backend }, field }: Place): Cause[] {
  if (pathType === undefined) return [missing(`${field}.pathType`, "pathType must be specified")];
  const relative = pathType !== "ImplementationSpecific" && !text(path).startsWith("/");
  return [
    ...oneOf("pathType", PATH_TYPES)({ value: { pathType }, before: undefined, field }),
    ...(relative ? [bad(`${field}.path`, path, "must be an absolute path")] : []),
    ...(isSame(backend ?? {}, {}) ? [bad(`${field}.backend`, "", BACKEND)] : []),
  ];
}

export const INGRESS: readonly Rule[] = [
  ({ value }) => {
    const { defaultBackend, rules } = objectOf(value["spec"]);
    const some = defaultBackend !== undefined || objectsOf(rules).length > 0;
    return some ? [] : [bad("spec", null, "either `defaultBackend` or `rules` must be specified")];
  },
  each("spec.rules", [
    named("host", (host) => (host.startsWith("*.") ? [] : subdomainRule(host))),
    each("http.paths", [ingressPath]),
  ]),
];

const peers: Rule = ({ value, field }) => (isSame(value, {}) ? [missing(field, "must specify a peer")] : []);
const POLICY_PORT: readonly Rule[] = [
  oneOf("protocol", ["TCP", "UDP", "SCTP"]),
  portNumber("port"),
  named("port", portName),
];

export const NETWORK_POLICY: readonly Rule[] = [
  each("ingress", [each("ports", POLICY_PORT), each("from", [peers])]),
  each("egress", [each("ports", POLICY_PORT), each("to", [peers])]),
  oneOf("policyTypes", ["Ingress", "Egress"]),
];

export const SCALER: readonly Rule[] = [
  notBelow("minReplicas"),
  required("maxReplicas", "must be set and greater than 0"),
  ({ value: { minReplicas = 1, maxReplicas = 0 }, field }) =>
    Number(maxReplicas) < Number(minReplicas)
      ? [bad(`${field}.maxReplicas`, maxReplicas, "must be greater than or equal to `minReplicas`")]
      : [],
  inside("scaleTargetRef", [
    required("kind"),
    required("name"),
    (place) =>
      text(place.value["apiVersion"]) === "" && place.value["kind"] !== "ReplicationController"
        ? [bad(fieldIn(place, "apiVersion"), "", "apiVersion must specify API group")]
        : [],
  ]),
];

function notBelow(name: string): Rule {
  return (place) => {
    const value = place.value[name];
    return typeof value === "number" && value < 1
      ? [bad(fieldIn(place, name), value, "must be greater than or equal to 1")]
      : [];
  };
}
