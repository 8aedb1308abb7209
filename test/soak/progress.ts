import { differences, readCluster } from "./judge/converged.ts";
import type { Stage } from "./stage.ts";
import type { Revision } from "./timeline.ts";

interface Summary {
  readonly namespace: string;
  readonly name: string;
  readonly sync: { readonly status: string; readonly message: string };
  readonly health: { readonly status: string; readonly message: string };
  readonly source: { readonly revision?: string };
  readonly problem?: { readonly code: string; readonly message: string };
  readonly waiting?: string;
}

/** What is not yet as it should be, a sentence each: what Plumbline says first, and what the cluster says once Plumbline is content. */
export async function unfinished(
  stage: Stage,
  names: readonly string[],
  { revision, wanted }: Revision,
): Promise<readonly string[]> {
  const { items } = await stage.plumbline.get<{ items: readonly Summary[] }>("/api/v1/applications?limit=1000");
  const known = new Map(items.map((one) => [`${one.namespace}/${one.name}`, one]));
  const said = names.flatMap((name) => unfinishedOne(name, known.get(name), revision));
  return said.length > 0 ? said : differences(wanted, await readCluster(stage.direct));
}

function unfinishedOne(name: string, summary: Summary | undefined, revision: string): string[] {
  if (summary === undefined) return [`${name} is not known`];
  const { sync, health, source, problem, waiting } = summary;
  const why = problem === undefined ? "" : ` (${problem.code}: ${problem.message})`;
  if (sync.status !== "Synced") return [`${name} is ${sync.status}: ${sync.message}${why}`];
  if (source.revision !== revision) return [`${name} is at ${source.revision}, not at ${revision}`];
  if (waiting !== undefined) return [`${name} ${waiting}`];
  return health.status === "Healthy" || health.status === "Suspended"
    ? []
    : [`${name} is ${health.status}: ${health.message}`];
}

/** Passes that the running process has ended, as far as it counts them itself. */
export async function passesOf(stage: Stage): Promise<number> {
  const text = await (await fetch(`${stage.plumbline.address}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith("plumbline_passes_total{"));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}
