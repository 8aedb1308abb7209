import type { DiffPage } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { saySaid } from "../client/said.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printDifferences } from "../print/differences.ts";
import { printObjectNotes } from "../print/object-notes.ts";
import { DIFF_OUTPUTS, type DiffOutput, outputOf, readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";
import { meansFolder } from "./folder-argument.ts";

type Row = DiffPage["items"][number];

export async function diff(invocation: Invocation): Promise<ExitCode> {
  if (await meansFolder(invocation.arg, invocation.flags)) {
    return (await import("./diff-folder.ts")).diffFolder(invocation);
  }
  return await diffApplication(invocation);
}

/** Exits with `differences` where something differs. Fields of others that are only reported, and fields that are left to them, count for nothing. */
async function diffApplication({ host, flags: { output: format, ...flags }, arg }: Invocation): Promise<ExitCode> {
  const output = outputOf(DIFF_OUTPUTS, format);
  const client = new ApiClient(await readClientSettings(flags, host));
  const application = await findApplication(client, arg);
  const rows = await client.all<Row>(`${applicationPath(application)}/diff`, { show: shownFor(output) });
  const differs = await printDifferences(host, output, {
    rows,
    what: `in ${application}`,
    foreign: flags.foreign === true,
  });
  printObjectNotes(host, rows);
  await saySaid(host, client, application);
  return differs ? EXIT.differences : EXIT.ok;
}

/** What the server adds to the fields: only it has the live objects. */
function shownFor(output: DiffOutput): string | undefined {
  if (output === "unified") return "objects";
  return output === "patch" ? output : undefined;
}
