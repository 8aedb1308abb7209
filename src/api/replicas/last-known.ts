import { parseJson } from "../../kit/parse-json.ts";
import { type Application, type ApplicationStatus, type ErrorCode, isJsonObject } from "../../model/index.ts";
import { type ReportStore, summaryView } from "../../report/index.ts";
import { type Aged, LastAnswers } from "./last-answers.ts";

type Summary = ReturnType<typeof summaryView>;
/** As its replica told it last, and when. */
export type AgedSummary = Summary & { readonly asOf?: string };

/** Of half a kilobyte each. */
const MOST = 50_000;

/** What is known of applications that this replica does not work on, for while nobody can be asked: as others told it, or as it was when it was lost. */
export class LastKnown {
  readonly answers = new LastAnswers();
  /** As text: a tenth of the memory. */
  readonly #summaries = new Map<string, { readonly text: string; readonly at: number }>();
  readonly #now: () => number;

  constructor(report: Pick<ReportStore, "onChange">, now: () => number) {
    this.#now = now;
    const own = new Map<string, ApplicationStatus>();
    report.onChange((name, status) => {
      const before = own.get(name);
      if (status !== undefined) own.set(name, status);
      else own.delete(name);
      if (status === undefined && before?.lastPass !== undefined) this.note([summaryView(before, now())]);
    });
  }

  note(summaries: readonly Summary[]): void {
    const at = this.#now();
    for (const one of summaries) {
      const name = `${one.namespace}/${one.name}`;
      this.#summaries.delete(name);
      this.#summaries.set(name, { text: JSON.stringify(one), at });
    }
    for (const name of this.#summaries.keys()) {
      if (this.#summaries.size <= MOST) break;
      this.#summaries.delete(name);
    }
  }

  /** In place of the application's own answer. */
  detailOf(name: string): Aged | undefined {
    const known = this.#summaries.get(name);
    const summary = known === undefined ? undefined : parseJson(known.text);
    if (known === undefined || !isJsonObject(summary)) return undefined;
    const { stale: _stale, lastSyncAt: _at, problem: _problem, ...value } = summary;
    return { value: { ...value, problems: [], warnings: [] }, at: new Date(known.at).toISOString() };
  }

  /** `why`: nothing newer can be had. */
  summaryOf(application: Application, why: Why): AgedSummary {
    const { namespace, name } = application.metadata;
    const known = this.#summaries.get(`${namespace}/${name}`);
    if (known === undefined) return summaryView(untold(application, why), this.#now());
    const summary: Summary = JSON.parse(known.text);
    return { ...summary, asOf: new Date(known.at).toISOString() };
  }
}

export interface Why {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
}

function untold({ metadata: { namespace, name }, spec }: Application, why: Why): ApplicationStatus {
  const { repo, ref, path } = spec.source;
  const { message } = why;
  return {
    ...{ namespace, name, resources: [], drift: [], warnings: [] },
    sync: { status: "Unknown", message },
    health: { status: "Unknown", message },
    source: { repo, ref, path },
    problems: [{ ...why, where: `${namespace}/${name}`, retry: "soon" }],
  };
}
