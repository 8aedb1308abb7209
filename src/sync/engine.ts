import { hashJson } from "../kit/hash.ts";
import { KeyedQueue } from "../kit/keyed-queue.ts";
import {
  APPLICATION_ANNOTATION,
  type Application,
  type ApplicationStatus,
  applicationName,
  type PassStatus,
  type Plan,
  PlumblineError,
  type Problem,
  refKey,
  type TriggerKind,
} from "../model/index.ts";
import { applySetId } from "../plan/index.ts";
import { blockedBy, dependentsOf } from "./dependencies.ts";
import { differencesOnly } from "./differences.ts";
import { type Entry, newEntry } from "./entry.ts";
import { isUnmoved } from "./moved.ts";
import { planOnly, runPass } from "./pass.ts";
import { PassEnds } from "./pass-ends.ts";
import type { PassInput, PassResult } from "./pass-input.ts";
import { firstStatus, passStatus, resultOf, suspendedStatus, whileRunning, withPass } from "./record.ts";
import { renderOnly } from "./rendered.ts";
import { Repositories } from "./repositories.ts";
import { nextPassIn, timeoutOf } from "./schedule.ts";
import { SettingsRules } from "./settings-rules.ts";
import { sourceKey, sourcesOf } from "./source-names.ts";
import { Steps, timeoutError } from "./steps.ts";
import { strongerOf } from "./triggers.ts";
import type { Delivery, Difference, Rendered, Sync, SyncSettings } from "./types.ts";

/** The loop. Holds what is remembered, decides when a pass runs, and lets runPass decide everything else. */
export class Engine implements Sync {
  readonly #settings: SyncSettings;
  readonly #inventoryNamespace: string;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #nameOfSet = new Map<string, string>();
  /** Who depends on an application, by its name. */
  #dependents: ReadonlyMap<string, readonly string[]> = new Map();
  readonly #passEnds: PassEnds;
  readonly #queue: KeyedQueue<TriggerKind>;
  readonly #repositories: Repositories;
  readonly #settingsRules: SettingsRules;
  readonly #stopping = new AbortController();
  #unsubscribe: (() => void) | undefined;
  #started = false;

