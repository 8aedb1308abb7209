import { ANY_SCHEMA, isJsonObject, type Json, type SchemaNode } from "../../model/index.ts";
import {
  type FieldPath,
  fieldStep,
  hasLabel,
  isList,
  itemStep,
  keyElement,
  type Step,
  setElement,
} from "../field-path.ts";
import { isMergedList } from "../field-set.ts";
import { holds, type Tally } from "./filter.ts";
import type { Segment } from "./segments.ts";

/** A value and the place where it stands. */
export interface Spot {
  readonly path: FieldPath;
  readonly value: Json;
  readonly schema: SchemaNode;
  /** Inside of a value that is owned as one: there, items have no names but their positions. */
  readonly whole: boolean;
}

export function rootSpot(value: Json, schema: SchemaNode): Spot {
  return { path: [], value, schema, whole: false };
}

/** How an item is known: by key or value where the server tells items apart, by position (`i:0`) anywhere else. */
export function stepOfItem({ schema, whole }: Pick<Spot, "schema" | "whole">, item: Json, position: number): Step {
  if (whole || !isMergedList(schema)) {
    return { element: `i:${position}`, token: String(position) };
  }
  const items = schema.items() ?? ANY_SCHEMA;
  return itemStep(schema.keys === undefined ? setElement(item) : keyElement(item, schema.keys, items), position);
}

/** The schema of what is below a place, and whether that is owned as one. */
export function below({ schema, whole }: Pick<Spot, "schema" | "whole">, element: string) {
  const isField = element.startsWith("f:");
  const child = isField ? schema.field(element.slice(2)) : schema.items();
  return {
    schema: child ?? ANY_SCHEMA,
    whole: whole || schema.atomic || (!isField && !isMergedList(schema)),
  };
}

function fieldOf(spot: Spot, name: string): Spot[] {
  const { value } = spot;
  const part = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (part === undefined) return [];
  const step = fieldStep(name);
  return [{ path: [...spot.path, step], value: part, ...below(spot, step.element) }];
}

function itemOf(spot: Spot, position: number): Spot[] {
  const item = isList(spot.value) ? spot.value[position] : undefined;
  if (item === undefined) return [];
  const step = stepOfItem(spot, item, position);
  return [{ path: [...spot.path, step], value: item, ...below(spot, step.element) }];
}

function itemsOf(spot: Spot, fits: (item: Json) => boolean): Spot[] {
  return isList(spot.value) ? spot.value.flatMap((item, position) => (fits(item) ? itemOf(spot, position) : [])) : [];
}

export function childrenOf(spot: Spot): Spot[] {
  if (!isJsonObject(spot.value)) return itemsOf(spot, () => true);
  return Object.keys(spot.value).flatMap((name) => fieldOf(spot, name));
}

/** Everything in a value that a rule's way leads to. Each part of the way looks at each value below the ones found so far once. */
export function select(segments: readonly Segment[], root: Spot, tally: Tally): Spot[] {
  let spots = [root];
  for (const segment of segments) {
    spots = spots.flatMap((spot) => step(segment, spot, tally));
    tally.steps += spots.length;
  }
  return spots;
}

function step(segment: Segment, spot: Spot, tally: Tally): Spot[] {
  tally.steps++;
  const counted = (fits: (item: Json) => boolean) => (item: Json) => {
    tally.steps++;
    return fits(item);
  };
  switch (segment.kind) {
    case "field":
      return fieldOf(spot, segment.name);
    case "position":
      return itemOf(spot, segment.position);
    case "token":
      return isList(spot.value) ? itemOf(spot, positionOf(segment.token)) : fieldOf(spot, segment.token);
    case "every":
      return childrenOf(spot);
    case "item":
      return itemsOf(
        spot,
        counted((item) => hasLabel(item, segment.label)),
      );
    case "filter":
      return itemsOf(
        spot,
        counted((item) => holds(segment.filter, item, tally)),
      );
  }
}

function positionOf(token: string): number {
  return /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : -1;
}
