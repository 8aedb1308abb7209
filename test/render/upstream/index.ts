/**
 * upstream: what `helm template` and `kustomize build` say to a repository, beside what src/render says.
 *
 * It promises: both programs, of pinned versions, built from their Go modules once into the cache that test/controlplane
 * uses too (a test holds their versions to those of the engines in src/render/engine). They run with a home of their own,
 * see no cluster and need no network.
 *
 * A case is a folder test/render/cases/{helm,kustomize}/<name> of case.yaml (case-file.ts says what it holds) and `repo/`, the
 * repository. Its source is written as in an Application; helm-arguments.ts and kustomize-edits.ts say it to the programs,
 * render-here.ts to src/render. Both answers are decoded by the same decoder and compared object for object.
 *
 * By hand: `npm run upstream -- build` makes the programs, `... check` asks them about every case and says
 * where a case does not show what it is for, `... helm/plain-chart` prints what the program says to one.
 */
export { upstreamPrograms } from "./programs.ts";
export { writeSizedChart } from "./sized-chart.ts";
