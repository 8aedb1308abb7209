/**
 * conformance: what others know to be true, asked of Plumbline. `npm run conformance -- FOLDER [--json FILE]` (main.ts) runs the sets of a
 * folder: verdicts on health (kstatus, Argo CD), server-side apply as kube-apiserver was recorded to do it, manifests as people write them,
 * apimachinery's merges, the server's OpenAPI documents.
 *
 * It promises: sets are known by the form of their files, not by their names, so that any folder of the same form can be run, offline
 * and without a control plane. A case is right only if the whole answer is: for server-side apply the verdict, every changed path and
 * every owned field, with the base at hand and without, and that nothing remembered hides a change.
 *
 * Where we answer otherwise on purpose stands in on-purpose.json, with our answer and the reason; an entry that nothing needs any more
 * fails the suite.
 */
export { conformanceFolder, readCaseFolder } from "./case-folder.ts";
export { reasonFor, runSet } from "./run-sets.ts";
export { schemasOf } from "./schemas.ts";
export { answersTo, SEEDS, seedsIn } from "./seeds.ts";
export { SSA } from "./ssa.ts";
export { type Scenario, type Step, scenariosIn, type TrueChange } from "./ssa-cases.ts";
