import type { Application, ApplicationStatus, PassStatus, Problem } from "../model/index.ts";
import type { WorkQueue } from "../queue/index.ts";
import type { History } from "../report/index.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { PassEnds } from "./pass-ends.ts";
import type { PassResult } from "./pass-input.ts";
import { resultOf, withPass } from "./record.ts";
import type { Repositories } from "./repositories.ts";
import { intervalOf, nextPassIn } from "./schedule.ts";
import type { SettingsRules } from "./settings-rules.ts";
import { sourceKey, sourcesOf } from "./source-names.ts";
import type { Trigger } from "./triggers.ts";
import type { SyncSettings } from "./types.ts";

export interface PassRecordsParts {
  readonly settings: SyncSettings;
  readonly entries: Entries;
  readonly history: History;
  readonly queue: WorkQueue<Trigger>;
  readonly repositories: Repositories;
  readonly settingsRules: SettingsRules;
  readonly passEnds: PassEnds;
  readonly now: () => number;
  readonly random: () => number;
  /** Has an application look again. */
  readonly wake: (name: string) => void;
  /** Aborted when the loop stops. */
  readonly stopping: AbortSignal;
}

/** What becomes of the end of a pass: status, history and metrics, when the next one is due, and who hears of it. */
export class PassRecords {
  readonly #parts: PassRecordsParts;

  constructor(parts: PassRecordsParts) {
    this.#parts = parts;
  }

  add(name: string, entry: Entry, { pass, result }: { readonly pass: PassStatus; readonly result: PassResult }): void {
    const { settings, entries, history, settingsRules, passEnds } = this.#parts;
    if (entries.get(name) !== entry) return;
    const { memory, application } = entry;
    const { problem } = result;
    memory.failures = problem?.retry === "soon" ? memory.failures + 1 : 0;
    const nextPassAt = this.#nextPassAt(name, entry, result);
    memory.status = withPass(memory.status, { status: result.status, pass, nextPassAt });
    settings.report.put(memory.status);
    if (result.judged !== undefined) entry.judged = result.judged;
    history.note(memory.status);
    this.#count(pass, problem);
    this.#doubtSources(application, problem);
    settingsRules.ended(name, result.matched, entries.all);
    passEnds.tell(name, pass.id);
    this.#wakeDependents(name);
  }

  /** Its status names a newer revision, and no pass was needed for that. */
  named(name: string, status: ApplicationStatus): void {
    this.#parts.settings.report.restate(status);
    this.#wakeDependents(name);
  }

  /** Whoever waits for this application looks again as soon as it has something new to say. */
  #wakeDependents(name: string): void {
    const { entries, wake } = this.#parts;
    for (const other of entries.dependentsOn(name)) if (entries.get(other)?.depends === true) wake(other);
  }

  /** Undefined where nothing but a trigger brings one. */
  #nextPassAt(name: string, { application, memory }: Entry, { problem, again }: PassResult): number | undefined {
    const { settings, queue, now, random, stopping } = this.#parts;
    if (application.spec.suspend || stopping.aborted) {
      queue.rest(name);
      return undefined;
    }
    const { jitter = 0.1 } = settings;
    const inMs = nextPassIn({
      ...{ spec: application.spec, problem, again },
      ...{ failures: memory.failures, jitter, random },
    });
    const request: Trigger = { kind: again === undefined ? "interval" : "retry" };
    const isRegular = again === undefined && problem?.retry !== "soon";
    return now() + queue.again(name, { request, inMs, isRegular, everyMs: intervalOf(application.spec) });
  }

  #count({ trigger, durationMs }: PassStatus, problem: Problem | undefined): void {
    const { settings, queue } = this.#parts;
    settings.metrics.passEnded({ trigger, result: resultOf(problem), durationMs });
    settings.metrics.queueDepth(queue.depth);
  }

  /** Where a pass could not read what it is rendered from, the next poll is due sooner. */
  #doubtSources({ spec }: Application, problem: Problem | undefined): void {
    if (problem === undefined || !/^PL-(GIT|CHART)-/.test(problem.code)) return;
    for (const source of sourcesOf(spec)) this.#parts.repositories.unanswered(sourceKey(source));
  }
}
