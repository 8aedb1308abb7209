import type { DeleteAccepted } from "../../api/index.ts";
import { PlumblineError } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printJson, printYaml } from "../print/data.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** Asks for the end of an application that nobody declares any more. */
export async function deleteApplication({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  if ((flags.prune === true) === (flags.orphan === true)) {
    const message = "say what becomes of its objects: --prune deletes them, --orphan leaves them";
    throw new PlumblineError("PL-USAGE", { message, where: "plumb delete" });
  }
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const deletion = flags.prune === true ? "prune" : "orphan";
  const answer = await client.delete<DeleteAccepted>(applicationPath(application), { deletion });
  if (settings.output === "json") host.out(printJson(answer));
  else if (settings.output === "yaml") host.out(await printYaml(answer));
  else host.out(`${application}\n`);
  return EXIT.ok;
}
