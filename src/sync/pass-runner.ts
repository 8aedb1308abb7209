import type { Cluster, ClusterLease } from "../cluster/index.ts";
import { type Application, applicationName, PlumblineError, toProblem } from "../model/index.ts";
import { parentRef, serviceAccountOf } from "../plan/index.ts";
import type { Run } from "../queue/index.ts";
import { declarationOf } from "./declarers.ts";
import { dependencySentence, type Fleet, lackOf, lacksOf } from "./dependencies.ts";
import { renderedState } from "./desired.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import { movesOf } from "./moves.ts";
import { newestRevisions } from "./newest-revisions.ts";
import { runPass } from "./pass.ts";
import type { PassInput, PassResult } from "./pass-input.ts";
import { suspendedStatus, whileRunning } from "./record.ts";
import { type RenderedAt, RunningPass } from "./running-pass.ts";
import { timeoutOf } from "./schedule.ts";
import { Steps, timeoutError } from "./steps.ts";
import type { Tenancy } from "./tenancy.ts";
import { clusterAs, leaseAs, type Tenant } from "./tenant-cluster.ts";
import type { Trigger } from "./triggers.ts";
import type { SyncSettings } from "./types.ts";
import { type WriteRight, writeRightOf } from "./write-right.ts";

export interface PassRunnerParts {
  readonly settings: SyncSettings;
  readonly inventoryNamespace: string;
  readonly entries: Entries;
  readonly tenancy: Tenancy;
  readonly now: () => number;
  /** Has an application look again. */
  readonly wake: (name: string) => void;
  /** Aborted when the loop stops. */
  readonly stopping: AbortSignal;
}

interface Asked {
  readonly trigger: Trigger;
  readonly run: Run;
}

interface Looking {
  readonly trigger: Trigger | undefined;
  readonly signal: AbortSignal;
  readonly steps?: Steps;
  /** Default: the one that its application names, for a moment. */
  readonly cluster?: Cluster;
  /** Default: as it is now. */
  readonly right?: WriteRight;
}

const ASK_AGAIN_MS = 2000;

function unanswered(id: string): (error: unknown) => string {
  return (error) => `replica ${id}, which works on it, does not answer: ${toProblem(error).message}`;
}

/** How often those who wait for an application hear of its pass at most. */
const TELL_MS = 5000;

/** Gives a pass, or somebody who only looks, what it needs of the loop, and ends a pass at its deadline. */
export class PassRunner {
  readonly #parts: PassRunnerParts;
  readonly #kept = new Map<string, ClusterLease>();
  #latest = Number.NEGATIVE_INFINITY;

  constructor(parts: PassRunnerParts) {
    this.#parts = parts;
  }

