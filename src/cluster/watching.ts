import type { Readable } from "node:stream";
import { isJsonObject, type LiveObject, PlumblineError } from "../model/index.ts";
import { toLiveObject, tryParse } from "./answer.ts";
import { VersionGone } from "./listing.ts";
import { isSilence, networkError } from "./network-error.ts";
import { collectionPath, queryOf } from "./object-path.ts";
import { answerError } from "./status-error.ts";
import type { Call, StreamAnswer, Transport } from "./transport.ts";
import type { ApiResource } from "./types.ts";
import { parseWarnings } from "./warnings.ts";
import { WatchLines } from "./watch-lines.ts";

export interface WatchOptions {
  readonly resource: ApiResource;
  readonly labelSelector: string | undefined;
  /** Of all where none is given. */
  readonly namespace?: string | undefined;
  /** Changes after this one. */
  readonly resourceVersion: string;
  /** After which the server ends the watch. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  /** The server has accepted: from here on every change comes. With its Warning headers. */
  readonly onOpen: (warnings: readonly string[]) => void;
  /** In the server's order. */
  readonly onEvent: (event: WatchEvent) => void;
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: LiveObject }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

/**
 * One watch on one connection. Resolves when the server ends it, or when nothing came for so long that the connection must be
 * dead: go on from the last version seen. Rejects with VersionGone when that version is forgotten: list again. Else PL-KUBE-*.
 * A line that is cut off by the connection's end is left out; its change comes again.
 */
export async function watchObjects(transport: Transport, options: WatchOptions): Promise<void> {
  const { resource, namespace, labelSelector, resourceVersion, timeoutSeconds, signal } = options;
  const query = queryOf({ watch: true, allowWatchBookmarks: true, labelSelector, resourceVersion, timeoutSeconds });
  const call: Call = { verb: "watch", kind: resource.kind, path: collectionPath(resource, namespace) + query, signal };
  try {
    const answer = await transport.stream(call);
    if (answer.status !== 200) throw await refusalOf(answer, call);
    options.onOpen(parseWarnings(answer.headers["warning"]));
    await readEvents(answer.body, options);
  } catch (error) {
    signal.throwIfAborted();
    if (isSilence(error)) return;
    throw error instanceof VersionGone ? error : networkError(error, transport.server);
  }
}

async function refusalOf({ status, headers, body }: StreamAnswer, call: Call): Promise<Error> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  if (status === 410) return new VersionGone(call.kind);
  return answerError({ status, headers, text: Buffer.concat(chunks).toString("utf8") }, call);
}

async function readEvents(body: Readable, { resource, onEvent }: WatchOptions): Promise<void> {
  const lines = new WatchLines();
  for await (const chunk of body) {
    for (const line of lines.push(chunk)) onEvent(parseEvent(line, resource));
  }
}

function parseEvent(line: string, resource: ApiResource): WatchEvent {
  const event = tryParse(line);
  const { type, object } = isJsonObject(event) ? event : {};
  if (type === "ERROR") throw errorOf(object, resource);
  if (type === "BOOKMARK") return { type, resourceVersion: versionOf(object) };
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED") {
    throw new PlumblineError("PL-KUBE-UNEXPECTED", {
      message: "a line of the watch is no event",
      where: resource.kind,
    });
  }
  return { type, object: toLiveObject(object, resource.kind) };
}

function versionOf(object: unknown): string {
  const metadata = isJsonObject(object) ? object["metadata"] : undefined;
  const version = isJsonObject(metadata) ? metadata["resourceVersion"] : undefined;
  return typeof version === "string" ? version : "";
}

/** An ERROR event carries a Status, as a refused request does. */
function errorOf(status: unknown, { kind }: ApiResource): Error {
  const code = isJsonObject(status) ? status["code"] : undefined;
  if (code === 410) return new VersionGone(kind);
  const answer = { status: typeof code === "number" ? code : 500, headers: {}, text: JSON.stringify(status) };
  return answerError(answer, { verb: "watch", kind });
}
