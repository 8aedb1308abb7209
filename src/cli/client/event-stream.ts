import { setTimeout as wait } from "node:timers/promises";
import type { EventsPage } from "../../api/index.ts";
import { PlumblineError } from "../../model/index.ts";
import type { ApiClient } from "./api-client.ts";

export type StreamEvent = EventsPage["items"][number];

const PAUSE_MS = 2000;

/** Each event after the one with the id `last`, for ever: a stream that breaks off is opened again where it ended. Errors: those of the first opening. */
export async function* followEvents(client: ApiClient, path: string, last: number): AsyncGenerator<StreamEvent> {
  let seen = last;
  for (let first = true; ; first = false) {
    try {
      for await (const event of oneStream(client, path, seen)) {
        seen = event.id;
        yield event;
      }
    } catch (error) {
      const refused = error instanceof PlumblineError && error.code !== "PL-API-UNREACHABLE";
      if (first || refused) throw error;
    }
    await wait(PAUSE_MS);
  }
}

/** Ends where the server ends it or the line breaks. Source: WHATWG HTML, "Server-sent events". */
async function* oneStream(client: ApiClient, path: string, last: number): AsyncGenerator<StreamEvent> {
  const headers = { accept: "text/event-stream", "last-event-id": String(last) };
  const response = await client.request(path, { headers });
  if (response.body === null) return;
  let rest = "";
  const chunks = response.body.pipeThrough(new TextDecoderStream());
  try {
    for await (const chunk of chunks) {
      const frames = (rest + chunk).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) yield* eventsIn(frame);
    }
  } catch (error) {
    // A line that breaks is opened again by the caller; what a reader throws into here is not ours.
    if (!(error instanceof TypeError)) throw error;
  }
}

function* eventsIn(frame: string): Generator<StreamEvent> {
  const data = frame.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trimStart()] : []));
  if (data.length === 0) return;
  const event: StreamEvent = JSON.parse(data.join("\n"));
  yield event;
}
