import type { Cluster } from "../cluster/index.ts";
import { backoffDelay } from "../kit/backoff.ts";
import { type Application, PlumblineError } from "../model/index.ts";
import { applySetId, parentRef } from "../plan/index.ts";
import { abandonedStatus, stillDeclared } from "./abandoned.ts";
import { type Declarer, declarationOf } from "./declarers.ts";
import { clusterWithParent, markForDeletion } from "./deletion-marks.ts";
import type { Departure, KnownParent } from "./departure.ts";
import { type DepartureResult, runDeparture } from "./departure-pass.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import { fleetEnds } from "./fleet-ends.ts";
import { judgeDepartures } from "./judge-departures.ts";
import { type Leaving, newLeaving } from "./leaving.ts";
import { LeftBehind } from "./left-behind.ts";
import { movesOf } from "./moves.ts";
import { ParentsWatch } from "./parents-watch.ts";
import { passStatus, whileRunning, withPass } from "./record.ts";
import { timeoutOf } from "./schedule.ts";
import type { Tenancy } from "./tenancy.ts";
import { leaseAs } from "./tenant-cluster.ts";
import type { Trigger } from "./triggers.ts";
import type { SyncSettings } from "./types.ts";
import { writeRightOf } from "./write-right.ts";

export interface DeparturesParts {
  readonly settings: SyncSettings;
  readonly inventoryNamespace: string;
  readonly entries: Entries;
  readonly tenancy: Tenancy;
  readonly now: () => number;
  readonly random: () => number;
  /** Puts it into the queue, where one name is worked on once at a time. */
  readonly ask: (name: string) => void;
  readonly wake: (name: string) => void;
  /** Called with the declarations of many that are deleted and have to wait, and why, in a sentence. */
  readonly onHeld: (held: ReadonlyMap<string, string>) => void;
  readonly stopping: AbortSignal;
}

const DEADLINE_MS = 300_000;
/** The watch tells of what goes, and nobody of what is looked at elsewhere. */
const LOOK_AGAIN_MS = 1000;
const LONGEST_MS = 300_000;

/** Applications that end, and those that nobody declares. Who leaves is judged anew with each change of what is declared or of a parent. */
export class Departures {
  readonly #parts: DeparturesParts;
  readonly #parents: ParentsWatch;
  readonly #leftBehind: LeftBehind;
  readonly #leaving = new Map<string, Leaving>();
  readonly #abandoned = new Set<string>();
  /** As this process knew them last: a hint, where the parent is behind. */
  readonly #known = new Map<string, Application>();
  readonly #listeners = new Set<(name: string) => void>();
  #declarers: readonly Declarer[] = [];
  #started = false;

