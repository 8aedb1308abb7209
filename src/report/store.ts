import { type ApplicationStatus, type HealthStatus, isDifference, type SyncStatus } from "../model/index.ts";
import { type DriftClass, type DriftEpisode, driftEpisodes } from "./drift-episodes.ts";
import { EventLog } from "./event-log.ts";
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
}

interface Entry {
  readonly application: string;
  readonly status: ApplicationStatus;
  readonly drift: readonly DriftEpisode[];
}

type ChangeListener = Parameters<ReportStore["onChange"]>[0];
type EventListener = Parameters<ReportStore["onEvent"]>[0];

/** Sorts by namespace first: in "a-b/x" and "a/x" the slash itself would not. No name holds a NUL. */
function sortKeyOf(application: string): string {
  return application.replace("/", "\u0000");
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
  readonly #changeListeners = new Set<ChangeListener>();
  readonly #eventListeners = new Set<EventListener>();

  constructor({ now, eventLimit = 10_000, eventsPerApplication = 200 }: ReportStoreOptions) {
    this.#now = now;
    this.#log = new EventLog({ limit: eventLimit, perApplication: eventsPerApplication });
  }

  put(status: ApplicationStatus): void {
    const application = `${status.namespace}/${status.name}`;
    const sortKey = sortKeyOf(application);
    const before = this.#entries.get(sortKey);
    const driftBefore = before?.drift ?? [];
    const drift = driftEpisodes({ application, sortKey, status, previous: driftBefore, time: this.#time() });
    this.#entries.set(sortKey, { application, status, drift });
    if (before === undefined) this.#order.add(sortKey);
    const drafts = eventsOf({ before: before?.status, after: status, driftBefore, driftAfter: drift });
    for (const draft of drafts) this.event({ application, ...draft });
    for (const listener of this.#changeListeners) listener(application, status);
  }

  remove(application: string): void {
    const sortKey = sortKeyOf(application);
    if (!this.#entries.delete(sortKey)) return;
    this.#order.remove(sortKey);
    for (const listener of this.#changeListeners) listener(application, undefined);
  }

  get(application: string): ApplicationStatus | undefined {
    return this.#entries.get(sortKeyOf(application))?.status;
  }

  list(filter: ApplicationFilter = {}): Page<ApplicationStatus> {
    const page = pageOf(this.#fitting(filter), filter, { position: ({ application }) => [sortKeyOf(application)] });
    return { ...page, items: page.items.map(({ status }) => status) };
  }

  drift(filter: DriftFilter = {}): Page<DriftItem> {
    const page = pageOf(this.#drifting(filter), filter, { position: ({ position }) => position });
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
    const applications = new Map<string, { sync: SyncStatus; health: HealthStatus; count: number }>();
    const fields: Record<DriftClass, number> = { drift: 0, conflict: 0, foreign: 0 };
    let driftedApplications = 0;
    for (const { status, drift } of this.#entries.values()) {
      const { sync, health } = { sync: status.sync.status, health: status.health.status };
      const group = applications.get(`${sync} ${health}`) ?? { sync, health, count: 0 };
      group.count++;
      applications.set(`${sync} ${health}`, group);
      for (const episode of drift) fields[episode.class]++;
      if (drift.some(({ item }) => isDifference(item.change))) driftedApplications++;
    }
    return { applications: [...applications.values()], driftedApplications, fields };
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

  *#drifting({ application, class: only, visible }: DriftFilter): Iterable<DriftEpisode> {
    for (const entry of this.#fitting(visible === undefined ? {} : { visible })) {
      if (application !== undefined && entry.application !== application) continue;
      for (const episode of entry.drift) if (only === undefined || episode.class === only) yield episode;
    }
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
