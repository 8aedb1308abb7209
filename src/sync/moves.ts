import { refKey } from "../model/index.ts";
import type { Moving, Prepared } from "../plan/index.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { SyncSettings } from "./types.ts";

/**
 * Objects that move from one application to another, as far as this process sees both. They are never deleted on their way: the one
 * keeps its label on them until the other has put its own there, with one apply.
 */
export interface Moves {
  /** Of objects that Git does not want of this application any more, by refKey: why each is not deleted now. */
  heldBack(keys: readonly string[]): Promise<ReadonlyMap<string, Moving>>;
  /** Of objects with another application's label, that application by refKey: which of them it has let go of. */
  letGo(owners: ReadonlyMap<string, string>): Promise<ReadonlySet<string>>;
}

interface Neighbourhood {
  readonly name: string;
  readonly entries: Entries;
  /** Name of the cluster in which it looks: what is elsewhere is another object of the same name. */
  readonly cluster: string;
  readonly source: SyncSettings["source"];
  /** Has an application look again. */
  readonly wake: (name: string) => void;
}

export function movesOf({ name, cluster, entries, source, wake }: Neighbourhood): Moves {
  const others = (): [string, Entry][] =>
    [...entries.all].filter(
      ([other, { application }]) =>
        other !== name &&
        entries.clusterOf(application) === cluster &&
        !application.spec.sync.observe &&
        !application.spec.suspend,
    );
  return {
    heldBack: async (keys) => {
      const all = others();
      const held = new Map<string, Moving>();
      const unseen = await firstUnseen(all, source);
      for (const key of keys) {
        const [taker, entry] = all.find(([, { memory }]) => wants(memory.prepared?.list, key)) ?? [];
        if (taker !== undefined) {
          const why = `it moves to application ${taker}, which has not taken it over yet`;
          held.set(key, { guard: "moving", why });
          // When it looked, the object was still wanted here.
          if (entry?.memory.status?.problems.some(({ code }) => code === "PL-OBJECT-CLAIMED") === true) wake(taker);
        } else if (unseen !== undefined) {
          const why = `it may have moved to application ${unseen}, whose newest revision was not looked at yet`;
          held.set(key, { guard: "unseen", why });
        }
      }
      return held;
    },
    letGo: async (owners) => {
      const free = await Promise.all(
        [...owners].map(async ([key, owner]) => {
          const entry = entries.at(owner, cluster);
          if (entry === undefined || owner === name || wants(entry.memory.prepared?.list, key)) return [];
          return entry.application.spec.suspend || !(await isSeen(entry, source)) ? [] : [key];
        }),
      );
      return new Set(free.flat());
    },
  };
}

async function firstUnseen(
  others: readonly [string, Entry][],
  source: SyncSettings["source"],
): Promise<string | undefined> {
  const seen = await Promise.all(others.map(([, entry]) => isSeen(entry, source)));
  return others[seen.indexOf(false)]?.[0];
}

/** What it wants is known as its newest revision says it. A pass that has tried that and failed is not waited for, nor is a ref that is gone. */
async function isSeen({ application, memory }: Entry, store: SyncSettings["source"]): Promise<boolean> {
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
