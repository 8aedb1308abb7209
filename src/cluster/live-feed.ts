import { backoffDelay } from "../kit/backoff.ts";
import { sleep } from "../kit/sleep.ts";
import {
  type GroupKind,
  type LiveObject,
  type Log,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";
import { FollowedObjects, type Relisting } from "./followed-objects.ts";
import { followedLabel, followedNamespace } from "./following.ts";
import { Gains } from "./gains.ts";
import type { KeptSets } from "./kept-sets.ts";
import { type Listing, listObjects, VersionGone } from "./listing.ts";
import { isNewerVersion } from "./resource-version.ts";
import type { Transport } from "./transport.ts";
import type { ApiResource, Following, LiveChange } from "./types.ts";
import { type WatchEvent, watchObjects } from "./watching.ts";

export interface FeedContext {
  readonly transport: Transport;
  readonly log: Log;
  readonly report: (change: LiveChange) => void;
  readonly lookup: (refs: readonly Ref[], signal: AbortSignal) => Promise<ReadonlyMap<string, LiveObject>>;
  readonly kept?: KeptSets | undefined;
  readonly preferred: (kind: GroupKind, signal: AbortSignal) => Promise<ApiResource | undefined>;
}

const BACKOFF = { baseMs: 200, capMs: 10_000, random: Math.random };
/** A kind that is not served any more is looked for this often, or when somebody follows it again. */
const NOT_SERVED_WAIT_MS = 30_000;
const ORPHANS_EVERY_MS = 10_000;
const WATCH_SECONDS = 300;
/** A watch that ends sooner than this is no watch: it counts as a failure, so that it is not begun again at once for ever. */
const SHORTEST_WATCH_MS = 1000;
/** After so many failures in a row the version that the watch goes on from is suspected, and all is listed again. */
const FAILURES_TO_LIST = 3;

/** One list and watch of a kind, for ever: every error is waited out and told by `failure`. */
export class LiveFeed {
  readonly what: Following;
  readonly objects: FollowedObjects;
  readonly gains: Gains;
  readonly #context: FeedContext;
  readonly #ready = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  #resource: ApiResource;
  #version: string | undefined;
  #warnings: readonly string[] = [];
  #lastVersion = "";
  #lists = 0;
  #failures = 0;
  #failure: { readonly since: string; readonly problem: Problem } | undefined;
  #checking = false;
  #orphanTimer: NodeJS.Timeout | undefined;
  #wake: AbortController | undefined;

  constructor(resource: ApiResource, what: Following, context: FeedContext) {
    this.#resource = resource;
    this.what = what;
    this.#context = context;
    this.objects = new FollowedObjects({ what, report: context.report, kept: context.kept });
    this.gains = new Gains({ feed: this, transport: context.transport, stopping: this.#stopping.signal });
    // Whoever follows hears of the first failure; when nobody waits any more, that is no unhandled rejection.
    this.#ready.promise.catch(() => undefined);
    void this.#run();
  }

  get resource(): ApiResource {
    return this.#resource;
  }

  /** The Warning headers of the last list or watch. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Why the watch is down now, and since when. */
  get failure(): { readonly since: string; readonly problem: Problem } | undefined {
    return this.#failure;
  }

  /** How many whole lists were taken in. */
  get lists(): number {
    return this.#lists;
  }

  /** Resolves when the first list is in; rejects when it failed, and then the feed has ended. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get isReady(): boolean {
    return this.#lists > 0;
  }

  /** A kind that was not served may be again. */
  wake(): void {
    this.#wake?.abort();
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#orphanTimer);
    this.#ready.reject(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list();
        await this.#watch();
      } catch (error) {
        if (signal.aborted) return;
        if (this.#lists === 0) return this.#ready.reject(error);
        await this.#waitOut(error);
      }
    }
  }

  async #list(): Promise<void> {
    const { signal } = this.#stopping;
    const selection = { labelSelector: followedLabel(this.what), namespace: followedNamespace(this.what) };
    const relisting = this.objects.relisting();
    try {
      const options = { ...selection, keep: relisting.keep, signal };
      const listing = await listObjects(this.#context.transport, this.#resource, options);
      this.#takeIn(listing, relisting);
    } finally {
      this.objects.notTaken(relisting.taking);
    }
    this.#ready.resolve();
    this.#check();
  }

  #takeIn(listing: Listing, relisting: Relisting): void {
    // The server's versions went back: its data was restored from a copy, and ours is of a time that never was.
    const reset = this.#lastVersion !== "" && isNewerVersion(this.#lastVersion, listing.resourceVersion);
    this.objects.listed(listing, { first: this.#lists === 0, reset, relisting });
    this.#version = this.#lastVersion = listing.resourceVersion;
    this.#warnings = listing.warnings;
    this.#lists++;
  }

  async #watch(): Promise<void> {
    const began = performance.now();
    let changed = false;
    await watchObjects(this.#context.transport, {
      resource: this.#resource,
      ...{ labelSelector: followedLabel(this.what), namespace: followedNamespace(this.what) },
      resourceVersion: this.#version ?? "",
      // Spread out, so that not all watches of a fleet are renewed at once.
      timeoutSeconds: Math.round(WATCH_SECONDS * (1 + Math.random())),
      signal: this.#stopping.signal,
      onOpen: (warnings) => {
        this.#warnings = warnings;
        this.#recovered();
      },
      onEvent: (event) => {
        changed = true;
        this.#failures = 0;
        this.#take(event);
      },
    });
    if (changed || performance.now() - began > SHORTEST_WATCH_MS) {
      this.#failures = 0;
      return;
    }
    throw new PlumblineError("PL-KUBE-UNREACHABLE", {
      message: `the watch of ${this.#resource.kind} ended as soon as it began`,
      where: this.#resource.kind,
    });
  }

  #take(event: WatchEvent): void {
    const version = event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion;
    if (event.type !== "BOOKMARK") this.objects.event(event);
    if (event.type === "DELETED") this.#check();
    // Only now: what threw comes again.
    if (version !== "") this.#version = this.#lastVersion = version;
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#context.log.info({ kind: this.#resource.kind, following: this.what }, "the watch is back");
  }

  async #waitOut(error: unknown): Promise<void> {
    const { signal } = this.#stopping;
    this.#failures++;
    if (error instanceof VersionGone || this.#failures >= FAILURES_TO_LIST) this.#version = undefined;
    // The usual end of a version that grew too old: listing again is all it takes.
    if (error instanceof VersionGone && this.#failures === 1) return;
    if (error instanceof PlumblineError && error.code === "PL-KIND-UNKNOWN") return this.#waitUntilServed();
    const problem = toProblem(error);
    const first = this.#failure === undefined;
    this.#failure = { since: this.#failure?.since ?? new Date().toISOString(), problem };
    const fields = { kind: this.#resource.kind, following: this.what, problem };
    if (first) this.#context.log.warn(fields, "the watch is down; it is tried again");
    else this.#context.log.debug(fields, "the watch is still down");
    await sleep(backoffDelay(this.#failures, BACKOFF), signal).catch(ignoreAbort(signal));
  }

  /** Its definition was deleted, and with it its objects; or only this version is not served any more. */
  async #waitUntilServed(): Promise<void> {
    const { signal } = this.#stopping;
    this.#version = undefined;
    const other = await this.#context.preferred(this.#resource, signal).catch(() => this.#resource);
    if (other !== undefined && other.version !== this.#resource.version) {
      this.#resource = other;
      return;
    }
    if (other === undefined) this.objects.clear();
    this.#wake = new AbortController();
    const either = AbortSignal.any([signal, this.#wake.signal]);
    await sleep(other === undefined ? NOT_SERVED_WAIT_MS : BACKOFF.capMs, either).catch(ignoreAbort(either));
    this.#wake = undefined;
  }

  /** Asks for what went missing, until every one is known to be there or gone. */
  #check(): void {
    if (this.#checking) return;
    this.#checking = true;
    void this.#checkMissing().finally(() => {
      this.#checking = false;
    });
  }

  async #checkMissing(): Promise<void> {
    const { signal } = this.#stopping;
    // After the events of the same chunk, so that a burst of deletions is one question.
    await Promise.resolve();
    for (let failures = 0; !signal.aborted; ) {
      const refs = this.objects.missing();
      if (refs.length === 0) break;
      if (await this.#settle(refs)) failures = 0;
      else await sleep(backoffDelay(++failures, BACKOFF), signal).catch(ignoreAbort(signal));
    }
    this.#watchOrphans();
  }

  async #settle(refs: readonly Ref[]): Promise<boolean> {
    try {
      const found = await this.#context.lookup(refs, this.#stopping.signal);
      for (const ref of refs) this.objects.settle(ref, found.get(refKey(ref)));
      return true;
    } catch (error) {
      this.#context.log.debug(
        { kind: this.#resource.kind, problem: toProblem(error) },
        "objects that left the watch cannot be asked for yet",
      );
      return false;
    }
  }

  /** The watch says nothing about objects without the label, so they are asked for while there are any. */
  #watchOrphans(): void {
    clearTimeout(this.#orphanTimer);
    if (this.#stopping.signal.aborted || this.objects.orphans().length === 0) return;
    this.#orphanTimer = setTimeout(() => {
      void this.#settle(this.objects.orphans()).finally(() => this.#watchOrphans());
    }, ORPHANS_EVERY_MS);
    this.#orphanTimer.unref();
  }
}

/** A wait that is cut short by its signal has done its work; anything else is a fault. */
function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}
