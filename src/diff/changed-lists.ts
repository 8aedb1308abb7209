import { stepsOf } from "../kit/format-field.ts";
import { unescapeToken } from "../kit/json-pointer.ts";
import { type FieldChange, isJsonObject, type Json, type KubeObject } from "../model/index.ts";
import { hasLabel, isList, jsonOf } from "./field-path.ts";
import { mergedOrder, positionsOf } from "./merged-order.ts";

interface Order {
  /** Of one of its items: tells the list's keys. */
  label: string;
  /** How many of the last items are new. */
  added: number;
  /** The manifest's items. */
  readonly manifest: readonly Json[] | undefined;
  /** As a move names the items that both have. */
  labels: readonly string[];
}

/** The lists whose order an apply changes, and that order. */
export class ChangedLists {
  readonly #manifest: KubeObject | undefined;
  readonly #orders = new Map<Json[], Order>();

  constructor(manifest: KubeObject | undefined) {
    this.#manifest = manifest;
  }

  added(list: unknown, change: FieldChange): void {
    const steps = stepsOf(change) ?? [];
    const order = this.#orderOf(list, steps.slice(0, -1), steps.at(-1) ?? "");
    if (order !== undefined) order.added++;
  }

  moved(list: unknown, change: FieldChange): void {
    const labels = isList(change.desired) ? change.desired.map(String) : [];
    const order = this.#orderOf(list, stepsOf(change) ?? [], labels[0] ?? "");
    if (order !== undefined) order.labels = labels;
  }

  /** Puts the items of every list where an apply would leave them. */
  arrange(): void {
    for (const [list, order] of this.#orders) {
      const live = list.length - order.added;
      const arranged = mergedOrder(live, appliedPositions(list, order)).map((position) => list[position]);
      for (const [position, item] of arranged.entries()) if (item !== undefined) list[position] = item;
    }
  }

  #orderOf(list: unknown, steps: readonly string[], label: string): Order | undefined {
    if (!isOpenList(list)) return undefined;
    const order = this.#orders.get(list) ?? { label, added: 0, manifest: listAt(this.#manifest, steps), labels: [] };
    this.#orders.set(list, order);
    return order;
  }
}

/** A list of a copy, that may be written to. */
function isOpenList(value: unknown): value is Json[] {
  return Array.isArray(value);
}

/** Whatever is new is applied, also where the manifest spells its keys so that it is not found there. */
function appliedPositions(list: readonly Json[], { label, added, manifest, labels }: Order): number[] {
  const named =
    manifest === undefined
      ? labels.map((one) => list.findIndex((item) => hasLabel(item, one)))
      : positionsOf(manifest, list, label);
  const fresh = Array.from({ length: added }, (_, index) => list.length - added + index);
  return [...new Set([...named.filter((position) => position >= 0), ...fresh])];
}

function listAt(manifest: KubeObject | undefined, steps: readonly string[]): readonly Json[] | undefined {
  let value: Json | undefined = manifest && jsonOf(manifest);
  for (const step of steps) {
    const name = unescapeToken(step.slice(1));
    if (isList(value)) value = value.find((item) => hasLabel(item, step));
    else value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return isList(value) ? value : undefined;
}
