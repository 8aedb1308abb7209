import { hashJson } from "../kit/hash.ts";
import { type Application, PlumblineError, type Ref } from "../model/index.ts";
import { applySetId, serviceAccountOf } from "../plan/index.ts";
import type { Declared } from "./declarers.ts";
import { circleProblem, dependentsOf } from "./dependencies.ts";
import { type Entry, newEntry } from "./entry.ts";
import type { KeptApplications } from "./kept-applications.ts";
import { sourceKey, sourcesOf } from "./source-names.ts";

/** What another set of applications has changed, by name. */
export interface EntryChanges {
  readonly added: readonly string[];
  /** Their declaration says something else now, or they have become part of a circle of dependencies, or are so no more. */
  readonly changed: readonly string[];
  /** No longer among the entries. */
  readonly gone: ReadonlyMap<string, Entry>;
}

/** The applications that the loop keeps, found by their name, by their ApplySet, and by those they depend on. */
export class Entries {
  readonly #byName = new Map<string, Entry>();
  readonly #nameOfSet = new Map<string, string>();
  readonly #inventoryNamespace: string;
  readonly #home: string;
  readonly #kept: KeptApplications | undefined;
  #dependents: ReadonlyMap<string, readonly string[]> = new Map();

  /** `home`: name of the cluster. */
  constructor(inventoryNamespace: string, home: string, kept?: KeptApplications) {
    this.#kept = kept;
    this.#inventoryNamespace = inventoryNamespace;
    this.#home = home;
  }

  /** By name. */
  get all(): ReadonlyMap<string, Entry> {
    return this.#byName;
  }

  get(name: string): Entry | undefined {
    return this.#byName.get(name);
  }

  /** Where its objects go into this cluster. */
  at(name: string, cluster: string): Entry | undefined {
    const entry = this.#byName.get(name);
    return entry !== undefined && this.clusterOf(entry.application) === cluster ? entry : undefined;
  }

  /** This process works on it. */
  isOwn(name: string): boolean {
    return this.#kept?.keeps(name) ?? true;
  }

  /** Those that this process works on. */
  *own(): Iterable<readonly [string, Entry]> {
    for (const one of this.#byName) if (this.isOwn(one[0])) yield one;
  }

  /** Some application that this process works on is for this cluster. */
  isNeeded(cluster: string): boolean {
    for (const [, { application }] of this.own()) if (this.clusterOf(application) === cluster) return true;
    return false;
  }

  /** Name of the cluster of its destination. */
  clusterOf({ spec }: Pick<Application, "spec">): string {
    return spec.destination.cluster ?? this.#home;
  }

  /** Where it looks, and as whom: another one sees something else. */
  #clientOf(application: Application): string {
    return `${this.clusterOf(application)} ${serviceAccountOf(application) ?? ""}`;
  }

  /** The application whose objects carry this label. */
  nameOfSet(id: string): string | undefined {
    return this.#nameOfSet.get(id);
  }

  /** Those whose destination says what this namespace of this cluster is to carry; none where it is another object. */
  markingNamespace({ group, kind, name }: Ref, cluster: string): readonly string[] {
    if (group !== "" || kind !== "Namespace") return [];
    const marks = ({ spec: { destination } }: Application): boolean =>
      destination.namespace === name && destination.namespaceMetadata !== undefined;
    const isThere = ({ application }: Entry): boolean => marks(application) && this.clusterOf(application) === cluster;
    return [...this.#byName].filter(([, entry]) => isThere(entry)).map(([other]) => other);
  }

  /** Those with a source in one of these repositories (by sourceKey). */
  renderedFrom(repos: readonly string[]): readonly string[] {
    const isMeant = ({ application: { spec } }: Entry): boolean =>
      sourcesOf(spec).some((one) => repos.includes(sourceKey(one)));
    return [...this.#byName].filter(([, entry]) => isMeant(entry)).map(([name]) => name);
  }

  /** Those that depend on an application. */
  dependentsOn(name: string): readonly string[] {
    return this.#dependents.get(name) ?? [];
  }

  /** What was learnt by working on it: another replica does from now on. Its declaration stays. */
  forgetWork(name: string): void {
    const entry = this.#byName.get(name);
    if (entry === undefined) return;
    const { application, declaredBy: by, circle, forgotten } = entry;
    forgotten.abort(new PlumblineError("PL-PASS-CANCELLED", { message: `another replica works on ${name} now` }));
    this.#byName.set(name, Object.assign(newEntry({ application, by }), { circle }));
  }

  /** Makes these the whole set. */
  replace(wanted: ReadonlyMap<string, Declared>): EntryChanges {
    const gone = new Map([...this.#byName].filter(([name]) => !wanted.has(name)));
    for (const name of gone.keys()) this.#remove(name);
    const added: string[] = [];
    const changed: string[] = [];
    for (const [name, declared] of wanted) {
      const entry = this.#byName.get(name);
      if (entry === undefined) {
        this.#add(name, declared);
        added.push(name);
      } else if (says(entry.application, entry.declaredBy) !== says(declared.application, declared.by)) {
        const before = this.#clientOf(entry.application);
        entry.application = declared.application;
        if (this.#clientOf(entry.application) !== before) entry.memory = entry.memory.elsewhere();
        entry.declaredBy = declared.by;
        changed.push(name);
      }
    }
    this.#dependents = dependentsOf([...wanted.values()].map(({ application }) => application));
    const others = this.#findCircles().filter((name) => !added.includes(name) && !changed.includes(name));
    return { added, changed: [...changed, ...others], gone };
  }

  /** Names of those of which it is another circle than before, or none any more. */
  #findCircles(): string[] {
    const names: string[] = [];
    for (const [name, entry] of this.#byName) {
      const circle = circleProblem(entry.application, (other) => this.#byName.get(other)?.application);
      if (circle?.message !== entry.circle?.message) names.push(name);
      entry.circle = circle;
    }
    return names;
  }

  #add(name: string, declared: Declared): void {
    this.#byName.set(name, newEntry(declared));
    this.#nameOfSet.set(applySetId(name, this.#inventoryNamespace), name);
  }

  #remove(name: string): void {
    this.#byName.delete(name);
    this.#nameOfSet.delete(applySetId(name, this.#inventoryNamespace));
  }
}

function says({ spec }: Application, by: string): string {
  return hashJson([spec, by]);
}
