import type { ReplicasAnswer } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { age } from "../print/age.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = ReplicasAnswer["items"][number];

const LONGEST_MESSAGE = 120;

export async function getReplicas({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const { items } = await new ApiClient(settings).get<ReplicasAnswer>("/api/v1/replicas");
  await printListing(host, settings.output, {
    items,
    name: ({ id }) => id,
    text: (wide) => printTable(items, columns(host.now()), wide),
    none: "this server has no replicas: it does all of the work",
  });
  return EXIT.ok;
}

function columns(now: number): readonly Column<Row>[] {
  return [
    { title: "REPLICA", cell: ({ id }) => id },
    { title: "STATE", cell: ({ state }) => state },
    { title: "SINCE", cell: ({ since }) => age(since, now) },
    { title: "APPLICATIONS", cell: ({ applications }) => String(applications ?? "-") },
    { title: "ADDRESS", cell: ({ address }) => address ?? "-" },
    { title: "VERSION", cell: ({ version }) => version ?? "-", wide: true },
    {
      title: "MESSAGE",
      cell: ({ problems: [first] }) =>
        clipped(first === undefined ? "" : `${first.code} ${first.message}`, LONGEST_MESSAGE),
    },
  ];
}
