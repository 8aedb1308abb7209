import {
  type Application,
  type ApplicationStatus,
  applicationName,
  type ClusterStatus,
  type Problem,
  type TriggerKind,
} from "../model/index.ts";
import { createLocalQueue, type Run, type WorkQueue } from "../queue/index.ts";
import { createHistory, type History } from "../report/index.ts";
import { type Declarer, declaredBy } from "./declarers.ts";
import { Departures } from "./departures.ts";
import { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import { Fleets } from "./fleet/fleets.ts";
import { Instructing } from "./instructing.ts";
import { Looks } from "./looks.ts";
import { NeededClusters } from "./needed-clusters.ts";
import { neighbourHere } from "./neighbour-here.ts";
import type { Neighbour } from "./neighbours.ts";
import { cancelled, PassEnds } from "./pass-ends.ts";
import type { PassInput } from "./pass-input.ts";
import { PassRecords } from "./pass-records.ts";
import { PassRunner } from "./pass-runner.ts";
import { Polled } from "./polled.ts";
import { firstStatus, passStatus } from "./record.ts";
import { SettingsRules } from "./settings-rules.ts";
import { Shares } from "./shares.ts";
import type { SourceName } from "./source-names.ts";
import { type KnownProjects, type ProjectStatus, type Subject, Tenancy } from "./tenancy.ts";
import { joined, newerThanAny, rankOf, type SyncRequest, type Trigger, unasked } from "./triggers.ts";
import type { Delivery, PolledCounts, Sync, SyncSettings } from "./types.ts";
import { followChanges } from "./watched-changes.ts";

/** The loop. Holds what is remembered, decides when a pass runs, and lets runPass decide everything else. */
export class Engine extends Looks implements Sync {
  readonly instructions: Instructing;
  readonly fleets: Fleets;
  readonly #tenancy: Tenancy;
  readonly neighbour: Neighbour;
  readonly #settings: SyncSettings;
  readonly #history: History;
  readonly #now: () => number;
  readonly #entries: Entries;
  readonly #passes: PassRunner;
  readonly #departures: Departures;
  readonly #passEnds: PassEnds;
  readonly #records: PassRecords;
  readonly #queue: WorkQueue<Trigger>;
  readonly #clusters: NeededClusters;
  readonly #polled: Polled;
  readonly #settingsRules: SettingsRules;
  readonly #shares: Shares;
  readonly #stopping = new AbortController();
  /** What people asked for before the start: the API listens a moment before the loop runs. */
  readonly #early: (() => void)[] = [];
  #unsubscribe: (() => void) | undefined;
  #started = false;

  constructor(settings: SyncSettings) {
    super();
    this.#settings = settings;
    this.#passEnds = new PassEnds(settings.report);
    const inventoryNamespace = settings.inventoryNamespace ?? "plumbline-system";
    this.#now = settings.now ?? Date.now;
    const random = settings.random ?? Math.random;
    this.#history = settings.history ?? createHistory({ log: settings.log, now: this.#now });
    this.#entries = new Entries(inventoryNamespace, settings.clusters.home.name, settings.kept);
    const stopping = this.#stopping.signal;
    const wake = (name: string): void => this.trigger(name, "retry");
    const tenancy = new Tenancy({
      ...{ ownNamespace: inventoryNamespace, cluster: settings.clusters.home.name },
      ...{ isRequired: settings.requireProjects, application: (name) => this.application(name) },
    });
    this.#tenancy = tenancy;
    this.fleets = new Fleets({ source: settings.source, stopping, tenancy, declare: (all) => this.#declare(all) });
    this.#passes = new PassRunner({
      ...{ settings, inventoryNamespace, stopping, tenancy, entries: this.#entries, now: this.#now, wake },
    });
    this.#departures = new Departures({
      ...{ settings, inventoryNamespace, stopping, tenancy, entries: this.#entries, now: this.#now, random },
      ...{ ask: (name) => this.#askLeaving(name, "config"), wake, onHeld: (held) => this.fleets.hold(held) },
    });
    this.instructions = new Instructing({
      ...{ entries: this.#entries, input: (name) => this.#passes.readingInput(name) },
      ...{ ask: (name, trigger) => this.#ask(name, trigger), history: this.#history },
    });
    const here = { settings, entries: this.#entries, wake };
    this.neighbour = neighbourHere(this.#passes, here);
    this.#clusters = new NeededClusters(here);
    this.#settingsRules = new SettingsRules(settings.ignore ?? [], settings.log);
    const makeQueue = settings.queue ?? createLocalQueue;
    this.#queue = makeQueue<Trigger>({
      concurrency: settings.concurrency ?? 64,
      ...{ merge: joined, rankOf, unasked },
      work: (name, trigger, run) => {
        const place = { cluster: this.#departures.clusterOf(name), run, rank: rankOf(trigger) };
        return this.#clusters.places.within(place, (own) =>
          this.#shares.run(name, () => this.#pass(name, trigger, own)),
        );
      },
      onError: (name, err) => settings.log.error({ err, application: name }, "a pass failed on a fault of its own"),
    });
    this.#polled = new Polled({
      ...{ settings, random, entries: this.#entries, fleets: this.fleets, tenancy, trigger: this.trigger.bind(this) },
      ...{ isWaiting: (name) => this.#queue.isWaiting(name), onNamed: (name, one) => this.#records.named(name, one) },
    });
    this.#shares = new Shares({
      ...{ division: settings.division, kept: settings.kept },
      names: () => [...this.#entries.all.keys(), ...this.#departures.names()],
      ...{ onGained: (name) => this.#begin(name), onMoved: () => this.#departures.divided() },
      ...{ onLosing: (name) => this.#queue.drop(name), onLost: (name) => this.#lost(name) },
    });
    this.#records = new PassRecords({
      ...{ settings, stopping, random, now: this.#now, entries: this.#entries, history: this.#history },
      ...{ queue: this.#queue, repositories: this.#polled.repositories, settingsRules: this.#settingsRules },
      ...{ passEnds: this.#passEnds, wake: (name) => this.trigger(name, "retry") },
    });
  }

  async start(): Promise<void> {
    this.#started = true;
    this.#unsubscribe = followChanges({
      ...{ clusters: this.#settings.clusters, entries: this.#entries },
      ...{ departures: this.#departures, instructions: this.instructions },
      ...{ onMoved: (name) => this.trigger(name, "drift"), onLeavingMoved: (name) => this.#askLeaving(name, "drift") },
    });
    this.#polled.follow();
    this.#polled.repositories.start();
    this.#shares.start();
    this.#departures.start();
    for (const name of this.#entries.all.keys()) this.trigger(name, "start");
    for (const ask of this.#early.splice(0)) ask();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(cancelled("Plumbline is stopping"));
    this.#unsubscribe?.();
    this.#shares.stop();
    this.#departures.stop();
    this.#clusters.stop();
    await Promise.all([this.#queue.close(), this.#polled.repositories.close(), this.fleets.settled()]);
  }

  setApplications(applications: readonly Application[]): void {
    this.setDeclarers([{ id: "", applications }]);
  }

  setDeclarers(declarers: readonly Declarer[]): void {
    this.fleets.set(declarers);
  }

  #declare(declarers: readonly Declarer[]): void {
    const { added, changed, gone } = this.#entries.replace(declaredBy(declarers));
    this.#clusters.look();
    for (const [name, entry] of gone) this.#forget(name, entry);
    for (const name of added) this.#begin(name);
    for (const name of changed) this.#redeclared(name);
    this.#departures.setDeclarers(declarers, gone);
    this.#shares.renamed();
    if (this.#started) this.#polled.follow();
  }

  setProjects(known: KnownProjects): void {
    const changed = this.#tenancy.set(known, this.#subjects());
    this.fleets.look(() => true);
    if (this.#started) this.#polled.follow();
    for (const { application } of changed) this.trigger(applicationName(application), "config");
  }

  projects(): readonly ProjectStatus[] {
    return this.#tenancy.statuses(this.#subjects(), this.#settings.report);
  }

  #subjects(): readonly Subject[] {
    return [...this.#entries.all.values()].map(({ application, declaredBy: by }) => ({ application, by }));
  }

  async remove(name: string, how: "prune" | "orphan"): Promise<void> {
    await this.#departures.remove(name, how);
  }

  onEnded(listen: (name: string) => void): void {
    this.#departures.onEnded(listen);
  }

  applications(): readonly Application[] {
    return [...this.#entries.all.values()].map(({ application }) => application);
  }

  application(name: string): Application | undefined {
    return this.#entries.get(name)?.application;
  }

  trigger(name: string, kind: TriggerKind): void {
    this.#ask(name, { kind });
  }

  #ask(name: string, trigger: Trigger): void {
    if (!this.#started && trigger.kind === "manual") this.#early.push(() => this.#ask(name, trigger));
    if (this.#entries.get(name) === undefined || !this.#started || !this.#shares.owns(name)) return;
    this.#queue.add(name, trigger);
    const why = newerThanAny(trigger);
    if (why !== undefined) this.#entries.get(name)?.running?.supersede(why);
    this.#settings.metrics.queueDepth(this.#queue.depth);
  }

  async sync(name: string, request: SyncRequest = {}): Promise<number | undefined> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    await this.#polled.refresh(entry);
    this.#ask(name, { kind: "manual", ...request });
    return entry.passId + 1;
  }

  async passEnded(name: string, id: number, signal: AbortSignal): Promise<ApplicationStatus> {
    return await this.#passEnds.wait(name, id, signal);
  }

  protected readingInput(name: string, signal?: AbortSignal): PassInput {
    return this.#passes.readingInput(name, signal);
  }

  delivered(delivery: Delivery): readonly string[] {
    return this.#polled.delivered(delivery);
  }

  moved(source: SourceName): void {
    this.#polled.repositories.told(source);
  }

  repositories(): PolledCounts {
    return this.#polled.repositories.counts();
  }

  clusters(): readonly ClusterStatus[] {
    return this.#clusters.statuses();
  }

  readiness(): { ready: boolean; problems: readonly Problem[] } {
    const isSeen = ([name, one]: [string, Entry]) => !this.#shares.owns(name) || one.memory.status !== undefined;
    const ready = this.#started && [...this.#entries.all].every(isSeen);
    return { ready, problems: [...this.#clusters.problems(), ...this.#queue.problems()] };
  }

  #begin(name: string): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined && this.#shares.owns(name)) {
      entry.passId = this.#history.lastId(name);
      this.#settings.report.put(firstStatus(entry.application));
    }
    this.trigger(name, "start");
    this.#askLeaving(name, "config");
  }

  #redeclared(name: string): void {
    for (const object of this.#entries.get(name)?.memory.objects.values() ?? []) delete object.verdict;
    this.trigger(name, "config");
  }

  #forget(name: string, entry: Entry): void {
    entry.forgotten.abort(cancelled(`application ${name} is no longer wanted`));
    this.#queue.drop(name);
    this.#settingsRules.forget(name);
    this.#settings.report.remove(name);
  }

  #askLeaving(name: string, kind: TriggerKind): void {
    if (this.#entries.get(name) === undefined && this.#shares.owns(name)) this.#queue.add(name, { kind });
  }

  #lost(name: string): void {
    this.#queue.drop(name);
    this.#entries.forgetWork(name);
    this.#settings.report.remove(name);
  }

  async #pass(name: string, trigger: Trigger, run: Run): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return await this.#departures.pass(name, trigger);
    const id = ++entry.passId;
    const startedAt = this.#now();
    const result = await this.#passes.run(name, entry, { trigger, run });
    const pass = passStatus({ id, trigger, startedAt, finishedAt: this.#now(), result });
    this.#records.add(name, entry, { pass, result });
  }
}
