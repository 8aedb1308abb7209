import { groupKindKey, type Plan, type PlanStep, type Ref, refKey, type StageName } from "../model/index.ts";
import type { GraphPhase } from "./phases.ts";
import { pruneSlots } from "./prune-order.ts";
import { type Slot, slotsOf } from "./slots.ts";

/** How far a node must be before another begins. accepted: the server has it. through: healthy, ended, gone, passed. settled: over, however it ended. */
export type Until = "accepted" | "through" | "settled";

export interface Edge {
  readonly node: number;
  readonly until: Until;
}

/**
 * object, hook, prune: a step of the plan. outside: an object of somebody else that a step depends on. gate: where a stage, a wave or a phase begins.
 * end: where the hooks of a phase are over, and are recorded. failure: through when anything before it failed, else nothing behind it happens.
 */
export interface GraphNode {
  readonly id: number;
  readonly kind: "object" | "hook" | "prune" | "outside" | "gate" | "end" | "failure";
  readonly phase: GraphPhase;
  readonly wave: number;
  /** Of a gate: that of the nodes behind it, where it parts two stages of one wave. */
  readonly stage?: StageName;
  readonly step?: PlanStep;
  /** Of whatever is an object. */
  readonly ref?: Ref;
  readonly after: readonly Edge[];
}

/** Everything that one pass does, and what each part of it waits for. A node's id is its place in `nodes`. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
}

type Draft = { nodes: (GraphNode & { readonly after: Edge[] })[] };

/** The order of a plan as one graph. It has no circle: what stood on one has a problem, and waits for nothing. As many edges as steps and waits. */
export function graphOf(plan: Plan): Graph {
  const draft: Draft = { nodes: [] };
  const all = slotsOf(plan);
  const of = (phase: GraphPhase) => all.filter((slot) => slot.phase === phase);
  const before = addSlots(draft, of("PreSync"), addSlots(draft, of("PreDelete"), []));
  const synced = addSlots(draft, of("Sync"), before);
  // A deletion has only hooks before it: these must have ended.
  const pruned = addPrunes(draft, plan.prunes, plan.releases === undefined ? acceptedOf(synced) : synced);
  addSlots(draft, [...of("PostSync"), ...of("PostDelete")], [...synced, ...pruned]);
  addDependencies(draft);
  const failing = of("SyncFail");
  if (failing.length > 0) addSlots(draft, failing, [through(addFailure(draft))]);
  return draft;
}

const through = (node: number): Edge => ({ node, until: "through" });

/** The same edges, satisfied as soon as the server has the objects: deletions wait for no health. The end of hooks stays an end. */
function acceptedOf(edges: readonly Edge[]): Edge[] {
  return edges.map(({ node, until }) => ({ node, until: until === "through" ? "accepted" : until }));
}

function add(draft: Draft, node: Omit<GraphNode, "id" | "after">, after: readonly Edge[]): number {
  const id = draft.nodes.length;
  draft.nodes.push({ ...node, id, after: [...after] });
  return id;
}

/** Slot after slot, each behind a gate that waits for all of the one before. Returns what waits for the last. */
function addSlots(draft: Draft, slots: readonly Slot[], before: readonly Edge[]): readonly Edge[] {
  let edges = before;
  const hooks: number[] = [];
  for (const slot of slots) {
    const gate =
      edges.length === 0 ? undefined : add(draft, { kind: "gate", phase: slot.phase, wave: slot.wave }, edges);
    const members = addStages(draft, slot, gate);
    hooks.push(...members.filter((id) => draft.nodes[id]?.kind === "hook"));
    edges = members.map(through);
  }
  const last = slots.at(-1);
  if (last === undefined || hooks.length === 0) return edges;
  const settled = hooks.map((node): Edge => ({ node, until: "settled" }));
  return [...edges, through(add(draft, { kind: "end", phase: last.phase, wave: last.wave }, settled))];
}

