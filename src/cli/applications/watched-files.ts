import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Log, PlumblineError, type Problem, toProblem } from "../../model/index.ts";
import { type Declared, declaredIn, fingerprintOf, readApplicationFiles } from "./application-files.ts";

/** All that good files declare. */
export type FilesSay = Omit<Declared, "problems">;

export interface WatchedFilesSettings {
  readonly path: string;
  readonly log: Log;
  readonly onChange: (declared: FilesSay) => void;
  /** What is there now cannot be used; the last that could is in force still. */
  readonly onRefused?: (problem: Problem) => void;
  /** Between two looks that nothing asked for, in milliseconds. Default 5000. */
  readonly pollMs?: number;
}

/** A file that is being written is looked at when it has been still for this long. */
const QUIET_MS = 100;

/**
 * Application files, read again when they change. What cannot be used is logged once, with its codes, and the last good ones stay in
 * force. The folder is watched, since files are replaced and not written over; the poll is for file systems that tell nothing.
 */
export class WatchedFiles {
  readonly #settings: WatchedFilesSettings;
  #fingerprint = "";
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(settings: WatchedFilesSettings) {
    this.#settings = settings;
  }

  /** The applications to begin with. Errors: PL-CONFIG-*; of several problems the first is thrown and the others are logged. */
  async start(): Promise<FilesSay> {
    const { path, log, pollMs = 5000 } = this.#settings;
    const files = await readApplicationFiles(path);
    const { problems, ...said } = declaredIn(files);
    const [first, ...others] = problems;
    for (const problem of others) log.error({ ...problem }, "an application file cannot be used");
    if (first !== undefined) throw new PlumblineError(first.code, first);
    this.#fingerprint = fingerprintOf(files);
    await this.#watch();
    this.#poll = setInterval(() => this.#lookSoon(), pollMs);
    return said;
  }

  async stop(): Promise<void> {
    this.#watcher?.close();
    clearInterval(this.#poll);
    clearTimeout(this.#quiet);
    await this.#looking;
  }

  async #watch(): Promise<void> {
    const { path, log } = this.#settings;
    const folder = (await stat(path)).isDirectory() ? path : dirname(path);
    try {
      this.#watcher = watch(folder, () => this.#lookSoon());
      this.#watcher.on("error", (error) => log.debug({ err: error }, "the folder cannot be watched; it is polled"));
    } catch (error) {
      log.debug({ err: error }, "the folder cannot be watched; it is polled");
    }
  }

  #lookSoon(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#looking = this.#looking.then(() => this.#look());
    }, QUIET_MS);
  }

  async #look(): Promise<void> {
    const { path, log, onChange } = this.#settings;
    try {
      const files = await readApplicationFiles(path);
      if (!this.#isNews(fingerprintOf(files))) return;
      const { problems, ...said } = declaredIn(files);
      if (problems.length > 0) return this.#refuse(problems);
      log.info(
        { applications: said.applications.length, fleets: said.fleets.length, path },
        "application files changed",
      );
      onChange(said);
    } catch (error) {
      const problem = toProblem(error);
      if (this.#isNews(`${problem.code} ${problem.message}`)) this.#refuse([problem]);
    }
  }

  #isNews(fingerprint: string): boolean {
    const isNew = fingerprint !== this.#fingerprint;
    this.#fingerprint = fingerprint;
    return isNew;
  }

  #refuse(problems: readonly Problem[]): void {
    const [first] = problems;
    if (first !== undefined) this.#settings.onRefused?.(first);
    for (const problem of problems) {
      this.#settings.log.error({ ...problem }, "application files cannot be used; the last good ones stay in force");
    }
  }
}
