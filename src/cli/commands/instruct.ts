import type { RolledBack, SyncAccepted } from "../../api/index.ts";
import { formatDuration } from "../../kit/duration.ts";
import { printable } from "../../kit/printable.ts";
import { PlumblineError } from "../../model/index.ts";
import { short } from "../../report/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { printJson, printYaml } from "../print/data.ts";
import { type Output, readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** Pins to a revision, and has it synced. */
export async function rollback(invocation: Invocation): Promise<ExitCode> {
  const { flags, args } = invocation;
  const { for: time, forever } = flags;
  const body = { revision: args[1], reason: reasonOf(invocation, "rollback"), for: time, forever };
  return await tell<RolledBack>(invocation, { verb: "rollback", body }, ({ application, pass, pin }) => {
    const left = pin.until === undefined ? "until somebody unpins it" : `for ${formatDuration(lengthOf(pin))}`;
    return `${application} is pinned to ${short(pin.revision)} ${left}; pass ${pass} syncs it`;
  });
}

export async function unpin(invocation: Invocation): Promise<ExitCode> {
  const words = ({ application, pass }: SyncAccepted) => `${application} follows its ref again, from pass ${pass} on`;
  return await tell<SyncAccepted>(invocation, { verb: "unpin" }, words);
}

export async function suspend(invocation: Invocation): Promise<ExitCode> {
  const { for: time } = invocation.flags;
  const body = { reason: reasonOf(invocation, "suspend"), for: time };
  const words = ({ application }: SyncAccepted) => {
    const left = time === undefined ? "until somebody resumes it" : `for ${time}`;
    return `${application} is suspended ${left}: it is looked at, and nothing is written`;
  };
  return await tell<SyncAccepted>(invocation, { verb: "suspend", body }, words);
}

export async function resume(invocation: Invocation): Promise<ExitCode> {
  const words = ({ application, pass }: SyncAccepted) => `${application} is written again, from pass ${pass} on`;
  return await tell<SyncAccepted>(invocation, { verb: "resume" }, words);
}

interface Telling {
  readonly verb: "rollback" | "unpin" | "suspend" | "resume";
  readonly body?: object;
}

async function tell<T extends SyncAccepted>(
  { host, flags, args }: Invocation,
  { verb, body }: Telling,
  words: (answer: T) => string,
): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, args[0] ?? "");
  const answer = await client.post<T>(`${applicationPath(application)}/${verb}`, body === undefined ? {} : { body });
  await print(host, settings.output, { answer, words: words(answer) });
  return EXIT.ok;
}

async function print(
  host: Host,
  output: Output,
  { answer, words }: { readonly answer: SyncAccepted; readonly words: string },
): Promise<void> {
  if (output === "json") host.out(printJson(answer));
  else if (output === "yaml") host.out(await printYaml(answer));
  else if (output === "name") host.out(`${printable(answer.application)}\n`);
  else host.out(`${printable(words)}\n`);
}

function lengthOf({ at, until = at }: RolledBack["pin"]): number {
  return Date.parse(until) - Date.parse(at);
}

/** Whoever finds it later asks why. Errors: PL-USAGE. */
function reasonOf({ flags: { reason } }: Invocation, verb: string): string {
  if (reason !== undefined && reason.trim() !== "") return reason;
  const message = `${verb} wants a reason: whoever finds the application like this will ask for one`;
  throw new PlumblineError("PL-USAGE", { message, where: "--reason", next: `add --reason "..."` });
}
