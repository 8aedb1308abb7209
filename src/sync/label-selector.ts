import { isJsonObject, type JsonObject, type LiveObject } from "../model/index.ts";

/** More than anybody writes, and little enough for an address. */
const MOST_REQUIREMENTS = 50;

/** A workload's selector as the API server takes it in a query; undefined where it has none that can be written so, and would select everything. */
export function podSelectorOf({ kind, spec }: LiveObject): string | undefined {
  const selector = isJsonObject(spec) ? spec["selector"] : undefined;
  if (!isJsonObject(selector)) return undefined;
  const labels = kind === "ReplicationController" ? selector : selector["matchLabels"];
  const expressions = kind === "ReplicationController" ? [] : selector["matchExpressions"];
  const requirements = [
    ...(isJsonObject(labels) ? Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`) : []),
    ...(Array.isArray(expressions) ? expressions.map(requirementOf) : []),
  ];
  if (requirements.length === 0 || requirements.length > MOST_REQUIREMENTS) return undefined;
  return requirements.includes(undefined) ? undefined : requirements.join(",");
}

function requirementOf(expression: unknown): string | undefined {
  if (!isJsonObject(expression)) return undefined;
  const { key, operator }: JsonObject = expression;
  if (typeof key !== "string") return undefined;
  const values = Array.isArray(expression["values"]) ? expression["values"].join(",") : "";
  switch (operator) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return undefined;
  }
}
