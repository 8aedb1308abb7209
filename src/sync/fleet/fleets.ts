import { hashJson } from "../../kit/hash.ts";
import {
  type Application,
  applicationName,
  deletionOf,
  type Fleet,
  type FleetStatus,
  hasGlob,
  PlumblineError,
  type Problem,
  toProblem,
} from "../../model/index.ts";
import type { SourceStore } from "../../source/index.ts";
import type { Declarer, Ending } from "../declarers.ts";
import type { Tenancy } from "../tenancy.ts";
import { type Expansion, expandFleet } from "./expand.ts";

export interface FleetsParts {
  readonly source: Pick<SourceStore, "resolve" | "folders">;
  readonly stopping: AbortSignal;
  readonly tenancy: Pick<Tenancy, "whyUnread">;
  /** What is declared, those that fleets make included. */
  readonly declare: (declarers: readonly Declarer[]) => void;
}

/** A declaration of many, and what it makes. */
interface Kept {
  readonly fleet: Fleet;
  /** Declarer.id of whoever declares it. */
  readonly by: string;
  /** Of the declaration. */
  readonly hash: string;
  /** Of the declaration and the paths that `expansion` was made from. */
  key?: string;
  expansion: Expansion;
  /** A person is deleting it. */
  isLeaving: boolean;
  /** What keeps it from knowing its paths. */
  problem?: Problem;
  unsure?: string;
  revision?: string;
}

const NOTHING: Expansion = { members: [], problems: [], unread: [], nameless: 0 };

/**
 * Declarations of many, each of which is a declarer of its own. Whoever is declared by one and is no longer is judged like all others (decision 0027); what a
 * fleet cannot tell for sure makes it unsure, and then nobody of it is given up: a repository that does not answer, a glob that matches nothing.
 */
