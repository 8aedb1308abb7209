import { sleep } from "../kit/sleep.ts";
import { nameIn } from "./elsewhere.ts";
import { listObjects } from "./listing.ts";
import type { Transport } from "./transport.ts";
import type { ApiResource } from "./types.ts";

/** A page. Where more objects are nobody's member, a list is dearer than the questions that it saves. */
const MOST = 500;
/** Where a list was refused or too long, none is tried again for this long. */
const BLIND_MS = 60_000;
/** Until then after a list a lone question counts as one of many. */
const CROWD_MS = 5000;
/** A list waits for more to ask, by so many times what the last one took: a slow server is asked for more at once. */
const GATHERING = 4;
const GATHERING_MS = { least: 20, most: 500 };

interface Watched {
  /** Those whose carriers are known. */
  readonly labels: () => readonly string[];
  /** One that carries such a label, and that is not kept here. */
  readonly isElsewhere: (name: string) => boolean;
}

/**
 * The names of all objects of one kind that carry none of the labels that are watched, by one list for everybody who asks meanwhile. Beside the
 * watches that tells of any name whether it is there. An answer is never older than its question: who asks while a list runs, which may have
 * begun before the object was made, waits for the next.
 */
export class Strangers {
  readonly #transport: Transport;
  readonly #resource: ApiResource;
  readonly #watched: Watched;
  #asking = 0;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<ReadonlySet<string> | undefined> | undefined;
  #blindUntil = 0;
  #listedAt = Number.NEGATIVE_INFINITY;
  #tookMs = 0;

  constructor(transport: Transport, resource: ApiResource, watched: Watched) {
    this.#transport = transport;
    this.#resource = resource;
    this.#watched = watched;
  }

  /** From here to leave() somebody asks for objects of the kind. */
  enter(): void {
    this.#asking++;
  }

  leave(): void {
    this.#asking--;
  }

  /** An object of that name (nameIn) is there for certain, and whose it is only a question by name can tell. */
  isElsewhere(name: string): boolean {
    return this.#watched.isElsewhere(name);
  }

  /**
   * Names by nameIn, for one who has entered; undefined where nobody else asks or has asked a moment ago, or a list does not tell. Never rejects: who is not told asks by
   * name, and hears what is wrong.
   */
  async names(): Promise<ReadonlySet<string> | undefined> {
    const now = performance.now();
    if (now < this.#blindUntil || (this.#asking < 2 && now - this.#listedAt > CROWD_MS)) return undefined;
    this.#next ??= this.#afterRunning();
    return await this.#next;
  }

  async #afterRunning(): Promise<ReadonlySet<string> | undefined> {
    const { least, most } = GATHERING_MS;
    await Promise.all([this.#running, sleep(Math.min(most, Math.max(least, GATHERING * this.#tookMs)))]);
    const list = this.#list();
    this.#running = list;
    this.#next = undefined;
    return await list;
  }

  async #list(): Promise<ReadonlySet<string> | undefined> {
    const began = performance.now();
    try {
      const labelSelector = this.#watched.labels().map((label) => `!${label}`);
      const options = { labelSelector: labelSelector.join(), metadataOnly: true, most: MOST };
      const { items, whole } = await listObjects(this.#transport, this.#resource, options);
      this.#listedAt = performance.now();
      this.#tookMs = this.#listedAt - began;
      if (whole) return new Set(items.map(({ metadata }) => nameIn(metadata)));
    } catch {
      // Forbidden, busy or away: the question by name meets the same, and says so in its place.
    }
    this.#blindUntil = performance.now() + BLIND_MS;
    return undefined;
  }
}
