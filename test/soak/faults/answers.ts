import type { WriteGate } from "../../e2e/write-gate.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";
import type { Fault, Undo } from "./types.ts";

/** What the API server, or a proxy before it, does to single requests. */
export const ANSWER_FAULTS: { readonly [name: string]: Fault } = {
  "answers delayed": ({ stage, random }) =>
    treating(stage, () => (random.chance(0.4) ? { delayMs: random.between(20, 600) } : {})),
  "writes doubled": ({ stage, random }) =>
    treating(stage, ({ writes }) => (writes ? { twice: random.pick(["first", "second"]) } : {})),
  "429 without Retry-After": refusing(429, {}),
  "429 with Retry-After": refusing(429, { "retry-after": "1" }),
  "500 without Retry-After": refusing(500, {}),
  "503 without Retry-After": refusing(503, {}),
  "503 with Retry-After": refusing(503, { "retry-after": "1" }),
  "requests lost": ({ stage, random }) => treating(stage, () => (random.chance(0.2) ? { cut: "before" } : {})),
  "answers lost": ({ stage, random }) => treating(stage, () => (random.chance(0.2) ? { cut: "after" } : {})),
};

function refusing(status: number, headers: { readonly [name: string]: string }): Fault {
  return ({ stage, random }: { readonly stage: Stage; readonly random: Random }) =>
    treating(stage, () => (random.chance(0.3) ? { refuse: { status, headers } } : {}));
}

function treating({ treatments }: Stage, treat: WriteGate["treat"]): Undo {
  treatments.add(treat);
  return () => void treatments.delete(treat);
}
