import { isJsonObject, type JsonObject } from "../../src/model/index.ts";

/** One case of apimachinery's tests: shared/conformance/merge has the format. */
export interface MergeCase {
  readonly index: number;
  readonly name: string;
  readonly group: string;
  readonly original?: JsonObject | null;
  readonly current?: JsonObject | null;
  readonly patch?: JsonObject;
  readonly twoWay?: JsonObject;
  readonly twoWayResult?: JsonObject;
  readonly threeWay?: JsonObject;
  readonly result?: JsonObject;
  readonly applyError?: string;
  readonly [text: string]: unknown;
}

/** What a server does: a patch over an object. Making the patch is the client's half, and ours sends none. */
export interface PatchStep {
  readonly what: string;
  readonly live: JsonObject;
  readonly patch: JsonObject;
  readonly result: JsonObject | undefined;
  /** Text that is in the refusal. */
  readonly error: string | undefined;
  /** The original test sorts merge lists before it compares. */
  readonly sorted: boolean;
}

export function strategicSteps(one: MergeCase): PatchStep[] {
  const text = (field: string) => (one[field] ? JSON.parse(String(one[field])) : undefined);
  return [
    ...step(one, "patch", [one.original, one.patch, one.result]),
    ...step(one, "two-way", [one.original, one.twoWay, one.twoWayResult]),
    ...(one.patch === undefined ? step(one, "three-way", [one.current, one.threeWay, one.result]) : []),
    ...step(one, "two-way", [text("Original"), text("ExpectedTwoWay"), text("ExpectedTwoWayResult")]),
    ...step(one, "three-way", [text("Current"), text("ExpectedThreeWay"), text("ExpectedThreeWayResult")]),
    ...step(one, "numbers", [text("Old"), text("ExpectedPatch"), text("ExpectedResult")]),
  ];
}

function step(one: MergeCase, what: string, [live, patch, result]: readonly unknown[]): PatchStep[] {
  const { applyError: error, group } = one;
  if (!isJsonObject(patch) || (!isJsonObject(result) && error === undefined)) return [];
  const sorted = group === "create" || group === "apply";
  return [
    {
      what,
      patch,
      error,
      sorted,
      live: isJsonObject(live) ? live : {},
      result: isJsonObject(result) ? result : undefined,
    },
  ];
}

/** Merge lists by key, and scalars by value: where the original test does so. */
export function sortedLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sortedLists);
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sortedLists(part)]));
}
