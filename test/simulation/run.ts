import { applicationName } from "../../src/model/index.ts";
import { Fleet, type FleetSize, MONOREPO } from "./fleet.ts";
import type { Costs } from "./replica.ts";
import type { Span } from "./tally.ts";

/** What the quiet machine of docs/performance.md took: 0.85 s of a processor for 1,000 passes with nothing to do, 1.5 ms a request. */
const COSTS: Costs = { requestMs: 1.5, passMs: 0.85, lookMs: 0.1, answerMs: 10, gitMs: 30 };
const AWAY = 5;
/** A division that is the same for so long, once the replicas have seen one another, stays. */
const DIVIDED_MS = 2000;
const LOOKED_AT = 200;
const TOUCHED = 1000;

export interface Delays {
  readonly median: number;
  readonly p99: number;
  readonly last: number;
}

export interface Simulated {
  readonly size: FleetSize;
  /** Applications of the replicas that work here. */
  readonly own: number;
  /** What lives in this process: of those that work here, of the clusters' servers, and the declarations. */
  readonly heapBytes: number;
  /** In one replica. */
  readonly largestShare: number;
  readonly clients: number;
  readonly watches: number;
  readonly first: Span;
  readonly idle: Span;
  /** To the monorepo, of every application in it. */
  readonly commit: Span & { readonly applications: number; readonly delays: Delays };
  /** Some clusters do not answer; meanwhile a commit to a thousand applications for others. */
  readonly away: Span & { readonly unknown: number; readonly delays: Delays; readonly recovered: number };
  /** The minute after one replica died without a word. */
  readonly death: Span & {
    /** Of the dead one, and how many of these fell to those that work here. */
    readonly lost: number;
    readonly moved: number;
    /** Seconds until all had an owner, and until all of those were Synced. */
    readonly ownedAfter: number;
    readonly syncedAfter: number;
  };
}

export async function simulate(size: FleetSize, say: (line: string) => void): Promise<Simulated> {
  const fleet = new Fleet(size, COSTS);
  const atFirst = await fleet.lives();
  const told = async (name: string, work: () => Promise<unknown>): Promise<Span> => {
    const begin = process.hrtime.bigint();
    const span = await fleet.spanOf(work);
    const took = Number(process.hrtime.bigint() - begin) / 1e9;
    say(`${name}: ${span.seconds.toFixed(1)} s, simulated in ${took.toFixed(0)} s`);
    return span;
  };
  let own = 0;
  const first = await told("first sync", async () => {
    for (const replica of fleet.alive) await replica.start(fleet.applications);
    await fleet.until("a division", () =>
      fleet.alive.every(({ replicas }) => replicas.others().length === size.replicas - 1),
    );
    for (let before = -1; own === 0 || own !== before; own = fleet.owned().length) {
      before = own;
      await fleet.clock.pass(DIVIDED_MS);
    }
    await fleet.until("everything Synced", () => fleet.count(isSynced) === own);
  });
  await fleet.clock.pass(30_000);
  const idle = await told("an idle minute", () => fleet.clock.pass(60_000));
  const heap = await fleet.lives();
  const [one] = fleet.working;
  const resting = {
    own,
    heapBytes: heap - atFirst,
    largestShare: largestShareOf(fleet),
    clients: one?.clusters.size ?? 0,
    watches: one?.clusters.watches ?? 0,
  };
  const commit = await commitToAll(fleet, told);
  const away = await clustersAway(fleet, told);
  const death = await deathOf(fleet, told);
  return { size, ...resting, first, idle, commit, away, death };
}

type Telling = (name: string, work: () => Promise<unknown>) => Promise<Span>;

function isSynced({ sync }: { readonly sync: string }): boolean {
  return sync === "Synced";
}

async function commitToAll(fleet: Fleet, told: Telling): Promise<Simulated["commit"]> {
  const all = fleet.applications.filter(({ spec }) => spec.source.repo === MONOREPO);
  let took: readonly number[] = [];
  const span = await told("a commit to all of the monorepo", async () => {
    took = await fleet.commit(MONOREPO, all);
  });
  await fleet.clock.pass(60_000);
  return { ...span, applications: all.length, delays: delaysOf(took) };
}

async function clustersAway(fleet: Fleet, told: Telling): Promise<Simulated["away"]> {
  const synced = fleet.count(isSynced);
  const away = fleet.clusters.slice(1, 1 + AWAY);
  const names = new Set(away.map(({ name }) => name));
  for (const cluster of away) cluster.isAway = true;
  for (const { server } of away) server.cut();
  let took: readonly number[] = [];
  const others = fleet.applications
    .filter(({ spec: { source, destination } }) => source.repo === MONOREPO && !names.has(destination.cluster ?? ""))
    .slice(0, TOUCHED);
  const span = await told("two minutes with clusters away", async () => {
    await fleet.clock.pass(60_000);
    took = await fleet.commit(MONOREPO, others);
    await fleet.clock.pass(60_000);
  });
  const unknown = fleet.count(({ sync }) => sync === "Unknown");
  for (const cluster of away) cluster.isAway = false;
  const back = await told("and back", () => fleet.until("all Synced again", () => fleet.count(isSynced) === synced));
  return { ...span, unknown, delays: delaysOf(took), recovered: back.seconds };
}

async function deathOf(fleet: Fleet, told: Telling): Promise<Simulated["death"]> {
  const dead = fleet.alive.at(-1);
  const names = fleet.applications.map(applicationName);
  const lost = names.filter((name) => dead?.replicas.owns(name));
  const looked = lost.slice(0, LOOKED_AT);
  let ownedAfter = Number.NaN;
  let syncedAfter = Number.NaN;
  let moved = 0;
  const begin = fleet.clock.now;
  const since = (): number => (fleet.clock.now - begin) / 1000;
  const span = await told("the minute after one died", async () => {
    dead?.die();
    for (const name of lost) fleet.seen.delete(name);
    const isOwned = (name: string): boolean => fleet.alive.some(({ replicas }) => replicas.owns(name));
    await fleet.until("an owner for each", () => looked.every(isOwned));
    ownedAfter = since();
    const gained = lost.filter((name) => fleet.working.some(({ replicas }) => replicas.owns(name)));
    moved = gained.length;
    await fleet.until("those Synced", () => gained.every((name) => fleet.seen.get(name)?.sync === "Synced"));
    syncedAfter = since();
    await fleet.clock.pass(60_000 - syncedAfter * 1000);
  });
  return { ...span, lost: lost.length, moved, ownedAfter, syncedAfter };
}

/** Of all replicas, also of those whose work is not simulated. */
function largestShareOf({ alive: [one], applications }: Fleet): number {
  const owners = Map.groupBy(applications, (each) => one?.replicas.ownerOf(applicationName(each)).id);
  return Math.max(...[...owners.values()].map(({ length }) => length));
}

function delaysOf(sorted: readonly number[]): Delays {
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), last: at(1) };
}