  async run(name: string, entry: Entry, { trigger, run }: Asked): Promise<PassResult> {
    const { application, memory } = entry;
    entry.depends = false;
    this.#heedClock();
    if (application.spec.suspend) return { status: suspendedStatus(application, memory.status), outcomes: [] };
    const deadline = new AbortController();
    const timeoutMs = timeoutOf(application.spec);
    const right = writeRightOf(this.#parts.settings.division, name);
    const ended = [deadline.signal, entry.forgotten.signal, this.#parts.stopping, ...right.signals];
    const signal = AbortSignal.any(run.signal === undefined ? ended : [...ended, run.signal]);
    const steps = new Steps(signal);
    const running = new RunningPass({ place: run, steps, newest: () => this.#newest(name) });
    const timer = setTimeout(() => deadline.abort(timeoutError(timeoutMs, steps.doing)), timeoutMs);
    entry.running = running;
    const tenant = this.#tenantOf(name, entry);
    const lease = leaseAs(this.#parts.settings.clusters, tenant);
    const looking = { trigger, signal, steps, right, cluster: lease.cluster };
    const result = await runPass({ ...this.#passInput(name, entry, looking), running });
    this.#keep(name, entry, tenant.serviceAccount === undefined ? undefined : lease);
    if (tenant.serviceAccount === undefined) lease.release();
    entry.running = undefined;
    clearTimeout(timer);
    return result;
  }

  /** The client of a service account is open from one pass to the next, so that its watches tell of drift meanwhile. */
  #keep(name: string, { forgotten }: Pick<Entry, "forgotten">, lease: ClusterLease | undefined): void {
    const before = this.#kept.get(name);
    this.#kept.delete(name);
    if (lease !== undefined && !forgotten.signal.aborted) {
      this.#kept.set(name, lease);
      if (before === undefined)
        forgotten.signal.addEventListener("abort", () => this.#keep(name, { forgotten }, undefined), { once: true });
    } else lease?.release();
    before?.release();
  }

  /** What Git says by now, rendered: a folder beside the application's may be part of it. */
  async #newest(name: string): Promise<RenderedAt | undefined> {
    try {
      const input = this.readingInput(name);
      const { newest, resolution } = await renderedState(input, input.steps);
      return { revision: resolution.revision, key: newest.key };
    } catch (error) {
      this.#parts.settings.log.debug(
        { err: error, application: name },
        "what is newer cannot be told while a pass waits",
      );
      return undefined;
    }
  }

  /** For somebody who only wants to look. Errors: PL-API-NOT-FOUND. */
  readingInput(name: string, signal: AbortSignal = this.#parts.stopping): PassInput {
    const entry = this.#parts.entries.get(name);
    if (entry !== undefined) return this.#passInput(name, entry, { trigger: undefined, signal });
    throw new PlumblineError("PL-API-NOT-FOUND", { message: `there is no application ${name}` });
  }

  /** Where the wall clock was set back, nobody waits until it is again as late as it was. Forward, waits only end too early. */
  #heedClock(): void {
    const { now, entries } = this.#parts;
    const time = now();
    if (time < this.#latest) for (const [, { memory }] of entries.own()) memory.forgetTimes();
    this.#latest = time;
  }

  #passInput(name: string, entry: Entry, looking: Looking): PassInput {
    const { settings, inventoryNamespace, entries, tenancy, now, wake } = this.#parts;
    const { application, memory } = entry;
    const { trigger, signal, steps = new Steps(signal), right = writeRightOf(settings.division, name) } = looking;
    return {
      application,
      declaration: declarationOf({ application, by: entry.declaredBy }),
      name,
      passId: entry.passId,
      cluster: right.on(looking.cluster ?? clusterAs(settings.clusters, this.#tenantOf(name, entry))),
      token: right.token,
      settings,
      inventoryNamespace,
      memory,
      moves: movesOf({ name, entries, settings, wake, cluster: entries.clusterOf(application) }),
      ruled: tenancy.of({ application, by: entry.declaredBy }),
      manual: trigger?.kind === "manual",
      allowPrune: trigger?.allowPrune === true,
      onlyPlan: trigger?.plan,
      signal,
      steps,
      leftBehind: entry.leftBehind,
      circle: entry.circle,
      blockedBy: () => this.#blockedBy(entry, application),
      progress: (status) => {
        if (entries.get(name) !== entry) return;
        settings.report.put(whileRunning(memory.status, status));
        this.#tellDependents(name);
      },
      now,
      log: settings.log,
    };
  }

  /** Who is held by his Project is nobody else meanwhile: whom he names is not asked for either. */
  #tenantOf(name: string, { application, declaredBy: by }: Entry): Tenant {
    const { tenancy, inventoryNamespace } = this.#parts;
    const isHeld = tenancy.of({ application, by }).problems.length > 0;
    return {
      cluster: application.spec.destination.cluster,
      serviceAccount: isHeld ? undefined : serviceAccountOf(application),
      parent: parentRef(name, inventoryNamespace),
    };
  }

  /** Whoever waits for an application says what that one is at, while its pass goes on. */
  #tellDependents(name: string): void {
    const { entries, now } = this.#parts;
    for (const other of entries.dependentsOn(name)) {
      const entry = entries.get(other);
      if (entry?.depends !== true || entry.telling !== undefined) continue;
      const since = Math.abs(now() - entry.toldAt);
      if (since < TELL_MS) entry.telling = setTimeout(() => this.#tellNow(entry, other), TELL_MS - since).unref();
      else this.#tellNow(entry, other);
    }
  }

  #tellNow(entry: Entry, name: string): void {
    const { entries, now, wake } = this.#parts;
    entry.telling = undefined;
    entry.toldAt = now();
    if (entries.get(name) === entry && entry.depends) wake(name);
  }

  /** Noted before the look and after it: whoever gets ready in between wakes it all the same. */
  async #blockedBy(entry: Entry, application: Application): Promise<string | undefined> {
    const { settings, wake } = this.#parts;
    entry.depends = true;
    const lacks = await lacksOf(application, this.#fleet());
    entry.depends = lacks.length > 0;
    // Nobody tells of what happens in another process.
    if (lacks.some(({ name }) => settings.neighbours?.of(name) !== undefined))
      setTimeout(() => wake(applicationName(application)), ASK_AGAIN_MS).unref();
    return dependencySentence(lacks);
  }

  /** What an application that this process works on lacks for those that depend on it. */
  async lack(name: string): Promise<string | undefined> {
    const { settings, entries } = this.#parts;
    const isElsewhere = entries.get(name) !== undefined && settings.division?.owns(name) === false;
    return isElsewhere
      ? "it was not looked at yet"
      : await lackOf(name, { ...this.#fleet(), elsewhere: () => undefined });
  }

  #fleet(): Fleet {
    const { settings, entries } = this.#parts;
    return {
      application: (other) => entries.get(other)?.application,
      status: (other) => settings.report.get(other),
      behind: (other) => this.#behind(other),
      elsewhere: (other) => {
        const there = settings.neighbours?.of(other);
        return there && (() => there.neighbour.lack(other).catch(unanswered(there.id)));
      },
    };
  }

  async #behind(name: string): Promise<string | undefined> {
    const entry = this.#parts.entries.get(name);
    if (entry?.judged === undefined)
      return entry?.running === undefined ? "it was not looked at yet" : "its first pass has not ended yet";
    const { application, judged } = entry;
    if (judged.application !== application) return "its declaration has changed since it was looked at";
    const newest = await newestRevisions(application, this.#parts.settings.source);
    const unseen = newest.find((revision, i) => revision !== judged.revisions[i]);
    if (unseen === undefined) return undefined;
    const what = entry.running === undefined ? "it was not looked at" : "its pass has not ended";
    return `${what} since revision ${unseen.slice(0, 12)} is known`;
  }
}
