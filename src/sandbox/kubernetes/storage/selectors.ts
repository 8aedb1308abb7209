import { isJsonObject, type Json, type LiveObject } from "../../../model/index.ts";
import { type ApiError, badRequest } from "../api-error.ts";

export type Selector = (object: LiveObject) => boolean;

type Labels = { readonly [key: string]: string };
type Requirement = (labels: Labels) => boolean;

const KEY = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const SET_BASED = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^()]*)\)$`);
const EQUALITY = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*((?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?)$`);
const COMPARISON = new RegExp(String.raw`^(${KEY})\s*([<>])\s*(-?\d{1,15})$`);
const EXISTENCE = new RegExp(String.raw`^(!?)\s*(${KEY})$`);

/** `app=web,tier!=db,env in (a, b),!old`. Errors: 400. Source: Kubernetes, "Labels and Selectors". */
export function labelSelector(text: string): Selector {
  const requirements = splitOutside(text).map((part) => requirementOf(part, text));
  return ({ metadata: { labels = {} } }) => requirements.every((holds) => holds(labels));
}

/** At commas that are not within parentheses. */
function splitOutside(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function requirementOf(part: string, whole: string): Requirement {
  const [, key = "", operator, list = ""] = SET_BASED.exec(part) ?? [];
  if (operator !== undefined) {
    const values = new Set(list.split(",").map((value) => value.trim()));
    return operator === "in"
      ? (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? "")
      : (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? "");
  }
  const [, name = "", sign, value] = EQUALITY.exec(part) ?? [];
  if (sign !== undefined) {
    return sign === "!=" ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  }
  const [, measured = "", than, limit] = COMPARISON.exec(part) ?? [];
  if (than !== undefined) {
    const fits = than === ">" ? (value: number) => value > Number(limit) : (value: number) => value < Number(limit);
    return (labels) =>
      Object.hasOwn(labels, measured) && /^-?\d+$/.test(labels[measured] ?? "") && fits(Number(labels[measured]));
  }
  const [, not, present] = EXISTENCE.exec(part) ?? [];
  if (present === undefined) {
    const message = `unable to parse requirement: found '${part}', expected: a key, with =, !=, in or notin`;
    throw badRequest(`${message} (in ${JSON.stringify(whole)})`);
  }
  return not === "!" ? (labels) => !Object.hasOwn(labels, present) : (labels) => Object.hasOwn(labels, present);
}

/** Fields beyond the object's own name and namespace by which a kind may be selected, as the real server has them. */
const FIELDS: { readonly [resource: string]: readonly string[] } = {
  "/pods": ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase"],
  "/events": [
    ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
      (field) => `involvedObject.${field}`,
    ),
    ...["reason", "reportingComponent", "source", "type"],
  ],
  "/secrets": ["type"],
  "/namespaces": ["status.phase"],
  "/nodes": ["spec.unschedulable"],
  "/replicationcontrollers": ["status.replicas"],
  "/services": ["spec.clusterIP", "spec.type"],
  "apps/replicasets": ["status.replicas"],
  "batch/jobs": ["status.successful"],
};

/** `metadata.name=web,status.phase!=Running`. Errors: 400 for a field by which this resource cannot be selected. */
export function fieldSelector(text: string, { key, custom }: Selectable): Selector {
  const terms = text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const [, path = "", sign, value = ""] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
      if (sign === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      if (value.includes("=")) throw badRequest("invalid field selector: unescaped character in value: 61");
      const known = path === "metadata.name" || path === "metadata.namespace" || FIELDS[key]?.includes(path);
      if (known !== true) throw unknownField(path, custom || FIELDS[key] !== undefined);
      return { path: path.split("."), equal: sign !== "!=", value };
    });
  return (object) => terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}

interface Selectable {
  /** `<group>/<plural>` */
  readonly key: string;
  readonly custom: boolean;
}

function unknownField(path: string, own: boolean): ApiError {
  if (own) return badRequest(`field label not supported: ${path}`);
  return badRequest(
    `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function fieldText(object: LiveObject, path: readonly string[]): string {
  let value: Json | undefined = asJson(object);
  for (const name of path) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (isJsonObject(value)) return String(value["component"] ?? "");
  return value === undefined || value === null ? (path.at(-1) === "successful" ? "0" : "") : String(value);
}

function asJson(object: LiveObject): Json {
  return isJsonObject(object) ? object : null;
}

export function allOf(selectors: readonly Selector[]): Selector {
  return (object) => selectors.every((fits) => fits(object));
}
