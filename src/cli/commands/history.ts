import type { HistoryPage } from "../../api/index.ts";
import { formatDuration } from "../../kit/duration.ts";
import { formatRef } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { age } from "../print/age.ts";
import { printListing } from "../print/listing.ts";
import { type Column, printTable } from "../print/table.ts";
import { clipped } from "../print/width.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Row = HistoryPage["items"][number];

const LONGEST_SUBJECT = 60;

export async function history({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const items = await client.all<Row>(`${applicationPath(application)}/history`);
  await printListing(host, settings.output, {
    items,
    name: ({ id }) => String(id),
    text: (wide) => printTable(items, columns(host), wide),
    none: `no sync of ${application} is known`,
  });
  return EXIT.ok;
}

function columns(host: Host): readonly Column<Row>[] {
  return [
    { title: "PASS", cell: ({ id }) => String(id) },
    { title: "AGO", cell: ({ finishedAt }) => age(finishedAt, host.now()) },
    { title: "REVISION", cell: ({ revision = "" }) => revision.slice(0, 8) },
    { title: "BECAUSE", cell: ({ trigger, by }) => (by === undefined ? trigger : `${trigger}, ${by}`) },
    { title: "TOOK", cell: ({ durationMs }) => formatDuration(durationMs) },
    { title: "WELL", cell: ({ good }) => (good ? "yes" : "no") },
    { title: "OUTCOME", cell: outcomeOf },
    { title: "SUBJECT", cell: ({ subject = "" }) => clipped(subject, LONGEST_SUBJECT) },
    { title: "AUTHOR", wide: true, cell: ({ author = "" }) => author },
    { title: "PLAN", wide: true, cell: ({ plan }) => plan?.hash.slice(0, 12) ?? "" },
    { title: "FIRST FAILURE", wide: true, cell: failureOf },
  ];
}

/** "3 created, 1 failed" */
function outcomeOf({ outcomes, problem }: Row): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  return [...counts, ...(problem === undefined ? [] : [problem.code])].join(", ");
}

function failureOf({ objects, problem }: Row): string {
  const failed = objects.find(({ outcome }) => outcome === "failed");
  if (failed !== undefined) return `${formatRef(failed.ref)}: ${failed.message ?? failed.code ?? ""}`;
  return problem?.message ?? "";
}
