import type { QueueFactory, Rank, Run, WorkQueue } from "../../src/queue/index.ts";
import { until } from "../e2e/until.ts";

/** A request in these tests: what was asked, and how much it hurries. */
export interface Asked {
  readonly what: string;
  readonly rank: Rank;
}

export interface Controlled {
  readonly queue: WorkQueue<Asked>;
  /** "key:what" of each run that began. */
  readonly started: readonly string[];
  readonly errors: readonly string[];
  /** Keys that run now, and the most that ever did at once, by key. */
  readonly overlaps: readonly string[];
  add(key: string, what?: string, rank?: Rank): void;
  run(key: string): Run;
  /** Lets the run of a key end, and waits until it has. */
  end(key: string): Promise<void>;
  endAll(): void;
  /** Waits until so many runs have begun. */
  begun(count: number): Promise<void>;
}

/** A queue whose runs end when the test says so. */
export function controlled(create: QueueFactory, concurrency: number): Controlled {
  const started: string[] = [];
  const errors: string[] = [];
  const overlaps: string[] = [];
  const ends = new Map<string, () => void>();
  const runs = new Map<string, Run>();
  const queue = create<Asked>({
    concurrency,
    merge: (a, b) => ({ what: `${a.what}+${b.what}`, rank: Math.min(a.rank, b.rank) as Rank }),
    rankOf: ({ rank }) => rank,
    unasked: (rank) => ({ what: "?", rank }),
    work: async (key, { what }, run) => {
      if (ends.has(key)) overlaps.push(key);
      started.push(`${key}:${what}`);
      runs.set(key, run);
      if (what === "throws") throw new Error("refused");
      await new Promise<void>((resolve) => {
        ends.set(key, resolve);
        run.signal?.addEventListener("abort", () => resolve());
      });
      ends.delete(key);
    },
    onError: (key) => errors.push(key),
  });
  return {
    ...{ queue, started, errors, overlaps },
    add: (key, what = "x", rank = 2) => queue.add(key, { what, rank }),
    run: (key) => runs.get(key) as Run,
    end: async (key) => {
      await until(`a run of ${key}`, () => ends.has(key));
      const ended = ends.get(key);
      ended?.();
      await until(`the end of ${key}`, () => ends.get(key) !== ended);
    },
    endAll: () => {
      for (const end of ends.values()) end();
    },
    begun: async (count) => {
      await until(`${count} runs`, () => started.length >= count || undefined);
    },
  };
}
