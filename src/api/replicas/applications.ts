import type { FastifyRequest } from "fastify";
import { type ApplicationFilter, type Page, pageBy, type ReportStore } from "../../report/index.ts";
import type { SyncControl } from "../../sync/index.ts";
import { askEverywhere } from "./everywhere.ts";
import type { ReplicaFleet } from "./fleet.ts";
import { type AgedSummary, LastSummaries, untoldBy } from "./unseen.ts";

interface ElsewhereParts {
  readonly report: Pick<ReportStore, "get">;
  readonly control: Pick<SyncControl, "applications">;
  readonly fleet: ReplicaFleet;
}

interface Asked {
  readonly request: FastifyRequest;
  readonly query: ApplicationFilter;
}

/** The applications of the other replicas, and of those that no replica tells of what was known last. */
export class ApplicationsElsewhere {
  readonly #parts: ElsewhereParts;
  readonly #last = new LastSummaries();

  constructor(parts: ElsewhereParts) {
    this.#parts = parts;
  }

  /** One page out of those of all. */
  async with(own: Page<AgedSummary>, { request, query }: Asked): Promise<Page<AgedSummary>> {
    const { fleet } = this.#parts;
    const { answered, away, asked } = await askEverywhere(request, fleet);
    if (!asked) return own;
    const told = answered.flatMap(({ items }) => items.filter(isSummary));
    this.#last.note(told, Date.now());
    const untold = this.#untold(away).filter((one) => fits(one, query));
    const page = pageBy([...own.items, ...told, ...untold], query, ({ namespace, name }) => [
      `${namespace}\u0000${name}`,
    ]);
    const next = page.next ?? own.next ?? answered.find((one) => one.next !== undefined)?.next;
    const total = [own, ...answered].reduce((sum, one) => sum + one.total, untold.length);
    return { items: page.items, total, ...(next === undefined ? {} : { next }) };
  }

  #untold(away: readonly string[]): AgedSummary[] {
    const { control, report, fleet } = this.#parts;
    const isHere = (name: string): boolean => report.get(name) !== undefined;
    const why =
      away.length === 0
        ? "it is on its way from one replica to another"
        : `replica ${away.join(" and ")}, which works on it, does not answer`;
    return untoldBy(control, { fleet, away, isHere }).map((application) => this.#last.of(application, why));
  }
}

function isSummary(item: object): item is AgedSummary {
  return "namespace" in item && "name" in item && "sync" in item && "health" in item;
}

function fits({ namespace, name, sync, health }: AgedSummary, query: ApplicationFilter): boolean {
  if (query.sync !== undefined && sync.status !== query.sync) return false;
  if (query.health !== undefined && health.status !== query.health) return false;
  if (query.namespace !== undefined && namespace !== query.namespace) return false;
  return query.visible?.(`${namespace}/${name}`) ?? true;
}