  constructor(parts: DeparturesParts) {
    this.#parts = parts;
    const { settings, inventoryNamespace, stopping } = parts;
    this.#leftBehind = new LeftBehind(parts);
    this.#parents = new ParentsWatch({
      ...{ settings, inventoryNamespace, stopping, onChange: () => this.#judge() },
      isNeeded: (cluster) => parts.entries.isNeeded(cluster),
      isOthers: (name) => parts.entries.get(name) !== undefined && !parts.entries.isOwn(name),
    });
  }

  start(): void {
    this.#started = true;
    this.#look();
  }

  /** Called with the name of each when nothing is left of it; also of a declaration of many that is deleted, and then perhaps more than once. */
  onEnded(listen: (name: string) => void): void {
    this.#listeners.add(listen);
  }

  /** Without a declarer who could take back anything there is nothing to follow. */
  #look(): void {
    if (!this.#started || this.#declarers.every(({ id }) => id === "")) return;
    this.#parents.start();
    this.#parents.settle();
    this.#judge();
  }

  /** Of those that leave. */
  names(): Iterable<string> {
    return this.#leaving.keys();
  }

  divided(): void {
    if (this.#started) this.#judge();
  }

  stop(): void {
    this.#parents.stop();
    for (const { timer } of this.#leaving.values()) clearTimeout(timer);
  }

  /** `gone`: those that nobody declares any more, as they were last. */
  setDeclarers(declarers: readonly Declarer[], gone: ReadonlyMap<string, Entry>): void {
    this.#declarers = declarers;
    for (const [name, one] of gone) this.#known.set(name, one.application);
    this.#parents.undeclared([...gone].map(([name, entry]) => this.#presumed(name, entry)));
    this.#look();
  }

  #presumed(name: string, { application, declaredBy: by }: Entry): KnownParent {
    const cluster = this.#parts.entries.clusterOf(application);
    return { application: name, cluster, declaration: declarationOf({ application, by }), asked: undefined };
  }

  /** Of the application whose objects carry this label in this cluster, where it leaves. */
  nameOfSet(id: string, cluster: string): string | undefined {
    const { inventoryNamespace } = this.#parts;
    const isMeant = ([name, { departure }]: [string, Leaving]): boolean =>
      applySetId(name, inventoryNamespace) === id && this.#clusterOf(departure) === cluster;
    return [...this.#leaving].find(isMeant)?.[0];
  }

  /** Name of the cluster in which an application has its objects, declared or leaving; home where it is neither. */
  clusterOf(name: string): string {
    const { entries, settings } = this.#parts;
    const entry = entries.get(name);
    if (entry !== undefined) return entries.clusterOf(entry.application);
    const leaving = this.#leaving.get(name);
    return leaving === undefined ? settings.clusters.home.name : this.#clusterOf(leaving.departure);
  }

  #clusterOf({ cluster, application }: Departure): string {
    return cluster ?? application?.spec.destination.cluster ?? this.#parts.settings.clusters.home.name;
  }

  /** A person asks to delete an application that nobody declares. Errors: PL-API-NOT-FOUND, PL-DECLARED, PL-KUBE-*. */
  async remove(name: string, how: Departure["how"]): Promise<void> {
    const entry = this.#parts.entries.get(name);
    if (entry !== undefined) throw stillDeclared(name, entry.declaredBy);
    const { settings, inventoryNamespace } = this.#parts;
    const { clusters, division } = settings;
    const place = { inventoryNamespace, clusters, division, parents: this.#parents };
    const cluster = await clusterWithParent(name, place);
    if (cluster === undefined)
      throw new PlumblineError("PL-API-NOT-FOUND", { message: `there is no application ${name}`, where: name });
    await markForDeletion({ name, cluster, how }, place);
    this.#judge();
  }

  #judge(): void {
    const { entries } = this.#parts;
    const { isFollowed: isWhole } = this.#parents;
    const parents = this.#parents.known();
    const judged = judgeDepartures({ parents, isWhole, declarers: this.#declarers, known: this.#known });
    const { departures, abandoned } = judged;
    // Of one that has left something in several clusters the first goes first: the others are judged when it is gone.
    const wanted = new Map(departures.toReversed().map((one) => [one.name, one]));
    for (const [name, { departure }] of this.#leaving) if (wanted.get(name)?.how !== departure.how) this.#drop(name);
    for (const [name, departure] of wanted) if (!this.#leaving.has(name)) this.#begin(name, departure);
    const left = new Map(abandoned.filter(({ name }) => this.#isMine(name)).map(({ name, why }) => [name, why]));
    for (const name of this.#abandoned) if (!left.has(name)) this.#forgetAbandoned(name);
    for (const [name, why] of left) this.#tellAbandoned(name, why);
    for (const { application: name, cluster, asked } of parents)
      if (asked !== undefined && entries.get(name) !== undefined && this.#isMine(name))
        void this.#takeBack({ name, cluster });
    const { clusters } = this.#parts.settings;
    const { over, held } = fleetEnds(judged.ended, { clusters, isSeen: (name) => this.#parents.isFollowedIn(name) });
    for (const name of over) this.#tellEnded(name);
    this.#parts.onHeld(held);
    this.#leftBehind.look(parents);
  }

  #isMine(name: string): boolean {
    return this.#parts.settings.division?.owns(name) ?? true;
  }

  #tellEnded(name: string): void {
    if (!this.#isMine(name)) return;
    for (const listen of this.#listeners) listen(name);
  }

  /** Somebody declares it again: that a person once asked to delete it is over. */
  async #takeBack(at: { name: string; cluster: string }): Promise<void> {
    try {
      const { settings, inventoryNamespace } = this.#parts;
      const { clusters, division } = settings;
      await markForDeletion({ ...at, how: null }, { clusters, division, inventoryNamespace });
    } catch (error) {
      this.#parts.settings.log.warn(
        { err: error, application: at.name },
        "a past request to delete it could not be taken off",
      );
    }
  }

  #begin(name: string, departure: Departure): void {
    this.#leaving.set(name, newLeaving(departure));
    this.#parts.settings.log.info({ application: name, how: departure.how }, "an application is deleted");
    this.#parts.ask(name);
  }

  #drop(name: string): void {
    const leaving = this.#leaving.get(name);
    clearTimeout(leaving?.timer);
    leaving?.cancelled.abort(
      new PlumblineError("PL-PASS-CANCELLED", { message: `application ${name} is wanted again` }),
    );
    this.#leaving.delete(name);
    if (this.#parts.entries.get(name) === undefined) this.#parts.settings.report.remove(name);
  }

  #tellAbandoned(name: string, why: string): void {
    const { report } = this.#parts.settings;
    const status = abandonedStatus(name, why);
    if (report.get(name)?.sync.message !== status.sync.message) report.put(status);
    this.#abandoned.add(name);
  }

  #forgetAbandoned(name: string): void {
    this.#abandoned.delete(name);
    const { entries, settings } = this.#parts;
    if (entries.get(name) === undefined && !this.#leaving.has(name)) settings.report.remove(name);
  }

  async pass(name: string, trigger: Trigger): Promise<void> {
    const leaving = this.#leaving.get(name);
    if (leaving === undefined) return;
    clearTimeout(leaving.timer);
    const { now } = this.#parts;
    const startedAt = now();
    const result = await this.#run(name, leaving);
    if (this.#leaving.get(name) !== leaving) return;
    if (result.done) return this.#ended(name);
    const id = ++leaving.passId;
    const pass = passStatus({ id, trigger, startedAt, finishedAt: now(), result });
    const inMs = this.#nextIn(leaving, result);
    leaving.status = withPass(leaving.status, { status: result.status, pass, nextPassAt: now() + inMs });
    this.#parts.settings.report.put(leaving.status);
    if (!this.#parts.stopping.aborted) leaving.timer = setTimeout(() => this.#parts.ask(name), inMs);
  }

  #nextIn(leaving: Leaving, { problem }: DepartureResult): number {
    leaving.failures = problem === undefined ? 0 : leaving.failures + 1;
    if (problem === undefined) return LOOK_AGAIN_MS;
    return backoffDelay(leaving.failures, { baseMs: 1000, capMs: LONGEST_MS, random: this.#parts.random });
  }

  async #run(name: string, leaving: Leaving): Promise<DepartureResult> {
    const { settings, inventoryNamespace, entries, tenancy, now, wake, stopping } = this.#parts;
    const { departure, cancelled, hookMemory } = leaving;
    const spec = departure.application?.spec;
    const deadline = AbortSignal.timeout(spec === undefined ? DEADLINE_MS : timeoutOf(spec));
    const where = this.#clusterOf(departure);
    const parent = parentRef(name, inventoryNamespace);
    const leases = [settings.clusters.lease({ cluster: where })];
    const as = (serviceAccount: string | undefined): Cluster => {
      const lease = leaseAs(settings.clusters, { cluster: where, serviceAccount, parent });
      leases.push(lease);
      return on(lease.cluster);
    };
    const { on, token, signals } = writeRightOf(settings.division, name);
    try {
      return await runDeparture({
        ...departure,
        ...{ as, token, settings, inventoryNamespace, tenancy, now, hookMemory },
        moves: movesOf({ name, cluster: where, entries, settings, wake }),
        signal: AbortSignal.any([deadline, cancelled.signal, stopping, ...signals]),
        progress: (status) => {
          if (this.#leaving.get(name) === leaving) settings.report.put(whileRunning(leaving.status, status));
        },
      });
    } finally {
      for (const lease of leases) lease.release();
    }
  }

  #ended(name: string): void {
    const { settings } = this.#parts;
    this.#leaving.delete(name);
    this.#known.delete(name);
    settings.report.remove(name);
    settings.log.info({ application: name }, "an application is deleted, and nothing of it is left");
    this.#tellEnded(name);
    this.#parents.settle();
    // The parent went before the pass ended, so nobody else tells that this was the last of a declaration of many.
    if (this.#declarers.some(({ ending }) => ending !== undefined)) this.#judge();
  }
}
