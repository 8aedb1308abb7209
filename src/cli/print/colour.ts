import { styleText } from "node:util";
import type { PrintOptions } from "../../diff/index.ts";
import type { Host } from "../host.ts";

type Style = "green" | "yellow" | "red" | "magenta" | "gray" | "cyan" | "bold";

/** Green is at rest, yellow is on its way, red wants a person. */
const COLOURS: { readonly [status: string]: Style } = {
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

type Tone = Parameters<NonNullable<PrintOptions["paint"]>>[0] | "place";
export type DiffPaint = (tone: Tone, text: string) => string;

/** Of a diff: what goes is red and what comes green, as everywhere; a class has the colour of the status that it leads to. */
const TONES: { readonly [tone in Tone]: Style } = {
  object: "bold",
  place: "cyan",
  removed: "red",
  added: "green",
  quiet: "gray",
  drift: "red",
  pending: "yellow",
  conflict: "magenta",
  foreign: "cyan",
};

/** Paints a status in its colour, where colours are wanted at all. */
export function painter(status: string, { colour }: Pick<Host, "colour">): (text: string) => string {
  const name = COLOURS[status];
  return colour && name !== undefined ? (text) => styled(name, text) : (text) => text;
}

export function diffPaint({ colour }: Pick<Host, "colour">): DiffPaint {
  return colour ? (tone, text) => (text === "" ? text : styled(TONES[tone], text)) : (_tone, text) => text;
}

function styled(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
