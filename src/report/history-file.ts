import { rmSync, statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { parseJson } from "../kit/parse-json.ts";
import { isJsonObject } from "../model/index.ts";
import type { SyncRecord } from "./sync-record.ts";

/** Another layout gets another number, and a file of another number is begun anew. */
const LAYOUT = 1;
/** Records of applications that were not synced for so long are forgotten at a start. */
const KEPT_FOR_MS = 366 * 86_400_000;

/** What is known of the newest record of an application without reading it. */
export interface Newest {
  readonly id: number;
  readonly setHash: string;
  readonly good: boolean;
}

export interface StoredRecord {
  readonly application: string;
  readonly record: SyncRecord;
}

/**
 * Records of syncs in one file of SQLite. Nothing waits for the disk (a power cut may cost the file, and with it history only). What is no such
 * file, or of another layout, is begun anew. Errors: those of SQLite, for the caller to live without the file.
 */
export class HistoryFile {
  /** The file there was could not be used. */
  readonly begunAnew: string | undefined;
  readonly #path: string;
  readonly #inode: number | undefined;
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #trim: StatementSync;
  readonly #read: StatementSync;

  private constructor(database: DatabaseSync, { path, perApplication, begunAnew }: Begun) {
    this.begunAnew = begunAnew;
    this.#path = path;
    this.#inode = inodeOf(path);
    this.#database = database;
    this.#put = database.prepare("INSERT OR REPLACE INTO sync VALUES (?, ?, ?, ?, ?, ?)");
    this.#trim = database.prepare(
      `DELETE FROM sync WHERE application = ?1 AND id <= (SELECT id FROM sync WHERE application = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${perApplication})`,
    );
    this.#read = database.prepare("SELECT good, record FROM sync WHERE application = ? ORDER BY id DESC");
  }

  /** `spoilt`: why the file there is must go first. */
  static open(path: string, options: Opening): HistoryFile {
    if (options.spoilt !== undefined) return HistoryFile.#anew(path, options, options.spoilt);
    try {
      return HistoryFile.#usable(path, options);
    } catch (error) {
      if (!isSpoilt(error)) throw error;
      return HistoryFile.#anew(path, options, error instanceof Error ? error.message : "it cannot be read");
    }
  }

  static #anew(path: string, options: Opening, begunAnew: string): HistoryFile {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
    return HistoryFile.#usable(path, { ...options, begunAnew });
  }

  static #usable(path: string, { begunAnew, ...options }: Opening & Partial<Begun>): HistoryFile {
    const database = opened(path, options.now);
    try {
      return new HistoryFile(database, { ...options, path, begunAnew });
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Nobody has removed it, or put another one in its place: what is written would be read by nobody. */
  get isThere(): boolean {
    return this.#inode !== undefined && inodeOf(this.#path) === this.#inode;
  }

  /** All or none of them. */
  put(records: readonly StoredRecord[]): void {
    this.#database.exec("BEGIN");
    try {
      for (const { application, record } of records) {
        const { id, good, finishedAt, plan } = record;
        this.#put.run(
          application,
          id,
          good ? 1 : 0,
          plan?.setHash ?? "",
          Date.parse(finishedAt),
          JSON.stringify(record),
        );
        this.#trim.run(application);
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Those of one application, the newest first. */
  read(application: string): SyncRecord[] {
    return this.#read.all(application).flatMap(({ good, record }) => {
      const parsed = typeof record === "string" ? parseJson(record) : undefined;
      return isRecord(parsed) ? [{ ...parsed, good: good === 1 }] : [];
    });
  }

  /** By application. */
  newest(): Map<string, Newest> {
    // With max(), SQLite takes the other columns from the row that has it.
    const rows = this.#database.prepare(
      "SELECT application, max(id) AS id, set_hash, good FROM sync GROUP BY application",
    );
    const found = rows.all().map((row) => {
      const known = { id: Number(row["id"]), setHash: String(row["set_hash"]), good: row["good"] === 1 };
      return [String(row["application"]), known] as const;
    });
    return new Map(found);
  }

  close(): void {
    this.#database.close();
  }
}

interface Opening {
  readonly perApplication: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly spoilt?: string | undefined;
}

interface Begun {
  readonly path: string;
  readonly perApplication: number;
  readonly begunAnew: string | undefined;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

class OtherLayout extends Error {}

/** SQLITE_CORRUPT and SQLITE_NOTADB. Source: SQLite, "Result and Error Codes". */
const SPOILT_CODES = [11, 26];
const SQLITE_ERROR = 1;

/** Is it the file's own fault, and not the disk's or a right's. A table that is not as we made it is SQLITE_ERROR at its first statement. */
export function isSpoilt(error: unknown): boolean {
  if (error instanceof OtherLayout) return true;
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : -1;
  return SPOILT_CODES.includes(code) || code === SQLITE_ERROR;
}

function opened(path: string, now: number): DatabaseSync {
  const { DatabaseSync } = quietly(() => process.getBuiltinModule("node:sqlite"));
  const database = new DatabaseSync(path, { timeout: 100 });
  try {
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
    layOut(database);
    database.prepare("DELETE FROM sync WHERE finished_at < ?").run(now - KEPT_FOR_MS);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function layOut(database: DatabaseSync): void {
  const layout = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  const tables = Number(database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"]);
  if (layout === LAYOUT) return;
  if (layout !== 0 || tables !== 0) throw new OtherLayout(`its layout is ${layout}, and ours is ${LAYOUT}`);
  database.exec(
    `BEGIN;
     CREATE TABLE sync (application TEXT, id INTEGER, good INTEGER, set_hash TEXT, finished_at INTEGER, record TEXT,
       PRIMARY KEY (application, id));
     PRAGMA user_version = ${LAYOUT};
     COMMIT`,
  );
}

/** Some versions of Node 24 warn that SQLite is experimental, on stderr, as soon as it is loaded; that is nothing a user can mend. */
function quietly<T>(load: () => T): T {
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return load();
  } finally {
    process.emitWarning = warn;
  }
}

function isRecord(value: unknown): value is SyncRecord {
  return isJsonObject(value) && typeof value["id"] === "number" && Array.isArray(value["objects"]);
}
