import { type Position, pageOf } from "./page.ts";
import type { EventFilter, Page, ReportEvent } from "./types.ts";

export interface EventLogOptions {
  /** Of the whole fleet. */
  readonly limit: number;
  /** Of these, at most so many of one application. */
  readonly perApplication: number;
}

/** Larger ids come first, and ids have no fixed width. */
function newestFirst(a: Position, b: Position): number {
  return Number(b[0]) - Number(a[0]);
}

function* backwards(events: readonly ReportEvent[]): Iterable<ReportEvent> {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i];
    if (event !== undefined) yield event;
  }
}

/** The last events, bounded twice: an application's own oldest goes when it has too many, then the fleet's oldest. */
export class EventLog {
  readonly #options: EventLogOptions;
  /** By id, which rises, so the order of the map is the order of time. */
  readonly #events = new Map<number, ReportEvent>();
  readonly #byApplication = new Map<string, ReportEvent[]>();
  #nextId = 1;
  /** No kept event has a smaller id: saves looking through what was deleted at the front of the map. */
  #oldestId = 1;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  add(event: Omit<ReportEvent, "id">): ReportEvent {
    const kept: ReportEvent = { id: this.#nextId++, ...event };
    const own = this.#byApplication.get(event.application) ?? [];
    this.#byApplication.set(event.application, own);
    own.push(kept);
    this.#events.set(kept.id, kept);
    if (own.length > this.#options.perApplication) this.#dropOldestOf(event.application, own);
    if (this.#events.size > this.#options.limit) this.#dropOldest();
    return kept;
  }

  page({ application, ...paging }: EventFilter): Page<ReportEvent> {
    const events =
      application === undefined ? [...this.#events.values()] : (this.#byApplication.get(application) ?? []);
    return pageOf(backwards(events), paging, { position: (event) => [String(event.id)], compare: newestFirst });
  }

  #dropOldest(): void {
    while (!this.#events.has(this.#oldestId)) this.#oldestId++;
    const application = this.#events.get(this.#oldestId)?.application ?? "";
    this.#dropOldestOf(application, this.#byApplication.get(application) ?? []);
  }

  /** The fleet's oldest event is also its application's oldest, so taking off the front serves both bounds. */
  #dropOldestOf(application: string, own: ReportEvent[]): void {
    const dropped = own.shift();
    if (dropped !== undefined) this.#events.delete(dropped.id);
    if (own.length === 0) this.#byApplication.delete(application);
  }
}
