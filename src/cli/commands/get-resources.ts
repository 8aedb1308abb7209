import type { ResourcesPage } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { formatOrigin, groupKindKey } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { painter } from "../print/colour.ts";
import { printListing } from "../print/listing.ts";
import { printObjectNotes } from "../print/object-notes.ts";
import { type Column, printTable } from "../print/table.ts";
import { evidenceLines } from "../print/waiting-lines.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = ResourcesPage["items"][number];

export async function getResources({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const items = await client.all<Row>(`${applicationPath(application)}/resources`);
  await printListing(host, settings.output, {
    items,
    name: ({ ref }) => `${groupKindKey(ref)}/${ref.namespace === undefined ? "" : `${ref.namespace}/`}${ref.name}`,
    text: (wide) => printTable(items, columns(host), wide),
    none: `${application} has no objects yet`,
  });
  printObjectNotes(host, items);
  for (const line of items.flatMap(evidenceLines)) host.err(`${printable(line)}\n`);
  return EXIT.ok;
}

function columns(host: Host): readonly Column<Row>[] {
  return [
    { title: "KIND", cell: ({ ref }) => groupKindKey(ref) },
    { title: "NAMESPACE", cell: ({ ref }) => ref.namespace ?? "" },
    { title: "NAME", cell: ({ ref }) => ref.name },
    { title: "SYNC", cell: ({ sync }) => ({ text: sync, paint: painter(sync, host) }) },
    { title: "HEALTH", cell: ({ health }) => ({ text: health.status, paint: painter(health.status, host) }) },
    { title: "STAGE", wide: true, cell: ({ stage }) => stage },
    { title: "ORIGIN", wide: true, cell: ({ origin }) => (origin === undefined ? "" : formatOrigin(origin)) },
    { title: "MESSAGE", cell: (row) => clipped(messageOf(row), 80) },
  ];
}

function messageOf({ problem, waiting, health }: Row): string {
  return problem === undefined ? (waiting ?? health.message) : `${problem.code} ${problem.message}`;
}
