import type { SchemaNode } from "../../src/model/index.ts";
import { schemasOf } from "./schemas.ts";
import { casesOf, type SsaCase, scenariosIn } from "./ssa-cases.ts";
import { faultsOf } from "./ssa-judge.ts";
import type { CaseSet, Judged } from "./types.ts";

/** Server-side apply: for every apply of ours and for the dry run at the end, verdict, changed paths and ownership are the server's own. */
export const SSA: CaseSet = {
  name: "ssa",
  isIn: (folder) => scenariosIn(folder).length > 0,
  judge: async (folder) => {
    const schemaOf = schemasOf(folder);
    const all = scenariosIn(folder).map(casesOf);
    const cases = all.flatMap(({ cases: asked }) => asked).map((one) => judged(one, schemaOf(one.desired)));
    return { cases, leftOut: all.flatMap(({ leftOut }) => leftOut) };
  },
};

function judged(one: SsaCase, schema: SchemaNode | undefined): Judged {
  const { name, desired } = one;
  if (schema === undefined) return { name, wrong: `there is no schema of ${desired.apiVersion} ${desired.kind}` };
  const faults = faultsOf(one, schema);
  return { name, ...(faults.length > 0 && { wrong: faults.join("; ") }) };
}
