import type { IncomingMessage, ServerResponse } from "node:http";
import type { Machine, Target } from "../verbs/machine.ts";
import type { Query } from "../verbs/read.ts";
import { type Watch, type WatchEvent, watchObjects } from "../verbs/watch.ts";
import type { Shaper } from "./shape.ts";

const BOOKMARK_MS = 60_000;
/** The real server chooses between half an hour and an hour. */
const LONGEST_MS = 45 * 60_000;

interface Watching {
  readonly target: Target;
  readonly query: Query;
  readonly shaper: Shaper;
}

/** Answers with one JSON document a line until the client goes, the time is over, or the version is too old. */
export function answerWatch(
  machine: Machine,
  { target, query, shaper }: Watching,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void {
  const lines: string[] = [];
  let open = false;
  let broken = false;
  const send = (event: WatchEvent): void => {
    const line = `${JSON.stringify({ type: event.type, object: shaper.event(event) })}\n`;
    broken ||= event.type === "ERROR";
    if (open) response.write(line);
    else lines.push(line);
  };
  // What cannot be watched is refused before the stream begins.
  const watch = watchObjects(machine, target, query, { send });
  response.writeHead(200, { "content-type": shaper.contentType, "cache-control": "no-cache, private" });
  response.flushHeaders();
  open = true;
  for (const line of lines) response.write(line);
  if (broken) response.end();
  else keepOpen(watch, { query, request, response });
}

function keepOpen(
  watch: Watch,
  { query, request, response }: Pick<Watching, "query"> & { request: IncomingMessage; response: ServerResponse },
): void {
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  const end = setTimeout(() => response.end(), seconds > 0 ? Math.min(seconds * 1000, LONGEST_MS) : LONGEST_MS);
  const bookmarks = setInterval(watch.bookmark, BOOKMARK_MS);
  const stop = (): void => {
    clearTimeout(end);
    clearInterval(bookmarks);
    watch.stop();
  };
  request.once("close", stop);
  response.once("close", stop);
}
