import { type Logger, pino, stdTimeFunctions } from "pino";
import { printable } from "../../kit/printable.ts";
import { isJsonObject } from "../../model/index.ts";
import type { ServeSettings } from "../settings/serve.ts";

/** The process's log: JSON, one object a line, or lines for people. Both go to stderr. */
export function createLog(
  { logFormat, logLevel }: Pick<ServeSettings, "logFormat" | "logLevel">,
  write: (line: string) => void,
): Logger {
  const options = {
    level: logLevel,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  };
  return pino(options, { write: logFormat === "json" ? write : (line) => write(textLine(line)) });
}

/** A line of JSON as `time LEVEL message key=value`, with the stack of a fault below it. */
export function textLine(line: string): string {
  const record: unknown = JSON.parse(line);
  if (!isJsonObject(record)) return line;
  const { time, level, msg, err, ...fields } = record;
  const head = `${String(time)} ${String(level).toUpperCase().padEnd(5)} ${printable(String(msg ?? ""))}`;
  const pairs = Object.entries({ ...fields, ...errorFields(err) }).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `${head}${pairs.join("")}\n${stackOf(err)}`;
}

function errorFields(err: unknown): { readonly [key: string]: unknown } {
  if (!isJsonObject(err)) return {};
  const { message, code, where } = err;
  return { ...(code === undefined ? {} : { code }), ...(where === undefined ? {} : { where }), error: message };
}

/** Errors with a code say what to do; only a fault of ours needs its stack. */
function stackOf(err: unknown): string {
  if (!isJsonObject(err) || typeof err["stack"] !== "string" || String(err["code"]).startsWith("PL-")) return "";
  return `${printable(err["stack"], { lines: true }).replaceAll(/^/gm, "    ")}\n`;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
  return printable(typeof value === "string" && /[\s"=]|^$/.test(text) ? JSON.stringify(text) : text);
}
