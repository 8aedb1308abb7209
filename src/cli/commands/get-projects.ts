import type { ProjectsAnswer } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = ProjectsAnswer["items"][number];

const LONGEST_MESSAGE = 120;

export async function getProjects({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const { items } = await new ApiClient(settings).get<ProjectsAnswer>("/api/v1/projects");
  await printListing(host, settings.output, {
    items,
    name: (row) => row.name,
    text: (wide) => printTable(items, COLUMNS, wide),
    none: "there is no Project: applications may do everything",
  });
  return EXIT.ok;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "APPLICATIONS", cell: ({ applications }) => String(applications.length) },
  { title: "HELD", cell: ({ held }) => String(held.length) },
  { title: "NAMESPACES", cell: ({ spec }) => clipped(namespacesOf(spec), 40) },
  { title: "MESSAGE", cell: (row) => clipped(messageOf(row), LONGEST_MESSAGE) },
];

function namespacesOf(spec: Row["spec"]): string {
  return [...new Set(spec?.destinations.flatMap(({ namespaces }) => namespaces))].join(",") || "-";
}

function messageOf({ held, problems, spec }: Row): string {
  const [problem] = problems;
  if (problem !== undefined) return `${problem.code} ${problem.message}`;
  return held.length === 0 ? (spec?.description ?? "") : `held: ${held.join(", ")}`;
}
