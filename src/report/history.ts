import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type ApplicationStatus, type Log, toProblem } from "../model/index.ts";
import { HistoryFile, isSpoilt, type Newest } from "./history-file.ts";
import { comparePositions, type Paging, type Position, pageOf } from "./page.ts";
import { isGood, recordOf, type SyncRecord } from "./sync-record.ts";
import type { Page } from "./types.ts";

/** The last syncs of every application. Losing it costs what happened, and nothing of what is. */
export interface History {
  /** Told of every status that a pass leaves. */
  note(status: ApplicationStatus): void;
  /** The newest first. */
  records(application: string): readonly SyncRecord[];
  /** The newest first. Errors: PL-API-BAD-REQUEST for a token that no page gave. */
  page(application: string, paging: Paging): Page<SyncRecord>;
  /** The highest id of a pass that is known; 0 where none is. Passes count on from there. */
  lastId(application: string): number;
  close(): void;
}

export interface HistoryOptions {
  /** Absent: in memory only. */
  readonly file?: string;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Records kept of one application. Default 20. */
  readonly perApplication?: number;
  /** Records kept in memory while the file does not take them. Default 2,000. */
  readonly inMemory?: number;
}

/** Where a sync stands in the history, whoever tells of it: each replica counts passes by itself. */
export const HISTORY_ORDER = {
  position: ({ finishedAt, id }: Pick<SyncRecord, "finishedAt" | "id">): Position => [
    finishedAt,
    String(id).padStart(16, "0"),
  ],
  compare: (one: Position, other: Position): number => comparePositions(other, one),
};

/** Those of several replicas in one order. */
export function syncsNewestFirst(records: readonly SyncRecord[]): SyncRecord[] {
  const { position, compare } = HISTORY_ORDER;
  return records.toSorted((one, other) => compare(position(one), position(other)));
}

/** A disk that was full may have room again. */
const TRY_AGAIN_MS = 60_000;
/** Of one transaction: the loop must not stand still. */
const AT_ONCE = 200;

export function createHistory(options: HistoryOptions): History {
  return new KeptHistory(options);
}

/** Records go into the file a tick later, many at once. Where it does not take them they stay in memory, bounded, and it is tried again. */
class KeptHistory implements History {
  readonly #options: HistoryOptions;
  readonly #perApplication: number;
  readonly #inMemory: number;
  #file: HistoryFile | undefined;
  /** It was found spoilt while it was in use. */
  #spoilt: string | undefined;
  #tryAgainAt = 0;
  #warned = false;
  /** Of each application. */
  #newest = new Map<string, Newest>();
  /** What the file does not have, by application and id, in the order of time. */
  readonly #waiting = new Map<string, { readonly application: string; readonly record: SyncRecord }>();
  #writing: NodeJS.Immediate | undefined;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#perApplication = options.perApplication ?? 20;
    this.#inMemory = options.inMemory ?? 2000;
    this.#newest = this.#using((file) => file.newest()) ?? new Map();
  }

  note(status: ApplicationStatus): void {
    const application = `${status.namespace}/${status.name}`;
    const known = this.#newest.get(application);
    const record = recordOf(status);
    if (record !== undefined && record.id !== known?.id) this.#add(application, record);
    else if (known?.good === false && isGood(status) && status.plan?.setHash === known.setHash)
      this.#turnedGood(application, known);
  }

  records(application: string): readonly SyncRecord[] {
    const waiting = [...this.#waiting.values()].filter((one) => one.application === application);
    const own = new Map(waiting.map(({ record }) => [record.id, record]));
    const kept = this.#using((file) => file.read(application)) ?? [];
    const all = [...own.values(), ...kept.filter(({ id }) => !own.has(id))];
    return syncsNewestFirst(all).slice(0, this.#perApplication);
  }

  page(application: string, paging: Paging): Page<SyncRecord> {
    return pageOf(this.records(application), paging, HISTORY_ORDER);
  }

  lastId(application: string): number {
    return this.#newest.get(application)?.id ?? 0;
  }

  close(): void {
    clearImmediate(this.#writing);
    while (this.#waiting.size > 0 && this.#write());
    this.#letGo();
    this.#tryAgainAt = Number.POSITIVE_INFINITY;
  }

  #add(application: string, record: SyncRecord): void {
    const { id, good, plan } = record;
    this.#newest.set(application, { id, good, setHash: plan?.setHash ?? "" });
    this.#keep(application, record);
  }

  #turnedGood(application: string, known: Newest): void {
    this.#newest.set(application, { ...known, good: true });
    const record = this.records(application).find(({ id }) => id === known.id);
    if (record !== undefined) this.#keep(application, { ...record, good: true });
  }

  #keep(application: string, record: SyncRecord): void {
    this.#waiting.set(`${application} ${record.id}`, { application, record });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > this.#inMemory && oldest !== undefined) this.#waiting.delete(oldest);
    this.#writing ??= setImmediate(() => this.#writeOn());
  }

  #writeOn(): void {
    this.#writing = undefined;
    if (this.#write() && this.#waiting.size > 0) this.#writing = setImmediate(() => this.#writeOn());
  }

  /** False where the file does not take them. */
  #write(): boolean {
    if (this.#options.now() < this.#tryAgainAt) return false;
    const some = [...this.#waiting].slice(0, AT_ONCE);
    const done = this.#using((file) => {
      file.put(some.map(([, one]) => one));
      return true;
    });
    if (done !== true) return false;
    for (const [key] of some) this.#waiting.delete(key);
    if (this.#warned)
      this.#options.log.info({ file: this.#options.file }, "the history of syncs is kept on disk again");
    this.#warned = false;
    return true;
  }

  /** undefined where there is no file to be used now. */
  #using<T>(work: (file: HistoryFile) => T): T | undefined {
    try {
      const file = this.#opened();
      return file === undefined ? undefined : work(file);
    } catch (error) {
      this.#without(error);
      return undefined;
    }
  }

  #opened(): HistoryFile | undefined {
    const { file: path, now, log } = this.#options;
    if (path !== undefined && this.#file?.isThere === false) {
      log.warn({ file: path }, "the history of syncs was removed while it was in use: it begins anew");
      this.#letGo();
      makeFolder(dirname(path));
    }
    if (path === undefined || this.#file !== undefined || now() < this.#tryAgainAt) return this.#file;
    this.#file = HistoryFile.open(path, { perApplication: this.#perApplication, now: now(), spoilt: this.#spoilt });
    this.#spoilt = undefined;
    if (this.#file.begunAnew !== undefined) {
      log.warn({ file: path, reason: this.#file.begunAnew }, "the history of syncs could not be read: it begins anew");
    }
    return this.#file;
  }

  /** Spoilt while it was in use: the next use begins it anew. Else it is written again after a while; what stands in it may be read meanwhile. */
  #without(error: unknown): void {
    const { file, now, log } = this.#options;
    const { message } = toProblem(error);
    if (this.#file !== undefined && isSpoilt(error)) {
      this.#spoilt = message;
      this.#letGo();
      return;
    }
    this.#tryAgainAt = now() + TRY_AGAIN_MS;
    if (this.#warned) return;
    this.#warned = true;
    const words = "the history of syncs cannot be kept on disk; it goes on in memory, and nothing else depends on it";
    log.warn({ file, reason: message }, words);
  }

  #letGo(): void {
    const { file, log } = this.#options;
    try {
      this.#file?.close();
    } catch (error) {
      log.debug({ file, reason: toProblem(error).message }, "the file of the history could not be closed");
    }
    this.#file = undefined;
  }
}

/** What was there a moment ago, and no folder above it: that one may be away only for now. */
function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
}
