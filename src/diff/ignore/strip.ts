import { isJsonObject, type Json } from "../../model/index.ts";
import { isList } from "../field-path.ts";
import { type FieldTree, NO_FIELDS } from "../field-set.ts";
import { below, type Spot, stepOfItem } from "./spot.ts";

/** What is left of one place: by the document that is worked on, and by the other one. Positions mean something in their own document only. */
export interface LeftBelow {
  readonly own: FieldTree;
  readonly other: FieldTree;
}

export function isLeft({ own, other }: LeftBelow): boolean {
  return own.member || other.member;
}

export function isFree({ own, other }: LeftBelow): boolean {
  return !own.member && !other.member && own.children.size === 0 && other.children.size === 0;
}

export function leftAt({ own, other }: LeftBelow, element: string): LeftBelow {
  const isPosition = element.startsWith("i:");
  return {
    own: own.children.get(element) ?? NO_FIELDS,
    other: isPosition ? NO_FIELDS : (other.children.get(element) ?? NO_FIELDS),
  };
}

type Place = Pick<Spot, "schema" | "whole">;

/** The value without what is left; undefined where nothing remains. What only becomes empty by this goes too, so that it is not owned as empty. */
export function strip(value: Json, left: LeftBelow, place: Place): Json | undefined {
  if (isLeft(left)) return undefined;
  if (isFree(left)) return value;
  if (isList(value)) {
    const rest = value.flatMap((item, position) => {
      const { element } = stepOfItem(place, item, position);
      return strip(item, leftAt(left, element), below(place, element)) ?? [];
    });
    return rest.length === 0 && value.length > 0 ? undefined : rest;
  }
  if (!isJsonObject(value)) return value;
  const rest = Object.entries(value).flatMap(([name, part]) => {
    const element = `f:${name}`;
    const kept = part === undefined ? part : strip(part, leftAt(left, element), below(place, element));
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return rest.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(rest);
}
