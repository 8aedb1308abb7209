import { groupKindKey, type Inventory, type LiveObject, type PlanStep, refKey } from "../model/index.ts";
import { hookRecordOf } from "./hooks.ts";
import { applySetId, isMember, parentRef, scopeOf, scopeOfRefs, union } from "./inventory.ts";
import { hooksAmong, type Prunes } from "./prunes.ts";
import type { PlanInput } from "./types.ts";

interface Parts {
  readonly steps: readonly PlanStep[];
  readonly hooks: readonly PlanStep[];
  readonly prunes: Prunes;
  readonly setHash: string;
}

/** What stays in the inventory whatever becomes of its step: a member that cannot be applied today is a member still. */
export function inventoryOf(input: PlanInput, { steps, hooks, prunes: all, setHash }: Parts): Inventory {
  const { steps: prunes, withheld, going } = all;
  const { application, inventoryNamespace, parent, namespaces: { namespaceRecord } = {} } = input;
  const current = parent === undefined ? undefined : scopeOf(parent);
  const isOurs = (live: LiveObject | undefined) => live !== undefined && isMember(live, input);
  const wanted = steps
    .filter(({ ref, problem, apply, action }) => {
      const becomesOurs = problem === undefined && (apply === undefined || action === "create");
      return becomesOurs || isOurs(input.live.get(refKey(ref)));
    })
    .map(({ ref }) => ref);
  const kinds = new Set(current?.groupKinds);
  // A label that somebody put by hand is no proof: for its sake the inventory never names a kind that it did not name before.
  const held = withheld.filter(({ ref, guard }) => guard !== "not-own-id" || kinds.has(groupKindKey(ref)));
  // What is left of hooks belongs to nobody else: where the application goes, it goes.
  const ofHooks = [
    ...hooks.filter(({ hook }) => hook?.phase !== "Skip").map(({ ref }) => ref),
    ...(input.deleting === undefined ? hooksAmong(input.members) : []),
  ];
  const after = scopeOfRefs(
    [...wanted, ...ofHooks, ...held.map(({ ref }) => ref), ...going.map(({ ref }) => ref)],
    inventoryNamespace,
  );
  const now = union(
    after,
    scopeOfRefs(
      prunes.map(({ ref }) => ref),
      inventoryNamespace,
    ),
  );
  return {
    id: applySetId(application, inventoryNamespace),
    parent: parentRef(application, inventoryNamespace),
    before: current === undefined ? now : union(now, current),
    after,
    ...(current === undefined ? {} : { current }),
    ...(hooks.length === 0 ? {} : { hooks: hookRecordOf(setHash, current) }),
    ...(input.release === undefined ? {} : { release: input.release }),
    ...(input.declaration === undefined ? {} : { declaration: input.declaration }),
    ...(namespaceRecord === undefined ? {} : { namespaceRecord }),
  };
}
