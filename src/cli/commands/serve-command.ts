import { Command, Option } from "commander";
import type { Finish } from "../exit-code.ts";
import type { Host } from "../host.ts";
import type { ServeFlags } from "../settings/serve.ts";
import { SERVE_OPTIONS } from "../settings/serve-options.ts";
import { flagOf, variableOf } from "../settings/spelling.ts";

/** `plumb serve`. What it needs is loaded when it runs, since the clients do without. */
export function serveCommand(host: Host, finish: Finish): Command {
  const command = new Command("serve").description("Runs Plumbline: keeps the cluster true to Git, and serves the API");
  for (const { name, value, help } of SERVE_OPTIONS) {
    command.addOption(new Option(`${flagOf(name)} ${value}`, `${help} (${variableOf(name)})`));
  }
  command.addOption(new Option("--settings <file>", "a YAML file with all of these (PLUMB_SETTINGS)"));
  return command.action(async () => {
    const { readServeSettings } = await import("../settings/serve.ts");
    const settings = await readServeSettings(command.opts<ServeFlags>(), host);
    const { serve } = await import("../serve/serve.ts");
    finish(await serve(settings, host));
  });
}