  constructor(settings: SyncSettings) {
    this.#settings = settings;
    this.#passEnds = new PassEnds(settings.report);
    this.#inventoryNamespace = settings.inventoryNamespace ?? "plumbline-system";
    this.#now = settings.now ?? Date.now;
    this.#random = settings.random ?? Math.random;
    this.#settingsRules = new SettingsRules(settings.ignore ?? [], settings.log);
    this.#queue = new KeyedQueue<TriggerKind>({
      concurrency: settings.concurrency ?? 16,
      merge: strongerOf,
      work: (name, kind) => this.#pass(name, kind),
      onError: (name, error) =>
        settings.log.error({ err: error, application: name }, "a pass failed on a fault of its own"),
    });
    this.#repositories = new Repositories({
      source: settings.source,
      log: settings.log,
      jitter: settings.jitter ?? 0.1,
      random: this.#random,
      onPolled: (repo, kind) => void this.#repositoryMoved(repo, kind),
    });
  }

  async start(): Promise<void> {
    this.#started = true;
    this.#unsubscribe = this.#settings.cluster.live.onChange(({ object, ref, type, applySetId: id }) => {
      const name = id === undefined ? object.metadata.annotations?.[APPLICATION_ANNOTATION] : this.#nameOfSet.get(id);
      const entry = name === undefined ? undefined : this.#entries.get(name);
      if (name === undefined || entry === undefined) return;
      const seen = entry.memory.of(refKey(ref)).verdict?.resourceVersion;
      if (type === "present" && seen === object.metadata.resourceVersion) return;
      this.trigger(name, "drift");
    });
    this.#follow();
    for (const name of this.#entries.keys()) this.trigger(name, "start");
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
    this.#unsubscribe?.();
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
    await Promise.all([this.#queue.close(), this.#repositories.close()]);
  }

  setApplications(applications: readonly Application[]): void {
    const wanted = new Map(applications.map((application) => [applicationName(application), application]));
    for (const name of [...this.#entries.keys()]) if (!wanted.has(name)) this.#forget(name);
    for (const [name, application] of wanted) this.#setOne(name, application);
    this.#dependents = dependentsOf(applications);
    if (this.#started) this.#follow();
  }

  applications(): readonly Application[] {
    return [...this.#entries.values()].map(({ application }) => application);
  }

  application(name: string): Application | undefined {
    return this.#entries.get(name)?.application;
  }

  trigger(name: string, kind: TriggerKind): void {
    if (!this.#entries.has(name) || !this.#started) return;
    this.#queue.add(name, kind);
    this.#settings.metrics.queueDepth(this.#queue.depth);
  }

  async sync(name: string): Promise<number | undefined> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    const sources = sourcesOf(entry.application.spec).map(sourceKey);
    await Promise.all(sources.map((source) => this.#repositories.refresh(source, "commit")));
    this.trigger(name, "manual");
    return entry.passId + 1;
  }

  async passEnded(name: string, id: number, signal: AbortSignal): Promise<ApplicationStatus> {
    return await this.#passEnds.wait(name, id, signal);
  }

  async plan(name: string, signal: AbortSignal = this.#stopping.signal): Promise<Plan> {
    return await planOnly(this.#readingInput(name, signal));
  }

  async differences(name: string, signal: AbortSignal = this.#stopping.signal): Promise<readonly Difference[]> {
    return await differencesOnly(this.#readingInput(name, signal));
  }

  async rendered(name: string, signal: AbortSignal = this.#stopping.signal): Promise<Rendered> {
    return await renderOnly(this.#readingInput(name, signal));
  }

  delivered({ urls }: Delivery): readonly string[] {
    const repos = this.#repositories.meant(urls);
    for (const repo of repos) void this.#repositories.refresh(repo, "webhook");
    return [...this.#entries]
      .filter(([, { application }]) => sourcesOf(application.spec).some((one) => repos.includes(sourceKey(one))))
      .map(([name]) => name);
  }

  readiness(): { ready: boolean; problems: readonly Problem[] } {
    const problems = this.#settings.cluster.live.broken().map(({ problem }) => problem);
    const looked = [...this.#entries.values()].every(({ memory }) => memory.status !== undefined);
    return { ready: this.#started && looked, problems };
  }

  #follow(): void {
    const applications = this.applications();
    this.#repositories.follow(applications);
    const { source, log } = this.#settings;
    source.retain(applications.flatMap(({ spec }) => sourcesOf(spec))).catch((error: unknown) => {
      log.warn({ err: error }, "mirrors that nobody uses could not be removed");
    });
  }

  #setOne(name: string, application: Application): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      this.#entries.set(name, newEntry(application));
      this.#nameOfSet.set(applySetId(name, this.#inventoryNamespace), name);
      this.#settings.report.put(firstStatus(application));
      this.trigger(name, "start");
    } else if (hashJson(entry.application.spec) !== hashJson(application.spec)) {
      entry.application = application;
      for (const object of entry.memory.objects.values()) delete object.verdict;
      this.trigger(name, "config");
    }
  }

  #forget(name: string): void {
    const entry = this.#entries.get(name);
    clearTimeout(entry?.timer);
    entry?.forgotten.abort(
      new PlumblineError("PL-PASS-CANCELLED", { message: `application ${name} is no longer wanted` }),
    );
    this.#entries.delete(name);
    this.#nameOfSet.delete(applySetId(name, this.#inventoryNamespace));
    this.#queue.drop(name);
    this.#settingsRules.forget(name);
    this.#settings.report.remove(name);
  }

  /** Those whose own tree moved go first; the others only have a newer revision to name. */
  async #repositoryMoved(repo: string, kind: TriggerKind): Promise<void> {
    const unmoved: string[] = [];
    for (const [name, { application, memory }] of this.#entries) {
      if (!sourcesOf(application.spec).some((source) => sourceKey(source) === repo)) continue;
      if (await isUnmoved(application, memory, this.#settings.source)) unmoved.push(name);
      else this.trigger(name, kind);
    }
    for (const name of unmoved) this.trigger(name, "interval");
  }

  /** For somebody who only wants to look. */
  #readingInput(name: string, signal: AbortSignal): PassInput {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return this.#passInput(name, entry, { manual: false, signal });
    throw new PlumblineError("PL-API-NOT-FOUND", { message: `there is no application ${name}` });
  }

  #passInput(
    name: string,
    entry: Entry,
    { manual, signal, steps = new Steps(signal) }: { manual: boolean; signal: AbortSignal; steps?: Steps },
  ): PassInput {
    const settings = this.#settings;
    const { application, memory } = entry;
    return {
      application,
      name,
      passId: entry.passId,
      settings,
      inventoryNamespace: this.#inventoryNamespace,
      memory,
      manual,
      signal,
      steps,
      blockedBy: blockedBy(application, {
        application: (other) => this.application(other),
        status: (other) => settings.report.get(other),
      }),
      progress: (status) => {
        if (this.#entries.get(name) === entry) settings.report.put(whileRunning(memory.status, status));
      },
      now: this.#now,
      log: settings.log,
    };
  }

  async #pass(name: string, kind: TriggerKind): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    const id = ++entry.passId;
    const startedAt = this.#now();
    const result = await this.#work(name, entry, kind);
    this.#record(name, entry, passStatus({ id, trigger: kind, startedAt, finishedAt: this.#now(), result }), result);
  }

  async #work(name: string, entry: Entry, kind: TriggerKind): Promise<PassResult> {
    const { application, memory } = entry;
    if (application.spec.suspend) return { status: suspendedStatus(application, memory.status), outcomes: [] };
    const deadline = new AbortController();
    const timeoutMs = timeoutOf(application.spec);
    const signal = AbortSignal.any([deadline.signal, entry.forgotten.signal, this.#stopping.signal]);
    const steps = new Steps(signal);
    const timer = setTimeout(() => deadline.abort(timeoutError(timeoutMs, steps.doing)), timeoutMs);
    const result = await runPass(this.#passInput(name, entry, { manual: kind === "manual", signal, steps }));
    clearTimeout(timer);
    return result;
  }

  #record(name: string, entry: Entry, pass: PassStatus, result: PassResult): void {
    if (this.#entries.get(name) !== entry) return;
    const { memory, application } = entry;
    const { problem, again } = result;
    memory.failures = problem?.retry === "soon" ? memory.failures + 1 : 0;
    const { metrics, report, jitter = 0.1 } = this.#settings;
    const inMs = nextPassIn({
      spec: application.spec,
      problem,
      again,
      failures: memory.failures,
      jitter,
      random: this.#random,
    });
    const resting = application.spec.suspend || this.#stopping.signal.aborted;
    const nextPassAt = resting ? undefined : this.#now() + inMs;
    memory.status = withPass(memory.status, { status: result.status, pass, nextPassAt });
    report.put(memory.status);
    metrics.passEnded({ trigger: pass.trigger, result: resultOf(problem), durationMs: pass.durationMs });
    metrics.queueDepth(this.#queue.depth);
    if (!resting) entry.timer = setTimeout(() => this.trigger(name, again === undefined ? "interval" : "retry"), inMs);
    if (problem !== undefined && /^PL-(GIT|CHART)-/.test(problem.code)) {
      for (const source of sourcesOf(application.spec)) this.#repositories.unanswered(sourceKey(source));
    }
    this.#settingsRules.ended(name, result.matched, this.#entries);
    this.#passEnds.tell(name, pass.id);
    this.#wakeDependents(name);
  }

  /** Whoever waits for this application looks again as soon as it has something new to say. */
  #wakeDependents(name: string): void {
    for (const other of this.#dependents.get(name) ?? []) {
      if (this.#entries.get(other)?.memory.status?.waiting !== undefined) this.trigger(other, "retry");
    }
  }
}
