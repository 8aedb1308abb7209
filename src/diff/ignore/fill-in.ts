import { isJsonObject, type Json, type JsonObject } from "../../model/index.ts";
import { childrenAt, isList } from "../field-path.ts";
import { type FieldTree, isMergedList, NO_FIELDS } from "../field-set.ts";
import { below, type Spot, stepOfItem } from "./spot.ts";
import { isFree, isLeft, type LeftBelow, leftAt, strip } from "./strip.ts";

/** One place in the manifest and in live. `left.own` is by the manifest, `left.other` by live. */
export interface FillPlace extends Pick<Spot, "schema" | "whole"> {
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
  readonly left: LeftBelow;
  /** What we have here. */
  readonly ours: FieldTree;
}

/**
 * What an apply may send of a place, so that it changes nothing of what is left. A left field that is still ours is sent as live has it: to leave
 * it out would make the server remove it, so that an autoscaler's replicas would be 1 before it ever scaled. One that is not ours is not sent.
 * A value that is owned as one is sent whole, with live's value in the places that are left.
 */
export function fillIn(place: FillPlace): Json | undefined {
  const { desired, live, left, ours, schema } = place;
  if (isLeft(left)) return place.whole ? live : ownPart(live, ours, place);
  if (isFree(left) || desired === null) return desired;
  const isListed = isList(desired ?? live);
  const isOneValue = !place.whole && (schema.atomic || (isListed && !isMergedList(schema)));
  // All that Git says of the value is left: whose it is does not change.
  if (isOneValue && !ours.member && (desired === undefined || strip(desired, left, place) === undefined)) {
    return undefined;
  }
  if (isListed) return fillList(place);
  return desired === undefined || isJsonObject(desired) ? fillFields(desired, place) : desired;
}

function fillList(place: FillPlace): readonly Json[] | undefined {
  const desired = isList(place.desired) ? place.desired : [];
  const isKeyed = !place.whole && isMergedList(place.schema);
  const filled = isKeyed ? fillItems(desired, place) : fillPositions(desired, place);
  return filled.length === 0 && (place.desired === undefined || desired.length > 0) ? undefined : filled;
}

/** Of live, what is ours; undefined where nothing is. */
function ownPart(live: Json | undefined, ours: FieldTree, place: Pick<Spot, "schema">): Json | undefined {
  if (live === undefined || (!ours.member && ours.children.size === 0)) return undefined;
  if (ours.children.size === 0) return live;
  const parts = [...childrenAt(live, ours.children.keys(), place.schema)].flatMap(({ step, value }) => {
    const child = ours.children.get(step.element) ?? NO_FIELDS;
    const part = ownPart(value, child, below({ ...place, whole: false }, step.element));
    return part === undefined ? [] : [[step.token, part] as const];
  });
  if (!isList(live)) return Object.fromEntries(parts);
  return parts.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, part]) => part);
}

function child(place: FillPlace, element: string, values: Pick<FillPlace, "desired" | "live">): FillPlace {
  return {
    ...values,
    ...below(place, element),
    left: leftAt(place.left, element),
    ours: place.ours.children.get(element) ?? NO_FIELDS,
  };
}

function fillFields(desired: JsonObject | undefined, place: FillPlace): JsonObject | undefined {
  const live = isJsonObject(place.live) ? place.live : {};
  const leftInLive = [...place.left.other.children.keys()].filter((element) => element.startsWith("f:"));
  const names = new Set([...Object.keys(desired ?? {}), ...leftInLive.map((element) => element.slice(2))]);
  const filled = [...names].flatMap((name) => {
    const values = { desired: own(desired, name), live: own(live, name) };
    const part = fillIn(child(place, `f:${name}`, values));
    return part === undefined ? [] : [[name, part] as const];
  });
  const isEmptied = filled.length === 0 && (desired === undefined || Object.keys(desired).length > 0);
  return isEmptied ? undefined : Object.fromEntries(filled);
}

function own(object: JsonObject | undefined, name: string): Json | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Items by their keys. One that Git does not name is sent where the whole of it is left and ours, in live's order: another order is a change. */
function fillItems(desired: readonly Json[], place: FillPlace): readonly Json[] {
  const live = isList(place.live) ? place.live : [];
  const elementOf = (item: Json, position: number) => stepOfItem(place, item, position).element;
  const inLive = new Map(live.map((item, position) => [elementOf(item, position), item]));
  const filled = desired.flatMap((item, position) => {
    const element = elementOf(item, position);
    const part = fillIn(child(place, element, { desired: item, live: inLive.get(element) }));
    return part === undefined ? [] : [{ element, part }];
  });
  const named = new Set(desired.map(elementOf));
  let at = 0;
  for (const [element, item] of inLive) {
    const there = filled.findIndex((one) => one.element === element);
    if (there >= 0) at = there + 1;
    else if (!named.has(element) && isLeft(leftAt(place.left, element))) {
      const part = fillIn(child(place, element, { desired: undefined, live: item }));
      if (part !== undefined) filled.splice(at++, 0, { element, part });
    }
  }
  return filled.map(({ part }) => part);
}

/** Items without keys: those that are left in the manifest go, those that are left in live stand where live has them. Where a part of an item is
 *  left, the first such item of the manifest is taken for the first of live, and so on; where their numbers differ, Git's is sent. */
function fillPositions(desired: readonly Json[], place: FillPlace): readonly Json[] {
  const live = isList(place.live) ? place.live : [];
  const { own: inManifest, other: inLive } = place.left;
  const [mine, theirs] = [partlyLeft(inManifest), partlyLeft(inLive)];
  const filled = desired.flatMap((item, position): Json[] => {
    const element = `i:${position}`;
    const left = leftAt(place.left, element);
    if (isLeft(left)) return [];
    const pair = mine.length === theirs.length ? theirs[mine.indexOf(position)] : undefined;
    if (isFree(left) || pair === undefined) return [item];
    const other = inLive.children.get(`i:${pair}`) ?? NO_FIELDS;
    const part = fillIn({
      ...child(place, element, { desired: item, live: live[pair] }),
      left: { own: left.own, other },
    });
    return part === undefined ? [] : [part];
  });
  live.forEach((item, position) => {
    if (inLive.children.get(`i:${position}`)?.member === true) filled.splice(position, 0, item);
  });
  return filled;
}

function partlyLeft(tree: FieldTree): number[] {
  const positions = [...tree.children].flatMap(([element, { member }]) => (member ? [] : [Number(element.slice(2))]));
  return positions.toSorted((one, other) => one - other);
}
