import { deprecationsIn, type Problem } from "../../model/index.ts";
import { withoutOtherHooks } from "../../render/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printManifests, printNotes } from "../print/manifests.ts";
import { printProblems, printWarnings } from "../print/problems.ts";
import { OUTPUTS, outputOf } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";
import { requireFolder } from "./folder-argument.ts";
import { type ChartFlags, readChartFlags } from "./render-flags.ts";
import { renderHere } from "./render-here.ts";

/** Prints what would be applied of a folder, without any server; Secrets as they stand in the user's own files. */
export async function renderGivenFolder(invocation: Invocation): Promise<ExitCode> {
  const { host, flags, arg } = invocation;
  const output = outputOf(OUTPUTS, flags.output ?? "yaml");
  await requireFolder(arg);
  const chart = await readChartFlags(flags);
  const rendered = await renderHere(invocation, chart);
  const { manifests, problems, warnings, notes } = withoutOtherHooks(rendered);
  printWarnings(host, [...warnings, ...deprecationsIn(manifests)].map(chart.inWords));
  if (problems.length > 0) return printProblems(host, problems.map(problemInWords(chart)));
  await printManifests(host, output, manifests);
  printNotes(host, notes);
  return EXIT.ok;
}

function problemInWords({ inWords }: ChartFlags): (problem: Problem) => Problem {
  return ({ where, ...problem }) => ({
    ...problem,
    message: inWords(problem.message),
    ...(where === undefined ? {} : { where: inWords(where) }),
  });
}
