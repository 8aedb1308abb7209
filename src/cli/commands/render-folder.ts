import type { Problem } from "../../model/index.ts";
import {
  createEngine,
  type Engine,
  findEngineModule,
  type RenderResult,
  renderFolder,
  withoutOtherHooks,
} from "../../render/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printManifests, printNotes } from "../print/manifests.ts";
import { printProblems, printWarnings } from "../print/problems.ts";
import { cacheFolder } from "../settings/cache-folder.ts";
import { outputOf } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";
import { requireFolder } from "./folder-argument.ts";
import { type ChartFlags, readChartFlags } from "./render-flags.ts";
import { openResources } from "./render-resources.ts";

/** Prints what would be applied of a folder, without any server; Secrets as they stand in the user's own files. */
export async function renderGivenFolder(invocation: Invocation): Promise<ExitCode> {
  const { host, flags, arg } = invocation;
  const output = outputOf(flags.output ?? "yaml");
  await requireFolder(arg);
  const chart = await readChartFlags(flags);
  const engine = createEngine({ ...findEngineModule({ cacheFolder: cacheFolder(host.env) }), workers: 1 });
  try {
    const { manifests, problems, warnings, notes } = await rendered(invocation, { chart, engine });
    printWarnings(host, warnings.map(chart.inWords));
    if (problems.length > 0) return printProblems(host, problems.map(problemInWords(chart)));
    await printManifests(host, output, manifests);
    printNotes(host, notes);
    return EXIT.ok;
  } finally {
    await engine.close();
  }
}

interface Parts {
  readonly chart: ChartFlags;
  readonly engine: Engine;
}

async function rendered({ host, flags, arg }: Invocation, { chart, engine }: Parts): Promise<RenderResult> {
  const { source, references, release } = chart;
  const opened = await openResources(flags, host.env);
  try {
    const { resources } = opened;
    return withoutOtherHooks(await renderFolder(arg, { engine, source, references, release, resources }));
  } finally {
    await opened.close();
  }
}

function problemInWords({ inWords }: ChartFlags): (problem: Problem) => Problem {
  return ({ where, ...problem }) => ({
    ...problem,
    message: inWords(problem.message),
    ...(where === undefined ? {} : { where: inWords(where) }),
  });
}
