import type { DiffPage } from "../../api/index.ts";
import { printComparison } from "../../diff/index.ts";
import { groupKindKey, isDifference } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printListing } from "../print/listing.ts";
import { printObjectNotes } from "../print/object-notes.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";
import { meansFolder } from "./folder-argument.ts";

type Row = DiffPage["items"][number];

export async function diff(invocation: Invocation): Promise<ExitCode> {
  if (await meansFolder(invocation.arg, invocation.flags)) {
    return (await import("./diff-folder.ts")).diffFolder(invocation);
  }
  return await diffApplication(invocation);
}

async function diffApplication({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const all = await client.all<Row>(`${applicationPath(application)}/diff`);
  const items = flags.foreign === true ? all : all.flatMap(withoutForeign);
  await printListing(host, settings.output, {
    items,
    name: ({ ref }) => `${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}`,
    text: () => items.map(({ ref, changes }) => printComparison(ref, { changes }, { now: host.now() })).join(""),
    none: `no difference in ${application}`,
  });
  printObjectNotes(host, all);
  return all.flatMap(withoutForeign).length > 0 ? EXIT.differences : EXIT.ok;
}

function withoutForeign(row: Row): readonly Row[] {
  const changes = row.changes.filter(isDifference);
  return changes.length === 0 ? [] : [{ ...row, changes }];
}
