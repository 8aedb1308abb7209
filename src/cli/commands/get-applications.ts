import type { ApplicationsPage } from "../../api/index.ts";
import { saidSentences } from "../../report/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { age } from "../print/age.ts";
import { painter } from "../print/colour.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = ApplicationsPage["items"][number];

const LONGEST_MESSAGE = 80;

export async function getApplications({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const { namespace, sync, health } = flags;
  const items = await new ApiClient(settings).all<Row>("/api/v1/applications", { namespace, sync, health });
  await printListing(host, settings.output, {
    items,
    name: (row) => `${row.namespace}/${row.name}`,
    text: (wide) => printTable(items, columns(host), wide),
    none: "no application fits",
  });
  return EXIT.ok;
}

function columns(host: Host): readonly Column<Row>[] {
  return [
    { title: "NAMESPACE", cell: ({ namespace }) => namespace },
    { title: "NAME", cell: ({ name }) => name },
    { title: "SYNC", cell: ({ sync }) => ({ text: sync.status, paint: painter(sync.status, host) }) },
    { title: "HEALTH", cell: ({ health }) => ({ text: health.status, paint: painter(health.status, host) }) },
    {
      title: "REVISION",
      cell: ({ source, stale, pin }) =>
        `${(source.revision ?? "").slice(0, 8)}${pin === undefined ? "" : " (pinned)"}${stale ? " (stale)" : ""}`,
    },
    { title: "OBJECTS", cell: ({ objects }) => String(objects) },
    { title: "DRIFT", cell: ({ changes }) => String(changes.drift + changes.conflict) },
    { title: "LAST SYNC", cell: ({ lastSyncAt }) => age(lastSyncAt, host.now()) },
    { title: "PROJECT", wide: true, cell: ({ project = "" }) => project },
    { title: "CLUSTER", wide: true, cell: ({ cluster = "" }) => cluster },
    { title: "SERVICE ACCOUNT", wide: true, cell: ({ serviceAccount = "" }) => serviceAccount },
    { title: "REPOSITORY", wide: true, cell: ({ source }) => source.repo },
    { title: "REF", wide: true, cell: ({ source }) => source.ref },
    { title: "PATH", wide: true, cell: ({ source }) => source.chart ?? source.path },
    { title: "MESSAGE", cell: (row) => clipped(messageOf(row, host.now()), LONGEST_MESSAGE) },
  ];
}

/** What a person should know first: what is wrong, then what it waits for, then why it is not as it should be. */
function messageOf(row: Row, now: number): string {
  const { problem, waiting, sync, health, asOf } = row;
  if (asOf !== undefined) return `as it was ${age(asOf, now)} ago: its replica does not answer`;
  if (problem !== undefined) return `${problem.code} ${problem.message}`;
  const said = saidSentences(row, now);
  if (said.length > 0) return said.join("; ");
  if (waiting !== undefined) return waiting;
  if (sync.status !== "Synced") return sync.message;
  return health.status === "Healthy" ? "" : health.message;
}
