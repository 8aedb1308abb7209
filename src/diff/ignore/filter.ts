import { isJsonObject, type Json } from "../../model/index.ts";
import { isList } from "../field-path.ts";
import { sameJson } from "../value-equality.ts";

type Operator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Names and positions below the item: `@.ports[0].name`. */
type Way = readonly (string | number)[];
export type Operand = { readonly way: Way } | { readonly value: Json };

/** What stands in `[?(…)]`, as it was read. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly parts: readonly Filter[] }
  | { readonly kind: "not"; readonly part: Filter }
  | { readonly kind: "exists"; readonly way: Way }
  | { readonly kind: "compare"; readonly operator: Operator; readonly left: Operand; readonly right: Operand };

/** Counts what an evaluation does: one for each value looked at. */
export interface Tally {
  steps: number;
}

/** Whether an item fits. A field that is not there equals nothing, and is neither less nor more than anything. Source: RFC 9535, 2.3.5.2.2. */
export function holds(filter: Filter, item: Json, tally: Tally): boolean {
  switch (filter.kind) {
    case "and":
      return filter.parts.every((part) => holds(part, item, tally));
    case "or":
      return filter.parts.some((part) => holds(part, item, tally));
    case "not":
      return !holds(filter.part, item, tally);
    case "exists":
      return follow(filter.way, item, tally) !== undefined;
    case "compare":
      return compares(filter.operator, operandValue(filter.left, item, tally), operandValue(filter.right, item, tally));
  }
}

function operandValue(operand: Operand, item: Json, tally: Tally): Json | undefined {
  return "way" in operand ? follow(operand.way, item, tally) : operand.value;
}

function follow(way: Way, item: Json, tally: Tally): Json | undefined {
  let value: Json | undefined = item;
  for (const part of way) {
    tally.steps++;
    if (typeof part === "number") value = isList(value) ? value[part] : undefined;
    else value = isJsonObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  tally.steps++;
  return value;
}

function compares(operator: Operator, left: Json | undefined, right: Json | undefined): boolean {
  if (operator === "==") return sameJson(left, right);
  if (operator === "!=") return !sameJson(left, right);
  if (operator === "<") return isLess(left, right);
  if (operator === ">") return isLess(right, left);
  const [low, high] = operator === "<=" ? [left, right] : [right, left];
  return isLess(low, high) || (low !== undefined && sameJson(low, high));
}

function isLess(low: Json | undefined, high: Json | undefined): boolean {
  if (typeof low === "number") return typeof high === "number" && low < high;
  return typeof low === "string" && typeof high === "string" && low < high;
}
