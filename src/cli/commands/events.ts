import type { EventsPage } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { formatRef } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { followEvents, type StreamEvent } from "../client/event-stream.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { painter } from "../print/colour.ts";
import { printListing } from "../print/listing.ts";
import { type Output, readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

export async function events({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const path = `${applicationPath(application)}/events`;
  const items = (await client.all<EventsPage["items"][number]>(path)).reverse();
  if (flags.follow !== true) {
    await printListing(host, settings.output, {
      items,
      name: ({ id }) => String(id),
      text: () => items.map((event) => printEvent(event, host)).join(""),
      none: `nothing happened to ${application} since the server started`,
    });
    return EXIT.ok;
  }
  for (const event of items) await printOne(event, host, settings.output);
  for await (const event of followEvents(client, path, items.at(-1)?.id ?? 0))
    await printOne(event, host, settings.output);
  return EXIT.ok;
}

/** A stream has no end, so that each event is a whole of its own: a line of JSON, a document of YAML. */
async function printOne(event: StreamEvent, host: Host, output: Output): Promise<void> {
  if (output === "json") host.out(`${JSON.stringify(event)}\n`);
  else if (output === "yaml") host.out(`---\n${await (await import("../print/data.ts")).printYaml(event)}`);
  else if (output === "name") host.out(`${event.id}\n`);
  else host.out(printEvent(event, host));
}

function printEvent({ time, type, reason, message, ref, code }: StreamEvent, host: Host): string {
  const object = ref === undefined ? "" : `${formatRef(ref)}  `;
  const words = printable(`${object}${code === undefined ? "" : `${code}  `}${message}`);
  return `${time}  ${painter(type, host)(printable(reason).padEnd(14))}  ${words}\n`;
}
