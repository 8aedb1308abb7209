import { type Application, applicationName } from "../model/index.ts";
import type { Declarer } from "./declarers.ts";
import type { Departure, KnownParent } from "./departure.ts";

interface Cluster {
  readonly parents: readonly KnownParent[];
  readonly known: ReadonlyMap<string, Application>;
  readonly declared: ReadonlySet<string>;
}

/** Declarations of many that a person deletes: what that means for each application. */
interface Endings {
  /** Nothing for one that was not made by any of them. */
  judge(parent: KnownParent): Departure["how"] | { readonly why: string } | undefined;
  application(name: string): Application | undefined;
  /** A pass may be making them: they have no parent yet. */
  readonly unwritten: readonly Departure[];
  /** Those of which nothing is left. */
  readonly ended: readonly Ended[];
}

/** A declaration of many that is deleted, and of which nothing is left as far as anybody can see. */
export interface Ended {
  readonly name: string;
  /** Those that its applications are for, undefined for home: who cannot look into one of them does not know. Absent: it is not known what it made. */
  readonly clusters: readonly (string | undefined)[] | undefined;
}

export const NOBODY: Endings = {
  judge: () => undefined,
  application: () => undefined,
  unwritten: [],
  ended: [],
};

/** A person named the whole, so the guard on the number of its members does not hold. */
export function endingsOf(declarers: readonly Declarer[], { parents, known, declared }: Cluster): Endings {
  const endings = declarers.flatMap(({ id, ending }) => (ending === undefined ? [] : [{ id, ...ending }]));
  if (endings.length === 0) return NOBODY;
  const byId = new Map(endings.map((one) => [one.id, one]));
  const members = new Map(endings.flatMap((one) => one.members.map((member) => [applicationName(member), member])));
  const written = new Set(parents.map(({ application }) => application));
  const unwritten = endings.map(({ how, members: made }) =>
    made
      .map(applicationName)
      .filter((name) => known.has(name) && !written.has(name) && !declared.has(name))
      .map((name): Departure => ({ name, how, ...applicationIn(known, name) })),
  );
  const left = new Set(
    parents.filter(({ application }) => !declared.has(application)).map((one) => one.declaration?.by),
  );
  return {
    judge: ({ application: name, declaration }) => {
      const ending = byId.get(declaration?.by ?? "");
      if (ending === undefined) return undefined;
      if ((known.get(name) ?? members.get(name))?.spec.sync.observe !== true) return ending.how;
      return { why: `${ending.name}, which made it, is being deleted; spec.sync.observe is on, so nothing is written` };
    },
    application: (name) => members.get(name),
    unwritten: unwritten.flat(),
    ended: endings
      .filter(({ id }, i) => !left.has(id) && unwritten[i]?.length === 0)
      .map(({ name, members: made }) => ({ name, clusters: clustersOf(made) })),
  };
}

function clustersOf(members: readonly Application[]): Ended["clusters"] {
  return members.length === 0 ? undefined : [...new Set(members.map(({ spec }) => spec.destination.cluster))];
}

function applicationIn(known: ReadonlyMap<string, Application>, name: string): { application?: Application } {
  const application = known.get(name);
  return application === undefined ? {} : { application };
}
