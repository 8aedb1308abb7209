import { refKey, toProblem } from "../model/index.ts";
import type { Moving, Prepared } from "../plan/index.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { HeldBackAnswer, HeldBackQuestion, LetGoQuestion } from "./neighbours.ts";
import type { SyncSettings } from "./types.ts";

/**
 * Objects that move from one application to another, as far as this process and its neighbours see both. They are never deleted on their way: the one
 * keeps its label on them until the other has put its own there, with one apply.
 */
export interface Moves {
  /** Of objects that Git does not want of this application any more, by refKey: why each is not deleted now. */
  heldBack(keys: readonly string[]): Promise<ReadonlyMap<string, Moving>>;
  /** Of objects with another application's label, that application by refKey: which of them it has let go of. */
  letGo(owners: ReadonlyMap<string, string>): Promise<ReadonlySet<string>>;
}

export interface Here {
  readonly entries: Entries;
  readonly settings: Pick<SyncSettings, "source" | "division" | "neighbours">;
  /** Has an application look again. */
  readonly wake: (name: string) => void;
}

interface Neighbourhood extends Here {
  readonly name: string;
  /** Name of the cluster in which it looks: what is elsewhere is another object of the same name. */
  readonly cluster: string;
}

export function movesOf({ name, cluster, ...here }: Neighbourhood): Moves {
  const { entries, settings } = here;
  return {
    heldBack: async (keys) => {
      const names = [...entries.all].flatMap(([other, { application }]) =>
        other !== name && entries.clusterOf(application) === cluster ? [other] : [],
      );
      const asked = [...byPlace(names, settings)].map(([id, theirs]) =>
        heldBackThere({ names: theirs, cluster, keys }, { id, here }),
      );
      return firstOf((await Promise.all(asked)).flat());
    },
    letGo: async (owners) => {
      const asked = [...byPlace([...owners.values()], settings)].map(([id, theirs]) => {
        const meant = [...owners].filter(([, owner]) => theirs.includes(owner));
        return letGoThere({ name, cluster, owners: meant }, { id, here });
      });
      return new Set((await Promise.all(asked)).flat());
    },
  };
}

/** Names by the replica that is to be asked; "" is this one. */
function byPlace(names: readonly string[], { neighbours }: Here["settings"]): Map<string, string[]> {
  if (neighbours === undefined) return new Map([["", [...names]]]);
  return Map.groupBy(names, (name) => neighbours.of(name)?.id ?? "");
}

/** Of one object the one who is known to take it, before one of whom it is not known. */
function firstOf(answers: readonly HeldBackAnswer[]): ReadonlyMap<string, Moving> {
  const held = new Map<string, Moving>();
  for (const { key, guard, why } of answers)
    if (held.get(key) === undefined || guard === "moving") held.set(key, { guard, why });
  return held;
}

interface There {
  readonly id: string;
  readonly here: Here;
}

async function heldBackThere(question: HeldBackQuestion, { id, here }: There): Promise<readonly HeldBackAnswer[]> {
  const [name = ""] = question.names;
  const there = id === "" ? undefined : here.settings.neighbours?.of(name);
  if (there === undefined) return await heldBackHere(question, here);
  try {
    return await there.neighbour.heldBack(question);
  } catch (error) {
    const why = `it may have moved to an application of replica ${id}, which does not answer: ${toProblem(error).message}`;
    return question.keys.map((key) => ({ key, guard: "unseen", why }));
  }
}

async function letGoThere(question: LetGoQuestion, { id, here }: There): Promise<readonly string[]> {
  const owner = question.owners[0]?.[1] ?? "";
  const there = id === "" ? undefined : here.settings.neighbours?.of(owner);
  if (there === undefined) return await letGoHere(question, here);
  // Who does not answer has let go of nothing, as far as is known.
  return await there.neighbour.letGo(question).catch(() => []);
}

/** As this process knows it of the applications that it works on. */
export async function heldBackHere(
  { names, cluster, keys }: HeldBackQuestion,
  { entries, settings, wake }: Here,
): Promise<readonly HeldBackAnswer[]> {
  const all = names.flatMap((name): [string, Entry][] => {
    const entry = entries.at(name, cluster);
    const takes = entry !== undefined && !entry.application.spec.sync.observe && !entry.application.spec.suspend;
    return takes ? [[name, entry]] : [];
  });
  const unseen = await firstUnseen(all, settings);
  return keys.flatMap((key): HeldBackAnswer[] => {
    const [taker, entry] = all.find(([, { memory }]) => wants(memory.prepared?.list, key)) ?? [];
    if (taker !== undefined) {
      // When it looked, the object was still wanted here.
      if (entry?.memory.status?.problems.some(({ code }) => code === "PL-OBJECT-CLAIMED") === true) wake(taker);
      return [{ key, guard: "moving", why: `it moves to application ${taker}, which has not taken it over yet` }];
    }
    if (unseen === undefined) return [];
    const why = `it may have moved to application ${unseen}, whose newest revision was not looked at yet`;
    return [{ key, guard: "unseen", why }];
  });
}

export async function letGoHere(
  { name, cluster, owners }: LetGoQuestion,
  { entries, settings }: Here,
): Promise<readonly string[]> {
  const free = await Promise.all(
    owners.map(async ([key, owner]) => {
      const entry = entries.at(owner, cluster);
      if (entry === undefined || owner === name || wants(entry.memory.prepared?.list, key)) return [];
      return entry.application.spec.suspend || !(await isSeen([owner, entry], settings)) ? [] : [key];
    }),
  );
  return free.flat();
}

async function firstUnseen(
  others: readonly [string, Entry][],
  settings: Here["settings"],
): Promise<string | undefined> {
  const seen = await Promise.all(others.map((other) => isSeen(other, settings)));
  return others[seen.indexOf(false)]?.[0];
}

/** What it wants is known as its newest revision says it. A pass that has tried that and failed is not waited for, nor is a ref that is gone. */
async function isSeen(
  [name, { application, memory }]: [string, Entry],
  { source: store, division }: Here["settings"],
): Promise<boolean> {
  if (division?.owns(name) === false) return false;
  if (memory.looked === undefined) return memory.status?.lastPass !== undefined;
  const { source } = application.spec;
  try {
    return (await store.snapshot(source, await store.resolve(source))).key === memory.looked;
  } catch {
    return true;
  }
}

const KEYS = new WeakMap<readonly Prepared[], ReadonlySet<string>>();

function wants(list: readonly Prepared[] | undefined, key: string): boolean {
  if (list === undefined) return false;
  const keys = KEYS.get(list) ?? new Set(list.map(({ ref }) => refKey(ref)));
  KEYS.set(list, keys);
  return keys.has(key);
}
