import type { FleetsAnswer } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = FleetsAnswer["items"][number];

const LONGEST_MESSAGE = 120;

export async function getFleets({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const { items } = await new ApiClient(settings).get<FleetsAnswer>("/api/v1/fleets");
  await printListing(host, settings.output, {
    items,
    name: (row) => `${row.namespace}/${row.name}`,
    text: (wide) => printTable(items, COLUMNS, wide),
    none: "no declaration makes several applications",
  });
  return EXIT.ok;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: "NAMESPACE", cell: ({ namespace }) => namespace },
  { title: "NAME", cell: ({ name }) => name },
  { title: "MEMBERS", cell: ({ members }) => String(members.length) },
  { title: "PROBLEMS", cell: ({ problems }) => String(problems.length) },
  { title: "REVISION", cell: ({ revision }) => (revision ?? "-").slice(0, 8) },
  { title: "MESSAGE", cell: (row) => clipped(messageOf(row), LONGEST_MESSAGE) },
];

/** Why nothing is removed goes before what is wrong with single ones. */
function messageOf({ unsure, problems, ending, waiting }: Row): string {
  const [first] = problems;
  if (ending !== undefined)
    return `is being deleted, ${ending === "prune" ? "with" : "without"} the objects of its applications${waiting === undefined ? "" : `; ${waiting}`}`;
  if (unsure !== undefined) return `nothing is removed: ${unsure}`;
  return first === undefined
    ? ""
    : `${first.code} ${first.where === undefined ? "" : `${first.where}: `}${first.message}`;
}
