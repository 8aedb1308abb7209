import { isJsonObject, type Json, type LiveObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";

export type Selector = (object: LiveObject) => boolean;

type Labels = { readonly [key: string]: string };
type Requirement = (labels: Labels) => boolean;

const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const SET_BASED = new RegExp(String.raw`^(${KEY})\s+(in|notin)\s*\(([^()]*)\)$`);
const EQUALITY = new RegExp(String.raw`^(${KEY})\s*(==|=|!=)\s*([-A-Za-z0-9_.]*)$`);
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
  const [, not, present] = EXISTENCE.exec(part) ?? [];
  if (present === undefined) {
    const message = `unable to parse requirement: found '${part}', expected: a key, with =, !=, in or notin`;
    throw new ApiError(400, { reason: "BadRequest", message: `${message} (in ${JSON.stringify(whole)})` });
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
export function fieldSelector(text: string, { key, gvk }: { readonly key: string; readonly gvk: string }): Selector {
  const terms = text
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const [, path = "", sign, value = ""] = /^([^=!]+)(==|=|!=)(.*)$/.exec(part) ?? [];
      if (sign === undefined) throw invalid(`invalid selector: '${text}'; can't understand '${part}'`);
      const known = path === "metadata.name" || path === "metadata.namespace" || FIELDS[key]?.includes(path);
      if (known !== true) throw invalid(`field label not supported: ${path}`, gvk);
      return { path: path.split("."), equal: sign !== "!=", value };
    });
  return (object) => terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}

function invalid(message: string, gvk?: string): ApiError {
  const where = gvk === undefined ? "" : `Unable to find "${gvk}" that match label selector "", field selector: `;
  return new ApiError(400, { reason: "BadRequest", message: `${where}${message}` });
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
