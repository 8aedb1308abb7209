import type { PlanAnswer, SyncAccepted } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { PlumblineError } from "../../model/index.ts";
import { printPlan } from "../../plan/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { printJson, printYaml } from "../print/data.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** Approves exactly one plan: the one whose hash is given, or the one that is shown, when somebody says yes to it. */
export async function approve({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const path = applicationPath(application);
  const shown = await client.get<PlanAnswer>(`${path}/plan`);
  const plan = flags.plan === undefined ? await agreed(host, application, shown) : wholeHash(flags.plan, shown);
  if (plan === undefined) {
    host.err("nothing was approved\n");
    return EXIT.failed;
  }
  const accepted = await client.post<SyncAccepted>(`${path}/approve`, { body: { plan } });
  host.err(`${application}: plan ${plan.slice(0, 12)} is approved, and done by pass ${accepted.pass}\n`);
  if (settings.output === "json") host.out(printJson(accepted));
  if (settings.output === "yaml") host.out(await printYaml(accepted));
  return EXIT.ok;
}

/** Undefined: he said no. Errors: PL-USAGE without a terminal. */
async function agreed(host: Host, application: string, plan: PlanAnswer): Promise<string | undefined> {
  const ask = host.ask;
  if (ask === undefined) {
    const message = "without a terminal the plan's hash must be given";
    const next = `look at \`plumb plan ${application}\`, then give --plan ${plan.hash}`;
    throw new PlumblineError("PL-USAGE", { message, where: "--plan", next });
  }
  host.out(`${printable(printPlan(plan), { lines: true })}\n`);
  const answer = await ask(`Approve plan ${plan.hash.slice(0, 12)} of ${application}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim()) ? plan.hash : undefined;
}

/** The first twelve digits are what waiting applications show. Errors: PL-APPROVE-MOVED, PL-USAGE. */
function wholeHash(given: string, { hash, application }: PlanAnswer): string {
  if (!/^[0-9a-f]{12,64}$/.test(given)) {
    const message = `${JSON.stringify(given)} is no plan's hash: 12 to 64 digits of 0-9 and a-f`;
    throw new PlumblineError("PL-USAGE", { message, where: "--plan" });
  }
  if (hash.startsWith(given)) return hash;
  const message = `the plan is ${hash.slice(0, 12)} now, and ${given.slice(0, 12)} was to be approved`;
  throw new PlumblineError("PL-APPROVE-MOVED", { message, where: application });
}
