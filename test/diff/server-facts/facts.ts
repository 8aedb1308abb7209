import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../conformance/index.ts";
import { CUSTOM } from "./custom.ts";
import { MOVED } from "./moved.ts";
import { OWNED } from "./owned.ts";
import type { FactScenario } from "./scenario.ts";

export const FACTS: readonly FactScenario[] = [...OWNED, ...MOVED, ...CUSTOM];

/** What the real server did, in the form of the conformance folder: `npm run conformance -- test/diff/server-facts/recorded`. */
export const RECORDED = join(import.meta.dirname, "recorded");

export type RecordedFact = Scenario & { readonly final: NonNullable<Scenario["final"]> };

export function readRecorded(name: string): RecordedFact {
  return JSON.parse(readFileSync(join(RECORDED, `${name}.json`), "utf8"));
}
