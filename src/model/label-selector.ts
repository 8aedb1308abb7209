import { isJsonObject, type Json, type JsonObject } from "./json.ts";

type Labels = { readonly [name: string]: Json | undefined };

/** Whether labels are those of a LabelSelector; an empty one selects everything, an expression that is none nothing. */
export function selects({ matchLabels, matchExpressions }: JsonObject, labels: Labels): boolean {
  const pairs = isJsonObject(matchLabels) ? Object.entries(matchLabels) : [];
  const expressions = Array.isArray(matchExpressions) ? matchExpressions : [];
  return pairs.every(([name, value]) => labels[name] === value) && expressions.every((one) => holds(one, labels));
}

function holds(expression: Json, labels: Labels): boolean {
  if (!isJsonObject(expression) || typeof expression["key"] !== "string") return false;
  const value = labels[expression["key"]];
  const values: readonly Json[] = Array.isArray(expression["values"]) ? expression["values"] : [];
  switch (expression["operator"]) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
