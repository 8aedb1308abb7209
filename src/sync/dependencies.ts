import { type Application, type ApplicationStatus, applicationName } from "../model/index.ts";

interface Fleet {
  readonly applications: readonly Application[];
  readonly status: (name: string) => ApplicationStatus | undefined;
}

/** Why an application must wait for those it depends on, in a sentence; undefined when it need not. */
export function blockedBy(application: Application, { applications, status }: Fleet): string | undefined {
  const byName = new Map(applications.map((one) => [applicationName(one), one]));
  const circle = circleFrom(applicationName(application), byName);
  if (circle !== undefined) return `its dependencies form a circle: ${circle.join(" -> ")}`;
  for (const other of dependenciesOf(application)) {
    if (!byName.has(other)) return `waits for application ${other}, which does not exist`;
    const known = status(other);
    if (known === undefined) return `waits for application ${other}, which was not looked at yet`;
    if (known.sync.status !== "Synced")
      return `waits for application ${other}: ${known.sync.status}, ${known.sync.message}`;
    if (known.health.status !== "Healthy")
      return `waits for application ${other}: ${known.health.status}, ${known.health.message}`;
  }
  return undefined;
}

export function dependenciesOf({ metadata, spec }: Application): string[] {
  return spec.dependsOn.map(({ namespace, name }) => `${namespace ?? metadata.namespace}/${name}`);
}

/** The names from `start` back to `start`, when its dependencies lead there. */
function circleFrom(start: string, byName: ReadonlyMap<string, Application>): string[] | undefined {
  const seen = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | undefined => {
    const application = byName.get(name);
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