export class Fleets {
  readonly #parts: FleetsParts;
  #declarers: readonly Declarer[] = [];
  readonly #kept = new Map<string, Kept>();
  readonly #listeners = new Set<() => void>();
  /** By name: what those that are being deleted wait for beside their applications. */
  #held: ReadonlyMap<string, string> = new Map();
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: FleetsParts) {
    this.#parts = parts;
  }

  /** What each of them is rendered from, to be polled. */
  sources(): readonly Fleet[] {
    return [...this.#kept.values()]
      .filter(
        ({ fleet, by }) => hasGlob(fleet.spec.source.path) && this.#parts.tenancy.whyUnread(fleet, by) === undefined,
      )
      .map(({ fleet }) => fleet);
  }

  statuses(): readonly FleetStatus[] {
    return [...this.#kept.values()].map((kept) => statusOf(kept, this.#held));
  }

  /** Those that are being deleted and have to wait, and why. */
  hold(held: ReadonlyMap<string, string>): void {
    const isSame = held.size === this.#held.size && [...held].every(([name, why]) => this.#held.get(name) === why);
    this.#held = held;
    if (!isSame) for (const listen of this.#listeners) listen();
  }

  /** Called when one of them may make something else, or when something else is wrong with it. */
  onChange(listen: () => void): void {
    this.#listeners.add(listen);
  }

  /** Declares at once all that is known; what their repositories say of new ones follows. */
  set(declarers: readonly Declarer[]): void {
    this.#declarers = declarers;
    const wanted = new Map<string, { by: string; one: Fleet; isLeaving: boolean }>(
      declarers.flatMap(({ id, fleets = [], leavingFleets = [] }) => [
        ...leavingFleets.map((one) => [idOf(id, one), { by: id, one, isLeaving: true }] as const),
        ...fleets.map((one) => [idOf(id, one), { by: id, one, isLeaving: false }] as const),
      ]),
    );
    for (const id of [...this.#kept.keys()]) if (!wanted.has(id)) this.#kept.delete(id);
    for (const [id, { by, one, isLeaving }] of wanted) this.#keep(id, by, one).isLeaving = isLeaving;
    this.#declare();
    if ([...this.#kept.values()].some(({ key }) => key === undefined)) this.look(() => true);
  }

  /** The repository says something new, or is away, or is back. */
  look(isMeant: (fleet: Fleet) => boolean): void {
    this.#looking = this.#looking.then(async () => {
      let moved = false;
      for (const kept of this.#kept.values()) if (isMeant(kept.fleet)) moved = (await this.#lookAt(kept)) || moved;
      if (moved && !this.#parts.stopping.aborted) this.#declare();
    });
  }

  /** Resolves when all that was asked for is looked at. */
  async settled(): Promise<void> {
    await this.#looking;
  }

  #keep(id: string, by: string, fleet: Fleet): Kept {
    const hash = hashJson([fleet.metadata, fleet.spec]);
    const known = this.#kept.get(id);
    if (known?.hash === hash) return known;
    const kept: Kept = {
      ...{ fleet, by, hash },
      isLeaving: false,
      expansion: known?.expansion ?? NOTHING,
      unsure: "its repository was not looked at yet",
    };
    if (!hasGlob(fleet.spec.source.path)) expandInto(kept, [fleet.spec.source.path]);
    this.#kept.set(id, kept);
    return kept;
  }

  /** Whether it makes something else now, or knows less or more. */
  async #lookAt(kept: Kept): Promise<boolean> {
    const { source } = kept.fleet.spec;
    if (!hasGlob(source.path)) return false;
    const before = [kept.key, kept.unsure, kept.problem?.code];
    try {
      const barred = this.#parts.tenancy.whyUnread(kept.fleet, kept.by);
      if (barred !== undefined) throw new PlumblineError(barred.code, barred);
      const resolution = await this.#parts.source.resolve(source, this.#parts.stopping);
      const paths = await this.#parts.source.folders(source, resolution, this.#parts.stopping);
      kept.revision = resolution.revision;
      if (paths.length === 0) doubt(kept, noFolder(kept.fleet));
      else expandInto(kept, paths, resolution.stale?.problem);
    } catch (error) {
      doubt(kept, toProblem(error));
    }
    return before.some((one, i) => one !== [kept.key, kept.unsure, kept.problem?.code][i]);
  }

  #declare(): void {
    const made = [...this.#kept].map(([id, kept]): Declarer => {
      const { members, unread } = kept.expansion;
      const ending = endingOf(kept);
      if (ending !== undefined) return { id, applications: [], ending };
      return { id, applications: members, unread, ...(kept.unsure === undefined ? {} : { unsure: kept.unsure }) };
    });
    this.#parts.declare([...this.#declarers, ...made]);
    for (const listen of this.#listeners) listen();
  }
}

/** Before its repository was asked nobody ends: what its applications say of their own end is not known yet. One that does not answer holds nobody. */
function endingOf({ fleet, expansion, isLeaving, key, problem }: Kept): Ending | undefined {
  if (!isLeaving || (key === undefined && problem === undefined)) return undefined;
  return { name: applicationName(fleet), how: deletionOf(fleet), members: expansion.members };
}

/** It declares on behalf of who declares it: see Declarer.id. */
function idOf(by: string, fleet: Fleet): string {
  return `${by} ${applicationName(fleet)}`;
}

/** The same paths of the same declaration make the same, and are not made again. */
function expandInto(kept: Kept, paths: readonly string[], away?: Problem): void {
  const key = hashJson([kept.hash, paths]);
  if (kept.key !== key) kept.expansion = expandFleet(kept.fleet, paths);
  kept.key = key;
  delete kept.problem;
  delete kept.unsure;
  const { nameless } = kept.expansion;
  if (nameless > 0) kept.unsure = `${nameless} of what it would make cannot be named`;
  if (away !== undefined) doubt(kept, away);
}

/** What was known of it stays as it was. */
function doubt(kept: Kept, problem: Problem): void {
  kept.problem = problem;
  kept.unsure = `${problem.where === undefined ? "" : `${problem.where}: `}${problem.message}`;
}

function noFolder({ spec }: Fleet): Problem {
  const message = `the glob ${spec.source.path} matches no folder`;
  return toProblem(new PlumblineError("PL-FLEET-EMPTY", { message, where: spec.source.repo }));
}

function statusOf(
  { fleet, expansion, problem, unsure, revision, isLeaving }: Kept,
  held: ReadonlyMap<string, string>,
): FleetStatus {
  const { namespace, name } = fleet.metadata;
  const waiting = isLeaving ? held.get(applicationName(fleet)) : undefined;
  return {
    ...{ namespace, name },
    members: expansion.members.map((one: Application) => applicationName(one)),
    problems: [...(problem === undefined ? [] : [problem]), ...expansion.problems],
    ...(revision === undefined ? {} : { revision }),
    ...(unsure === undefined ? {} : { unsure }),
    ...(isLeaving ? { ending: deletionOf(fleet) } : {}),
    ...(waiting === undefined ? {} : { waiting }),
  };
}
