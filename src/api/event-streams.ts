import { Readable } from "node:stream";
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
  readonly #open = new Set<Readable>();

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
    const unsubscribe = this.#report.onEvent((event) => {
      if (event.application === application) push(stream, frame(event));
    });
    // Tells proxies and readers that the line is alive.
    const heartbeat = setInterval(() => push(stream, ": alive\n\n"), this.#heartbeatMs).unref();
    this.#open.add(stream);
    stream.once("close", () => {
      unsubscribe();
      clearInterval(heartbeat);
      this.#open.delete(stream);
    });
    return stream;
  }

  get size(): number {
    return this.#open.size;
  }

  closeAll(): void {
    for (const stream of this.#open) stream.push(null);
  }

  /** Oldest first. Ids begin anew with each process: an id that was never given is one of an earlier process, and all is news. */
  #missed(application: string, last: number | undefined): readonly ReportEvent[] {
    if (last === undefined || !Number.isSafeInteger(last)) return [];
    const { items } = this.#report.events({ application, limit: REPLAY_LIMIT });
    const newest = this.#report.events({ limit: 1 }).items[0]?.id ?? 0;
    return items.filter(({ id }) => last > newest || id > last).reverse();
  }
}

function push(stream: Readable, text: string): void {
  if (stream.readableEnded || stream.destroyed) return;
  if (stream.readableLength > MOST_UNREAD) stream.destroy();
  else stream.push(text);
}
