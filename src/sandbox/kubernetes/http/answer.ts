import type { ServerResponse } from "node:http";
import { dump } from "js-yaml";
import type { JsonObject, LiveObject } from "../../../model/index.ts";
import type { Answering } from "./negotiate.ts";

export interface Outgoing {
  readonly code: number;
  readonly body: JsonObject | LiveObject;
  readonly warnings?: readonly string[];
}

const JSON_ANSWER: Answering = { shape: "object", yaml: false, contentType: "application/json" };

export function sendDocument(
  response: ServerResponse,
  { code, body, warnings = [] }: Outgoing,
  answering = JSON_ANSWER,
): void {
  const text = answering.yaml ? dump(body) : `${JSON.stringify(body)}\n`;
  if (warnings.length > 0) response.setHeader("warning", warnings.map(warningHeader));
  response
    .writeHead(code, {
      "content-type": answering.contentType,
      "cache-control": "no-cache, private",
      "content-length": Buffer.byteLength(text),
    })
    .end(text);
}

/** Source: RFC 7234, 299. */
function warningHeader(text: string): string {
  return `299 - "${text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll(/[^\x20-\x7e]/g, "?")}"`;
}

export function sendText(
  response: ServerResponse,
  { code, text }: { readonly code: number; readonly text: string },
): void {
  response
    .writeHead(code, { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(text) })
    .end(text);
}