/** Stage after stage; the next waits until the server has this one, but for what waits for others itself. Returns the members. */
function addStages(draft: Draft, { phase, wave, stages }: Slot, first: number | undefined): number[] {
  const members: number[] = [];
  let gate = first;
  let held: number[] = [];
  let lastOfHelm: number | undefined;
  for (const { stage, steps } of stages) {
    if (held.length > 0)
      gate = add(
        draft,
        { kind: "gate", phase, wave, stage },
        held.map((node) => ({ node, until: "accepted" })),
      );
    held = [];
    for (const step of steps) {
      const chained = step.hook?.form === "helm" ? lastOfHelm : undefined;
      const after = [gate, chained].flatMap((id) => (id === undefined ? [] : [through(id)]));
      const id = add(
        draft,
        { kind: step.hook === undefined ? "object" : "hook", phase, wave, stage, step, ref: step.ref },
        after,
      );
      if (step.hook?.form === "helm") lastOfHelm = id;
      members.push(id);
      if (step.dependsOn === undefined) held.push(id);
    }
  }
  return members;
}

/** What the author has it wait for: nothing where nothing is sent. */
function waitsOf({ action, problem, dependsOn }: PlanStep): readonly Ref[] {
  return action === "none" || problem !== undefined ? [] : (dependsOn ?? []);
}

/** Those of one stage at once, when those before are gone; what waits for its dependents keeps nothing else waiting. */
function addPrunes(draft: Draft, prunes: readonly PlanStep[], before: readonly Edge[]): Edge[] {
  const ids = new Map<string, number>();
  let edges = before;
  const { slots, goesAfter } = pruneSlots(prunes);
  for (const { wave, stage, steps } of slots) {
    const gate = edges.length === 0 ? undefined : add(draft, { kind: "gate", phase: "Prune", wave, stage }, edges);
    const held: Edge[] = [];
    for (const step of steps) {
      const node = { kind: "prune", phase: "Prune", wave, stage, step, ref: step.ref } as const;
      const id = add(draft, node, gate === undefined ? [] : [through(gate)]);
      ids.set(refKey(step.ref), id);
      if (!goesAfter.has(refKey(step.ref))) held.push(through(id));
    }
    if (held.length > 0) edges = held;
  }
  for (const [key, dependents] of goesAfter)
    for (const dependent of dependents) draft.nodes[ids.get(key) ?? -1]?.after.push(through(ids.get(dependent) ?? -1));
  return [...ids.values()].map(through);
}

/** config.kubernetes.io/depends-on; and, where a Namespace or definition itself waits for something, what is in it or of its group. */
function addDependencies(draft: Draft): void {
  const ids = new Map<string, number>();
  const made = draft.nodes.filter(({ kind }) => kind === "object" || kind === "hook");
  for (const { id, ref } of made) if (ref !== undefined && !ids.has(refKey(ref))) ids.set(refKey(ref), id);
  const roots = made.filter(({ step }) => step !== undefined && waitsOf(step).length > 0 && isRoot(step.ref));
  for (const { id, step, after, phase, wave } of made) {
    if (step === undefined) continue;
    for (const ref of waitsOf(step)) {
      const key = refKey(ref);
      const known = ids.get(key) ?? add(draft, { kind: "outside", phase, wave, ref }, []);
      ids.set(key, known);
      after.push(through(known));
    }
    for (const root of roots)
      if (root.id !== id && isUnder(step.ref, root.ref)) after.push({ node: root.id, until: "accepted" });
  }
}

function isRoot(ref: Ref): boolean {
  return ["Namespace", "CustomResourceDefinition.apiextensions.k8s.io"].includes(groupKindKey(ref));
}

function isUnder({ group, namespace }: Ref, root: Ref | undefined): boolean {
  if (root?.kind === "Namespace") return namespace === root.name;
  return root !== undefined && group !== "" && root.name.endsWith(`.${group}`);
}

function addFailure(draft: Draft): number {
  const all = draft.nodes.map(({ id }): Edge => ({ node: id, until: "settled" }));
  return add(draft, { kind: "failure", phase: "SyncFail", wave: 0 }, all);
}
