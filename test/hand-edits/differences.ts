import { canonicalJson } from "../../src/kit/hash.ts";
import { escapeToken } from "../../src/kit/json-pointer.ts";
import { isJsonObject, type Json } from "../../src/model/index.ts";

/** `/spec/replicas: 2 -> 5`, one a difference, by JSON pointer. */
export function differences(one: Json | undefined, other: Json | undefined, path = ""): string[] {
  if (one === other) return [];
  const [left, right] = [partsOf(one), partsOf(other)];
  if (left === undefined || right === undefined || Array.isArray(one) !== Array.isArray(other)) {
    return textOf(one) === textOf(other) ? [] : [`${path}: ${textOf(one)} -> ${textOf(other)}`];
  }
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => differences(left.get(name), right.get(name), `${path}/${escapeToken(name)}`));
}

function partsOf(value: Json | undefined): Map<string, Json | undefined> | undefined {
  if (Array.isArray(value)) return new Map(value.map((item: Json, at) => [String(at), item]));
  return isJsonObject(value) ? new Map(Object.entries(value)) : undefined;
}

function textOf(value: Json | undefined): string {
  return value === undefined ? "nothing" : canonicalJson(value);
}
