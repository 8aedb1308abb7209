import { sleep } from "../kit/sleep.ts";
import { PART_OF_LABEL, PlumblineError } from "../model/index.ts";
import type { FollowedObjects } from "./followed-objects.ts";
import { followedLabel, followedNamespace } from "./following.ts";
import { listObjects } from "./listing.ts";
import type { Transport } from "./transport.ts";
import type { ApiResource, Following } from "./types.ts";

/** What of a feed is needed. */
interface GainingFeed {
  readonly what: Following;
  readonly resource: ApiResource;
  readonly objects: FollowedObjects;
  /** How many whole lists were taken in. */
  readonly lists: number;
}

interface GainsParts {
  readonly feed: GainingFeed;
  readonly transport: Transport;
  readonly stopping: AbortSignal;
}

/** So many sets are named in one list; where there are more, all is listed, and what is not theirs is dropped page by page. */
const MOST_NAMED = 64;
/** The passes of what was gained begin together, and share a list. */
const GATHERING_MS = 25;

/**
 * Brings in the objects of ApplySets that are kept since the watch began: another process has worked on them until now, or they are newly declared. One list for
 * all of them, beside the watch that goes on; nobody but their own passes waits for it.
 */
export class Gains {
  readonly #parts: GainsParts;
  #next: Promise<void> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: GainsParts) {
    this.#parts = parts;
  }

  /** Resolves when every object of the set is known. Errors: PL-KUBE-* of the list; PL-FENCED where the set is not kept. */
  async know(applySetId: string): Promise<void> {
    const { objects } = this.#parts.feed;
    while (!objects.knows(applySetId)) {
      if (objects.kept?.has(applySetId) === false) throw notKept(applySetId);
      this.#next ??= this.#gather();
      await this.#next;
    }
  }

  /** A list that is under way may have been begun before a set was kept: who comes later waits for the next. */
  async #gather(): Promise<void> {
    await Promise.all([this.#running, sleep(GATHERING_MS, this.#parts.stopping)]);
    this.#next = undefined;
    const list = this.#list();
    this.#running = list.catch(() => undefined); // told to those who wait for it
    await list;
  }

  async #list(): Promise<void> {
    const { feed, transport, stopping } = this.#parts;
    const { objects, lists, resource, what } = feed;
    const unknown = [...(objects.kept?.ids() ?? [])].filter((id) => !objects.knows(id));
    if (unknown.length === 0) return;
    const taking = objects.gaining(unknown);
    const label = followedLabel(what) ?? PART_OF_LABEL;
    try {
      const { items } = await listObjects(transport, resource, {
        labelSelector: unknown.length > MOST_NAMED ? label : `${label} in (${unknown.join()})`,
        namespace: followedNamespace(what),
        keep: (object) => taking.sets.has(object.metadata.labels?.[label] ?? ""),
        signal: stopping,
      });
      // After a whole list of meanwhile this one may be the older: what is not known by that is listed once more.
      if (feed.lists === lists) objects.gained(items, taking);
    } finally {
      objects.notTaken(taking);
    }
  }
}

function notKept(applySetId: string): PlumblineError {
  const message = "this replica does not work on the application, and knows nothing of what is in the cluster of it";
  return new PlumblineError("PL-FENCED", { message, where: applySetId });
}
