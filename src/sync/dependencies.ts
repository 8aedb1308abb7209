import { type Application, type ApplicationStatus, applicationName } from "../model/index.ts";

interface Fleet {
  readonly application: (name: string) => Application | undefined;
  readonly status: (name: string) => ApplicationStatus | undefined;
}

/** Why an application must wait for those it depends on, in a sentence; undefined when it need not. */
export function blockedBy(application: Application, { application: byName, status }: Fleet): string | undefined {
  if (application.spec.dependsOn.length === 0) return undefined;
  const circle = circleFrom(applicationName(application), byName);
  if (circle !== undefined) return `its dependencies form a circle: ${circle.join(" -> ")}`;
  for (const other of dependenciesOf(application)) {
    if (byName(other) === undefined) return `waits for application ${other}, which does not exist`;
    const known = status(other);
    if (known === undefined) return `waits for application ${other}, which was not looked at yet`;
    if (known.sync.status !== "Synced")
      return `waits for application ${other}: ${known.sync.status}, ${known.sync.message}`;
    if (known.health.status !== "Healthy" && known.health.status !== "Suspended")
      return `waits for application ${other}: ${known.health.status}, ${known.health.message}`;
  }
  return undefined;
}

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

/** The names from `start` back to `start`, when its dependencies lead there. */
function circleFrom(start: string, byName: Fleet["application"]): string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | undefined => {
    const application = byName(name);
    if (application === undefined || seen.has(name)) return undefined;
    seen.add(name);
    for (const next of dependenciesOf(application)) {
      if (next === start) return [...way, name, start];
      const found = walk(next, [...way, name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return walk(start, []);
}
