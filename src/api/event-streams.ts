import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { PlumblineError } from "../model/index.ts";
import type { ReportEvent, ReportStore } from "../report/index.ts";

const MOST_OPEN = 256;
/** A reader that is this far behind is cut off; it comes back with Last-Event-ID. In characters. */
const MOST_UNREAD = 1_048_576;
/** As many as are kept of one application. */
const REPLAY_LIMIT = 1000;

function frame(event: ReportEvent): string {
  return `id: ${event.id}\nevent: ${event.reason}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Live events as server-sent events (WHATWG HTML, "Server-sent events"). Owns the open ones, and ends them all at once. */
export class EventStreams {
  readonly #report: ReportStore;
  readonly #heartbeatMs: number;
  /** With what ends each. */
  readonly #open = new Map<Readable, () => void>();

  constructor(report: ReportStore, heartbeatMs: number) {
    this.#report = report;
    this.#heartbeatMs = heartbeatMs;
  }

  /** The events of one application: those after the id `last`, where it is given, then each as it comes. Errors: PL-API-BUSY. */
  open(application: string, last: number | undefined): Readable {
    if (this.#open.size >= MOST_OPEN) {
      throw new PlumblineError("PL-API-BUSY", { message: `${MOST_OPEN} event streams are open` });
    }
    const stream = new Readable({ read() {} });
    stream.push(": events\nretry: 2000\n\n");
    for (const event of this.#missed(application, last)) stream.push(frame(event));
    const quiet = this.#follow(application, stream);
    this.#open.set(stream, () => {
      quiet();
      stream.push(null);
    });
    stream.once("close", () => {
      quiet();
      this.#open.delete(stream);
    });
    return stream;
  }

  get size(): number {
    return this.#open.size;
  }

  closeAll(): void {
    for (const end of this.#open.values()) end();
  }

  #follow(application: string, stream: Readable): () => void {
    const unsubscribe = this.#report.onEvent((event) => {
      if (event.application === application) push(stream, frame(event));
    });
    // Whoever works on it from now on has its next events: the reader comes back, and is led there.
    const unfollow = this.#report.onChange((name, status) => {
      if (name === application && status === undefined) this.#open.get(stream)?.();
    });
    // Tells proxies and readers that the line is alive.
    const heartbeat = setInterval(() => push(stream, ": alive\n\n"), this.#heartbeatMs).unref();
    return () => {
      unsubscribe();
      unfollow();
      clearInterval(heartbeat);
    };
  }

  /** Oldest first. An id of the time to come was given by a clock that was ahead: then all is news. */
  #missed(application: string, last: number | undefined): readonly ReportEvent[] {
    if (last === undefined || !Number.isSafeInteger(last)) return [];
    const { items } = this.#report.events({ application, limit: REPLAY_LIMIT });
    const isAhead = last > Date.now() * 1000;
    return items.filter(({ id }) => isAhead || id > last).reverse();
  }
}

function push(stream: Readable, text: string): void {
  if (stream.readableEnded || stream.destroyed) return;
  if (stream.readableLength > MOST_UNREAD) stream.destroy();
  else stream.push(text);
}

export function wantsStream({ method, headers: { accept = "" } }: FastifyRequest): boolean {
  const types = accept.split(",").map((one) => one.split(";")[0]?.trim().toLowerCase());
  return method === "GET" && types.includes("text/event-stream");
}
