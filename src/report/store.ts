import type { ApplicationStatus } from "../model/index.ts";
import { compareDrift, type ListedDrift, listedDrift, openDrift, sortKeyOf } from "./drift-list.ts";
import { EndedDrift } from "./ended-drift.ts";
import { EventLog } from "./event-log.ts";
import { countFleet } from "./fleet-counts.ts";
import { pageOf } from "./page.ts";
import { SortedKeys } from "./sorted-keys.ts";
import { eventsOf } from "./transitions.ts";
import type {
  ApplicationFilter,
  DriftFilter,
  DriftItem,
  EventFilter,
  FleetCounts,
  Page,
  ReportEvent,
  ReportStore,
} from "./types.ts";

interface ReportStoreOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Events kept of the whole fleet. Default 10,000. */
  readonly eventLimit?: number;
  /** Of these, events kept of one application. Default 200. */
  readonly eventsPerApplication?: number;
  /** Ended episodes of drift kept of the whole fleet. Default 2,000. */
  readonly endedDriftLimit?: number;
  /** Of these, episodes kept of one application. Default 50. */
  readonly endedDriftPerApplication?: number;
}

interface Entry {
  readonly application: string;
  readonly status: ApplicationStatus;
  /** What differs now. */
  readonly drift: readonly ListedDrift[];
}

type ChangeListener = Parameters<ReportStore["onChange"]>[0];
type EventListener = Parameters<ReportStore["onEvent"]>[0];

function nameOf({ namespace, name }: ApplicationStatus): string {
  return `${namespace}/${name}`;
}

/** A store in memory: what is lost with it is found again by the next pass, the events apart. */
export function createReportStore(options: ReportStoreOptions): ReportStore {
  return new MemoryReportStore(options);
}

class MemoryReportStore implements ReportStore {
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #order = new SortedKeys();
  readonly #log: EventLog;
  readonly #endedDrift: EndedDrift;
  readonly #changeListeners = new Set<ChangeListener>();
  readonly #eventListeners = new Set<EventListener>();

  constructor(options: ReportStoreOptions) {
    const { now, eventLimit = 10_000, eventsPerApplication = 200 } = options;
    const { endedDriftLimit = 2000, endedDriftPerApplication = 50 } = options;
    this.#now = now;
    this.#log = new EventLog({ limit: eventLimit, perApplication: eventsPerApplication });
    this.#endedDrift = new EndedDrift({ limit: endedDriftLimit, perApplication: endedDriftPerApplication });
  }

  put(status: ApplicationStatus): void {
    const application = nameOf(status);
    const sortKey = sortKeyOf(application);
    const before = this.#entries.get(sortKey);
    this.#set(application, status);
    if (before === undefined) this.#order.add(sortKey);
    this.#noteEnds(application, sortKey, status);
    const drafts = eventsOf({ before: before?.status, after: status });
    for (const draft of drafts) this.event({ application, ...draft });
    for (const listener of this.#changeListeners) listener(application, status);
  }

  restate(status: ApplicationStatus): void {
    const application = nameOf(status);
    if (!this.#entries.has(sortKeyOf(application))) return;
    this.#set(application, status);
    for (const listener of this.#changeListeners) listener(application, status);
  }

  #set(application: string, status: ApplicationStatus): void {
    const sortKey = sortKeyOf(application);
    this.#entries.set(sortKey, { application, status, drift: openDrift(application, sortKey, status) });
  }

  remove(application: string): void {
    const sortKey = sortKeyOf(application);
    if (!this.#entries.delete(sortKey)) return;
    this.#order.remove(sortKey);
    this.#endedDrift.forget(application);
    for (const listener of this.#changeListeners) listener(application, undefined);
  }

  get(application: string): ApplicationStatus | undefined {
    return this.#entries.get(sortKeyOf(application))?.status;
  }

  list(filter: ApplicationFilter = {}): Page<ApplicationStatus> {
    const { sync, health, namespace, visible } = filter;
    const all = [sync, health, namespace, visible].every((one) => one === undefined);
    const page = pageOf(this.#fitting(filter), filter, {
      position: ({ application }) => [sortKeyOf(application)],
      ...(all && { total: this.#entries.size }),
    });
    return { ...page, items: page.items.map(({ status }) => status) };
  }

  drift(filter: DriftFilter = {}): Page<DriftItem> {
    const page = pageOf(this.#drifting(filter), filter, {
      position: ({ position }) => position,
      compare: compareDrift,
    });
    return { ...page, items: page.items.map(({ item }) => item) };
  }

  event(event: Omit<ReportEvent, "id" | "time">): void {
    const kept = this.#log.add({ time: this.#time(), ...event });
    for (const listener of this.#eventListeners) listener(kept);
  }

  events(filter: EventFilter = {}): Page<ReportEvent> {
    return this.#log.page(filter);
  }

  fleet(): FleetCounts {
    return countFleet(this.#entries.values(), this.#now());
  }

  onChange(listener: ChangeListener): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  onEvent(listener: EventListener): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  *#fitting({ sync, health, namespace, visible }: ApplicationFilter): Iterable<Entry> {
    for (const key of this.#order) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      const { application, status } = entry;
      if (sync !== undefined && status.sync.status !== sync) continue;
      if (health !== undefined && status.health.status !== health) continue;
      if (namespace !== undefined && status.namespace !== namespace) continue;
      if (visible === undefined || visible(application)) yield entry;
    }
  }

  *#drifting({ application, class: only, state = "open", visible }: DriftFilter): Iterable<ListedDrift> {
    const fits = (listed: ListedDrift) => only === undefined || listed.class === only;
    if (state !== "ended") {
      for (const entry of this.#fitting(visible === undefined ? {} : { visible })) {
        if (application === undefined || entry.application === application) yield* entry.drift.filter(fits);
      }
    }
    if (state === "open") return;
    for (const listed of this.#endedDrift.newestFirst()) {
      const { application: own } = listed.item;
      const isMeant = (application ?? own) === own && (visible === undefined || visible(own));
      if (isMeant && fits(listed)) yield listed;
    }
  }

  #noteEnds(application: string, sortKey: string, { drift }: ApplicationStatus): void {
    for (const episode of drift) {
      const listed = listedDrift(application, sortKey, episode);
      if (listed === undefined) continue;
      if (listed.item.state === "ended") this.#endedDrift.add(listed);
      else this.#endedDrift.remove(listed);
    }
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
