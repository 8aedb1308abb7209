import { formatRef, type PlanStep, PlumblineError, type Problem, refKey, toProblem } from "../model/index.ts";
import { phaseOf, phaseRank } from "./phases.ts";

/** A step, or the gate before a wave or phase; and what each waits for. */
interface Knot {
  readonly step?: PlanStep;
  readonly waitsFor: Set<Knot>;
}

/**
 * The steps that wait for themselves in the end: each with its circle, from it back to it. A wave waits for those before it, a phase for the phase
 * before; only an author's depends-on can turn that into a circle, so only what these name is looked at. Linear where there is no circle.
 */
export function circlesAmong(steps: readonly PlanStep[]): ReadonlyMap<PlanStep, readonly PlanStep[]> {
  const left = peeled(knotsOf(steps));
  const circles = new Map<PlanStep, readonly PlanStep[]>();
  for (const knot of left) {
    const circle = knot.step && shortestCircle(knot, left);
    if (knot.step !== undefined && circle !== undefined) circles.set(knot.step, circle);
  }
  return circles;
}

export function circleProblem(step: PlanStep, circle: readonly PlanStep[], where: string): Problem {
  const waves = new Set(circle.map((one) => `${phaseOf(one)} ${one.wave}`));
  const names = [...circle, step].map((one) =>
    waves.size > 1 ? `${formatRef(one.ref)} (${placeOf(one)})` : formatRef(one.ref),
  );
  const message = `${formatRef(step.ref)} waits for itself: ${names.join(" -> ")}`;
  return toProblem(new PlumblineError("PL-ORDER-CYCLE", { message, where }));
}

function placeOf(step: PlanStep): string {
  return step.hook === undefined ? `wave ${step.wave}` : `${step.hook.phase}, wave ${step.wave}`;
}

function knotsOf(steps: readonly PlanStep[]): Set<Knot> {
  if (!steps.some(({ dependsOn }) => dependsOn !== undefined)) return new Set();
  const named = new Set(steps.flatMap(({ dependsOn = [] }) => dependsOn.map(refKey)));
  const involved = steps.filter(({ ref, dependsOn }) => dependsOn !== undefined || named.has(refKey(ref)));
  const knots = involved.map((step): Knot & { step: PlanStep } => ({ step, waitsFor: new Set() }));
  const byKey = Map.groupBy(knots, ({ step }) => refKey(step.ref));
  for (const { step, waitsFor } of knots)
    for (const ref of step.dependsOn ?? []) for (const other of byKey.get(refKey(ref)) ?? []) waitsFor.add(other);
  return new Set([...knots, ...gatesBetween(knots)]);
}

/** A gate waits for the slot before and for the gate before that; the steps of its own slot wait for it. */
function gatesBetween(knots: readonly (Knot & { step: PlanStep })[]): Knot[] {
  const bySlot = Map.groupBy(knots, ({ step }) => phaseRank(phaseOf(step)) * 10_000_000 + step.wave);
  const slots = [...bySlot].sort(([a], [b]) => a - b).map(([, members]) => members);
  const gates: Knot[] = [];
  for (const [i, members] of slots.entries()) {
    const before = slots[i - 1];
    if (before === undefined) continue;
    const gate: Knot = { waitsFor: new Set([...before, ...gates.slice(-1)]) };
    for (const { waitsFor } of members) waitsFor.add(gate);
    gates.push(gate);
  }
  return gates;
}

/** Without those that wait for nothing that is left, again and again: what remains stands on a circle or leads to one. */
function peeled(knots: Set<Knot>): ReadonlySet<Knot> {
  const waiting = new Map<Knot, Knot[]>();
  const open = new Map<Knot, number>();
  for (const knot of knots) {
    open.set(knot, knot.waitsFor.size);
    for (const other of knot.waitsFor) {
      const list = waiting.get(other) ?? [];
      list.push(knot);
      waiting.set(other, list);
    }
  }
  const free = [...knots].filter(({ waitsFor }) => waitsFor.size === 0);
  for (let knot = free.pop(); knot !== undefined; knot = free.pop()) {
    knots.delete(knot);
    for (const other of waiting.get(knot) ?? []) {
      const count = (open.get(other) ?? 0) - 1;
      open.set(other, count);
      if (count === 0) free.push(other);
    }
  }
  return knots;
}

function shortestCircle(start: Knot, left: ReadonlySet<Knot>): readonly PlanStep[] | undefined {
  const cameFrom = new Map<Knot, Knot>();
  const queue = [start];
  for (let knot = queue.shift(); knot !== undefined; knot = queue.shift()) {
    for (const next of knot.waitsFor) {
      if (!left.has(next) || (cameFrom.has(next) && next !== start)) continue;
      if (next === start) return wayTo(knot, start, cameFrom);
      cameFrom.set(next, knot);
      queue.push(next);
    }
  }
  return undefined;
}

function wayTo(last: Knot, start: Knot, cameFrom: ReadonlyMap<Knot, Knot>): PlanStep[] {
  const way: PlanStep[] = [];
  for (let knot: Knot | undefined = last; knot !== undefined; knot = knot === start ? undefined : cameFrom.get(knot))
    if (knot.step !== undefined) way.unshift(knot.step);
  return way;
}
