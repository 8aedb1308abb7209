import { styleText } from "node:util";
import type { Host } from "../host.ts";

type Colour = "green" | "yellow" | "red" | "magenta" | "gray";

/** Green is at rest, yellow is on its way, red wants a person. */
const COLOURS: { readonly [status: string]: Colour } = {
  Synced: "green",
  Pending: "yellow",
  Drifted: "red",
  Diverged: "red",
  Unknown: "magenta",
  Healthy: "green",
  Progressing: "yellow",
  Suspended: "gray",
  Missing: "red",
  Degraded: "red",
  Warning: "yellow",
};

/** Paints a status in its colour, where colours are wanted at all. */
export function painter(status: string, { colour }: Pick<Host, "colour">): (text: string) => string {
  const name = COLOURS[status];
  return colour && name !== undefined ? (text) => styleText(name, text, { validateStream: false }) : (text) => text;
}
