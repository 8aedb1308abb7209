import { type Position, pageOf } from "./page.ts";
import type { EventFilter, Page, ReportEvent } from "./types.ts";

export interface EventLogOptions {
  /** Of the whole fleet. */
  readonly limit: number;
  /** Of these, at most so many of one application. */
  readonly perApplication: number;
}

/** Ids are times, so that those of several replicas, and of a process before, stand in one order. This leaves room for as many events within a millisecond. */
const IDS_A_MS = 1000;

/** Larger ids come first, and ids have no fixed width. */
function newestFirst(a: Position, b: Position): number {
  return Number(b[0]) - Number(a[0]);
}

/** Where an event stands in its list, whoever tells of it. */
export const EVENT_ORDER = {
  position: ({ id }: ReportEvent): Position => [String(id)],
  compare: newestFirst,
};

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
  /** All ids that were given since the oldest that is kept: saves looking through what was deleted at the front of the map. */
  readonly #ids: number[] = [];
  /** How many of these are older. */
  #gone = 0;
  #lastId = 0;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  add(event: Omit<ReportEvent, "id">): ReportEvent {
    this.#lastId = Math.max(this.#lastId + 1, Date.parse(event.time) * IDS_A_MS);
    const kept: ReportEvent = { id: this.#lastId, ...event };
    const own = this.#byApplication.get(event.application) ?? [];
    this.#byApplication.set(event.application, own);
    own.push(kept);
    this.#events.set(kept.id, kept);
    this.#ids.push(kept.id);
    if (own.length > this.#options.perApplication) this.#dropOldestOf(event.application, own);
    if (this.#events.size > this.#options.limit) this.#dropOldest();
    return kept;
  }

  page({ application, ...paging }: EventFilter): Page<ReportEvent> {
    const events =
      application === undefined ? [...this.#events.values()] : (this.#byApplication.get(application) ?? []);
    return pageOf(backwards(events), paging, EVENT_ORDER);
  }

  #dropOldest(): void {
    const application = this.#oldest()?.application ?? "";
    this.#dropOldestOf(application, this.#byApplication.get(application) ?? []);
  }

  #oldest(): ReportEvent | undefined {
    while (this.#gone < this.#ids.length && !this.#events.has(this.#ids[this.#gone] ?? 0)) this.#gone++;
    const oldest = this.#events.get(this.#ids[this.#gone] ?? 0);
    if (this.#gone > this.#options.limit) {
      this.#ids.splice(0, this.#gone);
      this.#gone = 0;
    }
    return oldest;
  }

  /** The fleet's oldest event is also its application's oldest, so taking off the front serves both bounds. */
  #dropOldestOf(application: string, own: ReportEvent[]): void {
    const dropped = own.shift();
    if (dropped !== undefined) this.#events.delete(dropped.id);
    if (own.length === 0) this.#byApplication.delete(application);
  }
}
