import type { ClustersAnswer } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { age } from "../print/age.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = ClustersAnswer["items"][number];

const LONGEST_MESSAGE = 160;

export async function getClusters({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const { items, incomplete } = await new ApiClient(settings).get<ClustersAnswer>("/api/v1/clusters");
  if (incomplete !== undefined) host.err(`${incomplete}\n`);
  await printListing(host, settings.output, {
    items,
    name: ({ name }) => name,
    text: (wide) => printTable(items, columns(host.now()), wide),
    none: "there is no cluster",
  });
  return EXIT.ok;
}

function columns(now: number): readonly Column<Row>[] {
  return [
    { title: "NAME", cell: ({ name }) => name },
    { title: "STATE", cell: ({ state }) => state },
    { title: "SINCE", cell: ({ since }) => age(since, now) },
    { title: "APPLICATIONS", cell: ({ applications }) => String(applications) },
    { title: "VERSION", cell: ({ version }) => version ?? "-" },
    { title: "SERVER", cell: ({ server }) => server ?? "-" },
    { title: "WATCHES", cell: ({ watches }) => String(watches), wide: true },
    { title: "DECLARED BY", cell: ({ declaredBy }) => declaredBy, wide: true },
    { title: "MESSAGE", cell: (row) => clipped(messageOf(row), LONGEST_MESSAGE) },
  ];
}

/** Of one that cannot be used also where that stands; what is away is named by its server. */
function messageOf({ state, problem, warnings }: Row): string {
  if (problem === undefined) return warnings[0] ?? "";
  const { code, where, message } = problem;
  return state === "Refused" && where !== undefined ? `${code} ${where}: ${message}` : `${code} ${message}`;
}
