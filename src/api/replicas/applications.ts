import type { FastifyRequest } from "fastify";
import { applicationName, PlumblineError, toProblem } from "../../model/index.ts";
import type { Replica } from "../../replicas/index.ts";
import { type ApplicationFilter, type Page, pageBy, type ReportStore } from "../../report/index.ts";
import type { SyncControl } from "../../sync/index.ts";
import { SummarySchema } from "../summary.ts";
import { askEverywhere, checked } from "./everywhere.ts";
import type { ReplicaFleet } from "./fleet.ts";
import type { AgedSummary, LastKnown, Why } from "./last-known.ts";

interface ElsewhereParts {
  readonly report: Pick<ReportStore, "get">;
  readonly control: Pick<SyncControl, "applications">;
  readonly fleet: ReplicaFleet;
  readonly last: LastKnown;
}

interface Asked {
  readonly request: FastifyRequest;
  readonly query: ApplicationFilter;
}

/** The applications of the other replicas, and of those that no replica tells of what was known last. */
export class ApplicationsElsewhere {
  readonly #parts: ElsewhereParts;
  readonly #isSummary = checked<AgedSummary>(SummarySchema);

  constructor(parts: ElsewhereParts) {
    this.#parts = parts;
  }

  /** One page out of those of all. `ownPage` is asked when the others have answered: what came from one of them meanwhile is told twice, and not left out. */
  async with(ownPage: () => Page<AgedSummary>, { request, query }: Asked): Promise<Page<AgedSummary>> {
    const { fleet, last } = this.#parts;
    const { answered, away } = await askEverywhere(request, { fleet, isItem: this.#isSummary });
    last.note(answered.flatMap(({ items }) => items.filter(isTold)));
    const own = ownPage();
    const untold = this.#untold(away).filter((one) => fits(one, query));
    const pages = [own, ...answered, { items: untold, total: untold.length }];
    const all = once(pages.flatMap(({ items }) => items));
    const page = pageBy(all, query, ({ namespace, name }) => [`${namespace}\u0000${name}`]);
    const next = page.next ?? pages.find((one) => one.next !== undefined)?.next;
    const total = pages.reduce((sum, one) => sum + one.total, 0);
    return { items: page.items, total, ...(next === undefined ? {} : { next }) };
  }

  /** Of the applications of those who do not answer, and of those that are this replica's next: the one before has let go of them. */
  #untold(away: readonly Replica[]): AgedSummary[] {
    const { control, report, fleet, last } = this.#parts;
    const ids = new Set(away.map(({ id }) => id));
    return control.applications().flatMap((application) => {
      const name = applicationName(application);
      const owner = fleet.ownerOf(name);
      if (ids.has(owner.id)) return [last.summaryOf(application, awayWhy(owner))];
      return owner.id === fleet.self.id && report.get(name) === undefined ? [last.summaryOf(application, MOVING)] : [];
    });
  }
}

const MOVING: Why = toProblem(
  new PlumblineError("PL-REPLICA-MOVING", { message: "it is on its way from one replica to another" }),
);

function awayWhy({ id }: Replica): Why {
  const message = `replica ${id}, which works on it, does not answer`;
  return toProblem(new PlumblineError("PL-REPLICA-AWAY", { message }));
}

function isTold({ asOf, problem }: AgedSummary): boolean {
  return asOf === undefined && problem?.code !== "PL-REPLICA-AWAY" && problem?.code !== "PL-REPLICA-MOVING";
}

/** Two tell of one that is on its way: whoever works on it knows best, then whoever knows anything. */
function once(told: readonly AgedSummary[]): readonly AgedSummary[] {
  const best = new Map<string, AgedSummary>();
  for (const one of told) {
    const name = `${one.namespace}/${one.name}`;
    const before = best.get(name);
    if (before === undefined || rank(one) < rank(before)) best.set(name, one);
  }
  return [...best.values()];
}

function rank(one: AgedSummary): number {
  return isTold(one) ? 0 : one.asOf === undefined ? 2 : 1;
}

function fits({ namespace, name, sync, health }: AgedSummary, query: ApplicationFilter): boolean {
  if (query.sync !== undefined && sync.status !== query.sync) return false;
  if (query.health !== undefined && health.status !== query.health) return false;
  if (query.namespace !== undefined && namespace !== query.namespace) return false;
  return query.visible?.(`${namespace}/${name}`) ?? true;
}
