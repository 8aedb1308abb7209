import type { Application, ApplicationStatus } from "../../model/index.ts";
import { summaryView } from "../../report/index.ts";
import type { SyncControl } from "../../sync/index.ts";
import type { ReplicaFleet } from "./fleet.ts";

type Summary = ReturnType<typeof summaryView>;
/** As its replica told it last, and when. */
export type AgedSummary = Summary & { readonly asOf?: string };

/** What other replicas told of their applications last, for while they cannot be asked. */
export class LastSummaries {
  readonly #known = new Map<string, AgedSummary>();

  note(summaries: readonly Summary[], now: number): void {
    const asOf = new Date(now).toISOString();
    for (const one of summaries) this.#known.set(`${one.namespace}/${one.name}`, { ...one, asOf });
  }

  /** Of applications that are declared, and of which nobody has told anything now. */
  of(application: Application, why: string): AgedSummary {
    const { namespace, name } = application.metadata;
    return this.#known.get(`${namespace}/${name}`) ?? summaryView(untold(application, why), 0);
  }
}

/** Names of the applications that no replica has told of: theirs does not answer, or one has given them up and the other has not begun yet. */
export function untoldBy(
  control: Pick<SyncControl, "applications">,
  { fleet, away, isHere }: { fleet: ReplicaFleet; away: readonly string[]; isHere: (name: string) => boolean },
): readonly Application[] {
  return control.applications().filter(({ metadata }) => {
    const full = `${metadata.namespace}/${metadata.name}`;
    const { id } = fleet.ownerOf(full);
    return id === fleet.self.id ? !isHere(full) : away.includes(id);
  });
}

function untold({ metadata: { namespace, name }, spec }: Application, why: string): ApplicationStatus {
  const { repo, ref, path } = spec.source;
  return {
    ...{ namespace, name, resources: [], drift: [], problems: [], warnings: [] },
    sync: { status: "Unknown", message: why },
    health: { status: "Unknown", message: why },
    source: { repo, ref, path },
  };
}
