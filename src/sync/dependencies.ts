import {
  type Application,
  type ApplicationStatus,
  applicationName,
  PlumblineError,
  type Problem,
  toProblem,
} from "../model/index.ts";

export interface Fleet {
  readonly application: (name: string) => Application | undefined;
  readonly status: (name: string) => ApplicationStatus | undefined;
  /** What keeps an application from having been judged as Git and its declaration have it now, in words that fit behind its name; undefined where it has been. */
  readonly behind: (name: string) => Promise<string | undefined>;
  /** Of one that another process works on: asks that one for what it lacks. Absent where this process does. */
  readonly elsewhere?: (name: string) => (() => Promise<string | undefined>) | undefined;
}

/** An application that is waited for, and what it lacks. */
export interface Lack {
  readonly name: string;
  /** "Progressing, Deployment shop/db: 1/3 replicas available" */
  readonly lack: string;
}

/** Those that an application depends on and that are not ready: Synced and Healthy, at the newest revision that is known of them. */
export async function lacksOf(application: Application, fleet: Fleet): Promise<readonly Lack[]> {
  const looked = await Promise.all(
    dependenciesOf(application).map(async (name) => ({ name, lack: await lackOf(name, fleet) })),
  );
  return looked.flatMap(({ name, lack }) => (lack === undefined ? [] : [{ name, lack }]));
}

export async function lackOf(
  name: string,
  { application, status, behind, elsewhere }: Fleet,
): Promise<string | undefined> {
  if (application(name) === undefined) return "it does not exist";
  const ask = elsewhere?.(name);
  if (ask !== undefined) return await ask();
  // First, since what is known below may be of an older revision; asked for before the status is read, which may change meanwhile.
  const old = await behind(name);
  const known = status(name);
  if (known === undefined) return "it was not looked at yet";
  const { sync, health } = known;
  if (old !== undefined) return known.waiting === undefined ? old : `${old} (${known.waiting})`;
  if (sync.status !== "Synced") return `${sync.status}, ${known.waiting ?? sync.message}`;
  if (health.status !== "Healthy" && health.status !== "Suspended") return `${health.status}, ${health.message}`;
  return undefined;
}

/** "waits for application default/db: Progressing, ...; and for default/cache: it was not looked at yet" */
export function dependencySentence(lacks: readonly Lack[]): string | undefined {
  const [first, ...more] = lacks;
  if (first === undefined) return undefined;
  const others = more.slice(0, MOST_NAMED).map(({ name, lack }) => `; and for ${name}: ${lack}`);
  const rest = more.length > MOST_NAMED ? `; and for ${more.length - MOST_NAMED} more` : "";
  return `waits for application ${first.name}: ${first.lack}${others.join("")}${rest}`;
}

const MOST_NAMED = 4;

/** The other way round: by each name, those that depend on it. */
export function dependentsOf(applications: readonly Application[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const application of applications) {
    for (const name of dependenciesOf(application))
      dependents.set(name, [...(dependents.get(name) ?? []), applicationName(application)]);
  }
  return dependents;
}

function dependenciesOf({ metadata, spec }: Application): string[] {
  return spec.dependsOn.map(({ namespace, name }) => `${namespace ?? metadata.namespace}/${name}`);
}

/** The circle that an application is part of, as what is wrong with it: each of them has the same one, beginning with itself. */
export function circleProblem(application: Application, byName: Fleet["application"]): Problem | undefined {
  const circle = circleFrom(applicationName(application), byName);
  if (circle === undefined) return undefined;
  const message = `its dependencies form a circle, so that nothing of it is written: ${circle.join(" -> ")}`;
  return toProblem(new PlumblineError("PL-DEPENDENCY-CYCLE", { message, where: "spec.dependsOn" }));
}

/** The names from `start` back to `start`, by the shortest way, when its dependencies lead there. */
function circleFrom(start: string, byName: Fleet["application"]): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const line = [start];
  for (const name of line) {
    const application = byName(name);
    for (const next of application === undefined ? [] : dependenciesOf(application)) {
      if (next === start) return [...wayTo(name, start, cameFrom), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, name);
      line.push(next);
    }
  }
  return undefined;
}

function wayTo(name: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [name];
  for (let at = name; at !== start; at = way[0] ?? start) way.unshift(cameFrom.get(at) ?? start);
  return way;
}
