import type { PlanAnswer } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { groupKindKey } from "../../model/index.ts";
import { printPlan, summarise } from "../../plan/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { saySaid } from "../client/said.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printJson, printYaml } from "../print/data.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** Exits with `differences` where a sync would do something, and with `failed` where it is known that it would fail. */
export async function plan({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const answer = await client.get<PlanAnswer>(`${applicationPath(application)}/plan`, {
    ref: flags.ref,
    allowPrune: flags.allowPrune === true ? "true" : undefined,
  });
  await saySaid(host, client, application);
  if (answer.preview !== undefined) host.err(`${printable(answer.preview.message)}\n`);
  if (settings.output === "json") host.out(printJson(answer));
  else if (settings.output === "yaml") host.out(await printYaml(answer));
  else if (settings.output === "name") host.out(printNames(answer));
  else host.out(`${printable(printPlan(answer), { lines: true })}\n${hashLine(answer)}`);
  return exitCode(answer);
}

/** By which a sync can ask for exactly this plan; nobody can for that of a branch. */
function hashLine(answer: PlanAnswer): string {
  const isSyncable = answer.preview === undefined && exitCode(answer) !== EXIT.ok;
  return isSyncable ? `plan ${answer.hash}\n` : "";
}

/** One line an object that would be written or deleted. */
function printNames({ steps, prunes }: PlanAnswer): string {
  return [...steps, ...prunes]
    .filter(({ action }) => action !== "none")
    .map(({ action, ref }) => `${action} ${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}\n`)
    .join("");
}

function exitCode(answer: PlanAnswer): ExitCode {
  const { failing, none: _none, ...doing } = summarise(answer);
  if (failing > 0) return EXIT.failed;
  return Object.values(doing).some((count) => count > 0) ? EXIT.differences : EXIT.ok;
}
