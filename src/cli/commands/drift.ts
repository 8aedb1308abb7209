import type { DriftPage } from "../../api/index.ts";
import { printComparison } from "../../diff/index.ts";
import { printable } from "../../kit/printable.ts";
import { groupKindKey, isDifference, refKey } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { diffPaint } from "../print/colour.ts";
import { printEnd, printSince } from "../print/episode.ts";
import { printListing } from "../print/listing.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

type Item = DriftPage["items"][number];

/** Exits with `differences` where the cluster changed a field of Git's. Foreign fields are shown when asked for, and count for nothing. */
export async function drift({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const client = new ApiClient(settings);
  const application = arg === "" ? undefined : await findApplication(client, arg);
  const state = flags.ended === true ? "all" : "open";
  const all = await client.all<Item>("/api/v1/drift", { application, state });
  const items = all.filter(({ change }) => flags.foreign === true || isDifference(change));
  await printListing(host, settings.output, {
    items,
    name: ({ application: of, ref }) => `${of} ${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}`,
    text: () => printItems(items, host),
    none: `no drift${application === undefined ? "" : ` in ${application}`}`,
  });
  return items.some(({ state: now, change }) => now === "open" && isDifference(change)) ? EXIT.differences : EXIT.ok;
}

function printItems(items: readonly Item[], host: Host): string {
  let text = "";
  for (const [application, ofApplication] of Map.groupBy(items, (item) => item.application)) {
    text += `${text === "" ? "" : "\n"}${printable(application)}\n`;
    const { open = [], ended = [] } = Object.groupBy(ofApplication, ({ state }) => state);
    text += printOpen(open, host);
    text += ended.map((item) => `= ${printEnd(item, host.now())}\n`).join("");
  }
  return text;
}

/** One block an object: what differs as a diff has it, then since when. */
function printOpen(items: readonly Item[], host: Host): string {
  const options = { now: host.now(), paint: diffPaint(host) };
  let text = "";
  for (const ofObject of Map.groupBy(items, ({ ref }) => refKey(ref)).values()) {
    const [first] = ofObject;
    if (first === undefined) continue;
    text += printComparison(first.ref, { changes: ofObject.map(({ change }) => change) }, options);
    text += ofObject.map((item) => `      ${printSince(item, options.now)}\n`).join("");
  }
  return text;
}
