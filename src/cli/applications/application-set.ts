import { applicationName, type Fleet, type Log } from "../../model/index.ts";
import type { Declarer } from "../../sync/index.ts";
import type { FilesSay } from "./watched-files.ts";

type Said = Omit<Declarer, "id">;

interface ApplicationSetSettings {
  readonly log: Log;
  /** Of --config, as it is kept in the cluster; undefined where there is none. */
  readonly files: string | undefined;
  readonly onChange: (declarers: readonly Declarer[]) => void;
}

/** Applications of files and of the cluster as one set. A name in both means the file's; the other is told once. */
export class ApplicationSet {
  readonly #settings: ApplicationSetSettings;
  #files: Said = { applications: [], pending: true };
  #cluster: Said = { applications: [], pending: true };
  readonly #told = new Set<string>();

  constructor(settings: ApplicationSetSettings) {
    this.#settings = settings;
  }

  /** All that the files say. */
  setFiles({ applications, fleets }: Pick<FilesSay, "applications" | "fleets">): void {
    this.#files = {
      ...{ applications, fleets },
      ...(applications.length + fleets.length === 0 && { unsure: "its files declare no application at all" }),
    };
    this.#changed();
  }

  /** The files cannot be used now: the last good ones stay in force, and nobody is taken to be gone from them. */
  doubtFiles(reason: string): void {
    this.#files = { ...this.#files, unsure: `its files cannot be used: ${reason}` };
    this.#changed();
  }

  setCluster(said: Said): void {
    this.#cluster = said;
    this.#changed();
  }

  isInFile(name: string): boolean {
    const { applications, fleets = [] } = this.#files;
    return [...applications, ...fleets].some((one) => applicationName(one) === name);
  }

  #changed(): void {
    const { log, files, onChange } = this.#settings;
    const { fleets = [], leavingFleets = [] } = this.#cluster;
    for (const name of [...this.#cluster.applications, ...fleets].map(applicationName)) {
      if (!this.isInFile(name)) this.#told.delete(name);
      else if (!this.#told.has(name)) {
        this.#told.add(name);
        const code = "PL-CONFIG-DUPLICATE";
        log.warn({ code, application: name }, "declared in a file and in the cluster; the file counts");
      }
    }
    const isOnlyHere = (fleet: Fleet): boolean => !this.isInFile(applicationName(fleet));
    const cluster = {
      ...{ id: "cluster", ...this.#cluster, tellsLeaving: true },
      ...{ fleets: fleets.filter(isOnlyHere), leavingFleets: leavingFleets.filter(isOnlyHere) },
    };
    onChange(files === undefined ? [cluster] : [{ id: `file ${files}`, ...this.#files }, cluster]);
  }
}
