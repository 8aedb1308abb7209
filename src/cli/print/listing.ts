import { printable } from "../../kit/printable.ts";
import type { Host } from "../host.ts";
import type { Output } from "../settings/client.ts";
import { printJson, printYaml } from "./data.ts";

export interface Listing<T> {
  readonly items: readonly T[];
  /** For -o name: one line an item. */
  readonly name: (item: T) => string;
  /** For the terminal. */
  readonly text: (wide: boolean) => string;
  /** Said on stderr where there is nothing to show. */
  readonly none: string;
}

/** Prints a list in the format that was asked for. */
export async function printListing<T>(
  host: Host,
  output: Output,
  { items, name, text, none }: Listing<T>,
): Promise<void> {
  if (output === "json") host.out(printJson({ items }));
  else if (output === "yaml") host.out(await printYaml({ items }));
  else if (output === "name") host.out([...new Set(items.map(name))].map((line) => `${printable(line)}\n`).join(""));
  else if (items.length > 0) host.out(text(output === "wide"));
  else host.err(`${none}\n`);
}
