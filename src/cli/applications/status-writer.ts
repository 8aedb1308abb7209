import type { Cluster } from "../../cluster/index.ts";
import { type JsonObject, type Log, PlumblineError, type Problem, refOf, toProblem } from "../../model/index.ts";
import type { ReportStore } from "../../report/index.ts";
import type { Sync } from "../../sync/index.ts";
import type { ClusterApplication } from "./cluster-applications.ts";
import { clusterStatus, isApplied, refusedStatus, type StatusInput } from "./cluster-status.ts";
import { fleetStatus } from "./fleet-status.ts";

export interface StatusWriterSettings {
  /** Asks for the right to write for this application, where more than one process may have it. */
  readonly clusterFor: (name: string) => Pick<Cluster, "patch">;
  readonly report: ReportStore;
  readonly fleets: Sync["fleets"];
  readonly log: Log;
  readonly isInFile: (name: string) => boolean;
  /** This process writes the status of it, and no other one does. */
  readonly owns: (name: string) => boolean;
  readonly now?: () => number;
  /** Least time between two writes to one object, in milliseconds. Default 1000. */
  readonly pauseMs?: number;
}

interface Entry {
  known: ClusterApplication;
  /** When the spec that it has now was first seen, and its generation. */
  since: number;
  generation: number;
  /** Generation of the spec that the last written status was about. */
  observed: number;
  timer: NodeJS.Timeout | undefined;
  writing: boolean;
  /** Something changed while a write was under way. */
  again: boolean;
}

/** Writes verdicts back into Application objects: only what changed, and at most about once a second each. */
export class StatusWriter {
  readonly #settings: StatusWriterSettings;
  readonly #entries = new Map<string, Entry>();
  readonly #unsubscribe: () => void;
  readonly #stopping = new AbortController();

  constructor(settings: StatusWriterSettings) {
    this.#settings = settings;
    this.#unsubscribe = settings.report.onChange((name, status) => {
      this.#soon(name);
      // Who made one that is gone is not known any more.
      if (status === undefined) this.#fleetsSoon();
      else if (status.madeBy !== undefined) this.#soon(status.madeBy);
    });
    settings.fleets.onChange(() => this.#fleetsSoon());
  }

  /** Every Application object there is. */
  set(all: readonly ClusterApplication[]): void {
    const wanted = new Map(all.map((one) => [one.name, one]));
    for (const [name, entry] of this.#entries) {
      if (wanted.has(name)) continue;
      clearTimeout(entry.timer);
      this.#entries.delete(name);
    }
    for (const [name, known] of wanted) this.#setOne(name, known);
  }

  stop(): void {
    this.#unsubscribe();
    this.#stopping.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
  }

  #setOne(name: string, known: ClusterApplication): void {
    const generation = known.object.metadata.generation ?? 1;
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      const fresh = { known, since: this.#now(), generation, observed: generation };
      this.#entries.set(name, { ...fresh, timer: undefined, writing: false, again: false });
    } else {
      if (entry.generation !== generation) entry.since = this.#now();
      Object.assign(entry, { known, generation });
    }
    this.#soon(name);
  }

  #now(): number {
    return (this.#settings.now ?? Date.now)();
  }

  #fleetsSoon(): void {
    for (const [name, { known }] of this.#entries) if (known.fleet !== undefined) this.#soon(name);
  }

  #soon(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined || this.#stopping.signal.aborted) return;
    if (entry.writing) entry.again = true;
    else if (entry.timer === undefined) this.#arm(name, entry);
  }

  #arm(name: string, entry: Entry): void {
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      void this.#write(name, entry);
    }, this.#settings.pauseMs ?? 1000);
  }

  async #write(name: string, entry: Entry): Promise<void> {
    const patch = this.#statusOf(name, entry);
    const { object } = entry.known;
    if (patch === undefined || isApplied(patch, object["status"])) return;
    entry.writing = true;
    try {
      const options = { subresource: "status", signal: this.#stopping.signal };
      await this.#settings.clusterFor(name).patch(refOf(object), { status: patch }, options);
    } catch (error) {
      this.#failed(name, entry, toProblem(error));
    }
    entry.writing = false;
    if (entry.again && this.#entries.get(name) === entry) this.#arm(name, entry);
    entry.again = false;
  }

  #failed(name: string, entry: Entry, problem: Problem): void {
    if (this.#stopping.signal.aborted || problem.code === "PL-KUBE-NOT-FOUND") return;
    this.#settings.log.warn({ ...problem, application: name }, "the status of an Application object was not written");
    entry.again ||= problem.retry === "soon";
  }

  #statusOf(name: string, entry: Entry): JsonObject | undefined {
    if (!this.#settings.owns(name)) return undefined;
    const { object, problem } = entry.known;
    const now = new Date(this.#now()).toISOString();
    const refused = problem ?? (this.#settings.isInFile(name) ? inFile(name) : undefined);
    const input = { current: object["status"], generation: entry.generation, now };
    if (refused !== undefined) return refusedStatus(refused, input);
    if (entry.known.fleet !== undefined) return this.#fleetStatus(name, input);
    const status = this.#settings.report.get(name);
    if (status === undefined) return undefined;
    if (Date.parse(status.lastPass?.startedAt ?? "") >= entry.since) entry.observed = entry.generation;
    return clusterStatus(status, { ...input, generation: entry.observed });
  }

  #fleetStatus(full: string, input: StatusInput): JsonObject | undefined {
    const { fleets, report } = this.#settings;
    const fleet = fleets.statuses().find(({ namespace, name }) => `${namespace}/${name}` === full);
    if (fleet === undefined) return undefined;
    const members = fleet.members.map((name) => ({ name, status: report.get(name) }));
    return fleetStatus(fleet, members, input);
  }
}

function inFile(name: string): Problem {
  const message = `${name} is declared in a file of the server too, and the file counts`;
  return toProblem(new PlumblineError("PL-CONFIG-DUPLICATE", { message, where: name }));
}
