import { type Application, applicationName } from "../model/index.ts";
import type { Declarer } from "./declarers.ts";
import type { Departure, KnownParent } from "./departure.ts";
import { type Ended, endingsOf, NOBODY } from "./judge-endings.ts";

/** An application that nobody declares, and of which nobody can tell that it is to end. Nothing becomes of it. */
export interface Abandoned {
  readonly name: string;
  /** In a sentence. */
  readonly why: string;
}

export interface JudgedDepartures {
  readonly departures: readonly Departure[];
  readonly abandoned: readonly Abandoned[];
  /** Declarations of many that are deleted, and of which nothing is left that `parents` or `known` have. */
  readonly ended: readonly Ended[];
}

interface Judging {
  readonly parents: readonly KnownParent[];
  /** All parents that there are. */
  readonly isWhole: boolean;
  readonly declarers: readonly Declarer[];
  /** As this process knew them last, by name: a policy that was not written onto the parent yet. */
  readonly known: ReadonlyMap<string, Application>;
}

/** Fewer of one declarer are no fleet. The same as for the objects of an application. */
const LEAST_FOR_LIMIT = 4;

/** Who leaves, out of what the cluster remembers and what is declared now (decision 0027). Any process may be the first that asks. */
export function judgeDepartures({ parents, isWhole, declarers, known }: Judging): JudgedDepartures {
  const declared = new Set(
    declarers.flatMap(({ applications, unread = [] }) => [...applications.map(applicationName), ...unread]),
  );
  const leaving = new Map(
    declarers
      .flatMap((one) => one.leaving ?? [])
      .map((application) => [applicationName(application), application] as const)
      .filter(([name]) => !declared.has(name)),
  );
  const { departures, abandoned } = leavingOf(leaving, { parents, isWhole });
  const isPending = declarers.some(({ pending }) => pending === true);
  const gone = isPending ? [] : parents.filter(({ application: name }) => !declared.has(name) && !leaving.has(name));
  const whole = isPending ? NOBODY : endingsOf(declarers, { parents, known, declared });
  for (const parent of gone) {
    const judged = parent.asked ?? whole.judge(parent) ?? judge(parent, { gone, declarers, known });
    const { application: name } = parent;
    if (typeof judged === "object") abandoned.push({ name, ...judged });
    else
      departures.push({
        name,
        how: judged,
        cluster: parent.cluster,
        ...applicationOf(known.get(name) ?? whole.application(name)),
      });
  }
  return { departures: [...departures, ...whole.unwritten], abandoned, ended: whole.ended };
}

/** Objects that are being deleted. One that observes has nothing to lose where it has no parent; where it has, it is held as any other that observes. */
function leavingOf(
  leaving: ReadonlyMap<string, Application>,
  { parents, isWhole }: Pick<Judging, "parents" | "isWhole">,
): { readonly departures: Departure[]; readonly abandoned: Abandoned[] } {
  const departures: Departure[] = [];
  const abandoned: Abandoned[] = [];
  for (const [name, application] of leaving) {
    const parent = parents.find((one) => one.application === name);
    const how = parent?.asked ?? application.spec.deletion;
    const observes = application.spec.sync.observe && parent?.asked === undefined;
    if (observes && parent !== undefined) abandoned.push({ name, why: `it is being deleted; ${OBSERVES}` });
    else if (!observes || isWhole) departures.push({ name, how, application });
  }
  return { departures, abandoned };
}

const OBSERVES = "spec.sync.observe is on, so nothing is written: its objects stay until that is off, or a person asks";

function applicationOf(application: Application | undefined): { application?: Application } {
  return application === undefined ? {} : { application };
}

interface Gone extends Omit<Judging, "parents" | "isWhole"> {
  readonly gone: readonly KnownParent[];
}

function judge(
  { application: name, declaration }: KnownParent,
  { gone, declarers, known }: Gone,
): Departure["how"] | { why: string } {
  if (declaration === undefined) return { why: "nobody declares it any more, and its inventory does not say who did" };
  const declarer = declarerOf(declaration.by, declarers);
  const was = `nobody declares it any more; it was declared by ${declaration.by}`;
  if (declarer === undefined) return { why: `${was}, which this server does not read` };
  if (declarer.unsure !== undefined) return { why: `${was}, and that may not be all now: ${declarer.unsure}` };
  const held = tooMany(declarer, gone, declarers);
  if (held !== undefined) return { why: `${was}; ${held}` };
  const last = known.get(name)?.spec;
  if (last?.sync.observe === true) return { why: `${was}; spec.sync.observe was on, so nothing is written` };
  return declarer.tellsLeaving === true ? "orphan" : (last?.deletion ?? declaration.deletion);
}

/** Himself, or where he is gone the one on whose behalf he declared. */
function declarerOf(id: string, declarers: readonly Declarer[]): Declarer | undefined {
  const above = declarers.filter((one) => id === one.id || id.startsWith(`${one.id} `));
  return above.sort((a, b) => b.id.length - a.id.length)[0];
}

/** More than half of what he declared gone at once looks like a mistake: a file that was cut, a branch that was reset. */
function tooMany(
  { id, tellsLeaving = false }: Declarer,
  gone: readonly KnownParent[],
  declarers: readonly Declarer[],
): string | undefined {
  const mine = gone.flatMap(({ application, declaration }) =>
    declaration !== undefined && declarerOf(declaration.by, declarers)?.id === id
      ? [{ application, by: declaration.by }]
      : [],
  );
  // Where each declaration is an object by itself, one of many that is gone is one.
  const lost = new Set(mine.map(({ application, by }) => (tellsLeaving && by !== id ? `${by} ` : application))).size;
  const kept = declarers
    .filter((one) => one.id === id || one.id.startsWith(`${id} `))
    .map((one) => (tellsLeaving && one.id !== id ? 1 : one.applications.length))
    .reduce((sum, count) => sum + count, 0);
  const total = lost + kept;
  if (total < LEAST_FOR_LIMIT || lost * 2 <= total) return undefined;
  return `${lost} of ${total} applications would end at once, more than half`;
}
