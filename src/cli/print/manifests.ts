import { printable } from "../../kit/printable.ts";
import { formatOrigin, groupKindKey, type Hook, type Manifest } from "../../model/index.ts";
import type { Host } from "../host.ts";
import type { Output } from "../settings/client.ts";
import { printJson, printYaml } from "./data.ts";

/** Objects in the order in which they were rendered: YAML documents with their origin as a comment, one JSON list, or names. */
export async function printManifests(host: Host, output: Output, manifests: readonly Manifest[]): Promise<void> {
  if (output === "name") host.out(manifests.map(nameLine).join(""));
  else if (output === "json") {
    host.out(printJson(manifests.map(({ origin, hook, object }) => ({ origin, hook, object }))));
  } else for (const manifest of manifests) host.out(await document(manifest));
}

function nameLine({ ref }: Manifest): string {
  return `${printable(`${groupKindKey(ref)}/${ref.namespace ?? ""}/${ref.name}`)}\n`;
}

/** A file's name is the author's: in a comment it must not end the line. */
async function document({ origin, hook, object }: Manifest): Promise<string> {
  const comments = [`Source: ${formatOrigin(origin)}`, ...(hook === undefined ? [] : [hookLine(hook)])];
  const lines = comments.map((comment) => `# ${printable(comment)}\n`).join("");
  return `---\n${lines}${await printYaml(object)}`;
}

function hookLine({ events, weight }: Hook): string {
  return `Hook: ${events.join(", ")}, weight ${weight}`;
}

/** What a chart tells its user, beside the data. */
export function printNotes(host: Host, notes: string | undefined): void {
  if (notes === undefined) return;
  host.err(`notes:\n${printable(notes, { lines: true }).trimEnd()}\n`);
}
