import { formatRef, type Ref } from "../../model/index.ts";
import type { Host } from "../host.ts";
import { printWarnings } from "./problems.ts";

export interface Noted {
  readonly ref: Ref;
  readonly warnings?: readonly string[];
  readonly unconfirmed?: string;
}

/** What is said of objects beside their verdicts, on stderr: each sentence once, with the first object and how many more it is about. */
export function printObjectNotes(host: Host, objects: readonly Noted[]): void {
  const said = new Map<string, Ref[]>();
  for (const { ref, warnings = [], unconfirmed } of objects) {
    for (const text of unconfirmed === undefined ? warnings : [...warnings, `not confirmed: ${unconfirmed}`]) {
      const refs = said.get(text);
      if (refs === undefined) said.set(text, [ref]);
      else refs.push(ref);
    }
  }
  printWarnings(
    host,
    [...said].map(([text, [first, ...more]]) => `${first && formatRef(first)}${andMore(more.length)}: ${text}`),
  );
}

function andMore(count: number): string {
  return count === 0 ? "" : ` and ${count} more`;
}
