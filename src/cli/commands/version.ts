import { printable } from "../../kit/printable.ts";
import { isJsonObject } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printJson, printYaml } from "../print/data.ts";
import { readClientSettings } from "../settings/client.ts";
import { ownVersion } from "../version.ts";
import type { Invocation } from "./flags.ts";

/** Asks a server only where --server or PLUMB_SERVER names one: the program's own version is known without. */
export async function version({ host, flags }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const server = settings.serverIsGiven ? versionIn(await new ApiClient(settings).get<unknown>("/")) : undefined;
  const versions = { client: ownVersion(), ...(server === undefined ? {} : { server }) };
  if (settings.output === "json") host.out(printJson(versions));
  else if (settings.output === "yaml") host.out(await printYaml(versions));
  else host.out(`plumb ${versions.client}\n${server === undefined ? "" : `server ${printable(server)}\n`}`);
  return EXIT.ok;
}

function versionIn(answer: unknown): string {
  const version = isJsonObject(answer) ? answer["version"] : undefined;
  return typeof version === "string" ? version : "unknown";
}
