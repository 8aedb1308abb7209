import { type Application, applicationName, type Log } from "../../model/index.ts";

/** Applications of files and of the cluster as one set. A name in both means the file's; the other is told once. */
export class ApplicationSet {
  readonly #log: Log;
  readonly #onChange: (applications: readonly Application[]) => void;
  #files: ReadonlyMap<string, Application> = new Map();
  #cluster: ReadonlyMap<string, Application> = new Map();
  readonly #told = new Set<string>();

  constructor({ log, onChange }: { log: Log; onChange: (applications: readonly Application[]) => void }) {
    this.#log = log;
    this.#onChange = onChange;
  }

  setFiles(applications: readonly Application[]): void {
    this.#files = byName(applications);
    this.#changed();
  }

  setCluster(applications: readonly Application[]): void {
    this.#cluster = byName(applications);
    this.#changed();
  }

  isInFile(name: string): boolean {
    return this.#files.has(name);
  }

  all(): readonly Application[] {
    return [...new Map([...this.#cluster, ...this.#files]).values()];
  }

  #changed(): void {
    for (const name of this.#cluster.keys()) {
      if (!this.#files.has(name)) this.#told.delete(name);
      else if (!this.#told.has(name)) {
        this.#told.add(name);
        const code = "PL-CONFIG-DUPLICATE";
        this.#log.warn({ code, application: name }, "declared in a file and in the cluster; the file counts");
      }
    }
    this.#onChange(this.all());
  }
}

function byName(applications: readonly Application[]): ReadonlyMap<string, Application> {
  return new Map(applications.map((application) => [applicationName(application), application]));
}
