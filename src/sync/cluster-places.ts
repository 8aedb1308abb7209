import type { Clusters } from "../cluster/index.ts";
import { HeldPlace } from "../kit/keyed-queue.ts";
import { LimitedPlaces } from "../kit/places.ts";
import type { Rank, Run } from "../queue/index.ts";

interface ClusterPlacesParts {
  readonly clusters: Pick<Clusters, "home" | "names">;
  /** Passes at once at home. */
  readonly concurrency: number;
}

/** Passes at once of another cluster. */
const ELSEWHERE = 16;

interface Wanted {
  /** Name of the one in which the pass works. */
  readonly cluster: string;
  /** Its place in the queue. */
  readonly run: Run;
  readonly rank: Rank;
}

interface Entered {
  readonly run: Run;
  leave(): void;
}

/**
 * Where there are several clusters each has places of its own, and the queue's are given back: passes that hang on a server which does not answer keep those of other
 * clusters from nothing. With one cluster the queue's places are all there is.
 */
export class ClusterPlaces {
  readonly #parts: ClusterPlacesParts;
  readonly #byName = new Map<string, LimitedPlaces>();

  constructor(parts: ClusterPlacesParts) {
    this.#parts = parts;
  }

  /** Errors: those of the work. */
  async within(at: Wanted, work: (run: Run) => Promise<void>): Promise<void> {
    const { run, leave } = await this.enter(at);
    try {
      await work(run);
    } finally {
      leave();
    }
  }

  async enter({ cluster, run, rank }: Wanted): Promise<Entered> {
    const { clusters, concurrency } = this.#parts;
    if (clusters.names().length === 1) return { run, leave: () => {} };
    const limit = cluster === clusters.home.name ? concurrency : Math.min(ELSEWHERE, concurrency);
    const places = this.#byName.get(cluster) ?? new LimitedPlaces(limit);
    this.#byName.set(cluster, places);
    run.rest();
    await places.take(rank);
    const held = new HeldPlace({ take: () => places.take(), giveBack: () => places.giveBack() });
    const leave = (): void => {
      held.rest();
      if (places.taken === 0) this.#byName.delete(cluster);
    };
    const { signal } = run;
    const own = {
      rest: () => held.rest(),
      wake: () => held.wake(),
      use: <T>(work: () => Promise<T>) => held.use(work),
    };
    return { run: signal === undefined ? own : { ...own, signal }, leave };
  }
}
