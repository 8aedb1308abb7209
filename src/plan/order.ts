import { compareText } from "../kit/compare-text.ts";
import type { Origin, PlanStep, Ref } from "../model/index.ts";
import { stageRank } from "./stages.ts";

/** By wave, then stage, then name: the wave is the author's own order and goes before ours. */
export function byOrder(
  a: Pick<PlanStep, "wave" | "stage" | "ref">,
  b: Pick<PlanStep, "wave" | "stage" | "ref">,
): number {
  return byPhase(a, b) || compareText(sortKey(a.ref), sortKey(b.ref));
}

/** By wave, then stage: 0 for those that go together. */
export function byPhase(a: Pick<PlanStep, "wave" | "stage">, b: Pick<PlanStep, "wave" | "stage">): number {
  return a.wave - b.wave || stageRank(a.stage) - stageRank(b.stage);
}

function sortKey({ kind, group, namespace, name }: Ref): string {
  return [kind, group, namespace ?? "", name].join("\u0000");
}

/** What is left to tell two documents of one object apart by: where they stand, then what they say. */
export function byPlace(a: Placed, b: Placed): number {
  return (
    compareText(a.origin.file, b.origin.file) ||
    a.origin.line - b.origin.line ||
    compareText(a.hash ?? "", b.hash ?? "")
  );
}

interface Placed {
  readonly origin: Pick<Origin, "file" | "line">;
  readonly hash?: string;
}
