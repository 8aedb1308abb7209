import type { PlanAnswer } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { groupKindKey, hooksToRun } from "../../model/index.ts";
import { drawPlan, printPlan, summarise } from "../../plan/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { saySaid } from "../client/said.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printJson, printYaml } from "../print/data.ts";
import { outputOf, PLAN_OUTPUTS, readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** Exits with `differences` where a sync would do something, and with `failed` where it is known that it would fail. */
export async function plan({ host, flags: { output: format, ...flags }, arg }: Invocation): Promise<ExitCode> {
  const output = outputOf(PLAN_OUTPUTS, format);
  const client = new ApiClient(await readClientSettings(flags, host));
  const application = await findApplication(client, arg);
  const answer = await client.get<PlanAnswer>(`${applicationPath(application)}/plan`, {
    ref: flags.ref,
    allowPrune: flags.allowPrune === true ? "true" : undefined,
  });
  await saySaid(host, client, application);
  if (answer.preview !== undefined) host.err(`${printable(answer.preview.message)}\n`);
  if (output === "json") host.out(printJson(answer));
  else if (output === "yaml") host.out(await printYaml(answer));
  else if (output === "name") host.out(printNames(answer));
  else if (output === "graph") host.out(`${printable(drawPlan(answer), { lines: true })}\n`);
  else host.out(`${printable(printPlan(answer), { lines: true })}\n${graphLine(answer)}${hashLine(answer)}`);
  return exitCode(answer);
}

/** By which a sync can ask for exactly this plan; nobody can for that of a branch. */
function hashLine(answer: PlanAnswer): string {
  const isSyncable = answer.preview === undefined && exitCode(answer) !== EXIT.ok;
  return isSyncable ? `plan ${answer.hash}\n` : "";
}

/** Only where stages alone do not say the order. */
function graphLine(answer: PlanAnswer): string {
  const written = answer.steps.filter(({ action }) => action !== "none");
  const isOrdered = written.some(({ wave, dependsOn }) => wave !== 0 || dependsOn !== undefined);
  return isOrdered || hooksToRun(answer).length > 0 ? "who waits for whom: -o graph\n" : "";
}

/** One line an object that would be written or deleted, or a hook that would be run. */
function printNames(answer: PlanAnswer): string {
  return [...answer.steps, ...hooksToRun(answer), ...answer.prunes]
    .filter(({ action }) => action !== "none")
    .map(({ action, ref }) => `${action} ${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}\n`)
    .join("");
}

function exitCode(answer: PlanAnswer): ExitCode {
  const { failing, none: _none, ...doing } = summarise(answer);
  if (failing > 0) return EXIT.failed;
  return Object.values(doing).some((count) => count > 0) ? EXIT.differences : EXIT.ok;
}
