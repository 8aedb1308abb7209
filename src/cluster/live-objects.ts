import { abortable } from "../kit/abortable.ts";
import {
  apiVersionOf,
  type GroupKind,
  type GroupVersionKind,
  groupKindKey,
  type LiveObject,
  parseApiVersion,
  type Ref,
  refKey,
  refOf,
} from "../model/index.ts";
import { followedLabel, followedNamespace, isOfMembers } from "./following.ts";
import { type FeedContext, LiveFeed } from "./live-feed.ts";
import { isNewerVersion } from "./resource-version.ts";
import type { ApiResource, Following, FollowOptions, LiveChange, LiveStore } from "./types.ts";

/** The followed kinds of a cluster, one feed for each kind, version and selection. */
export class LiveObjects implements LiveStore {
  /** By kind without version, then by version and selection. */
  readonly #feeds = new Map<string, Map<string, LiveFeed>>();
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #context: FeedContext;
  readonly #unsubscribe: (() => void) | undefined;

  constructor(context: Omit<FeedContext, "report">) {
    this.#context = { ...context, report: (change) => this.#tell(change) };
    this.#unsubscribe = context.kept?.onLost((ids) => {
      for (const { objects } of this.#all()) objects.trim(ids);
    });
  }

  async follow(resource: ApiResource, what: Following, { applySetId, signal }: FollowOptions = {}): Promise<void> {
    const feed = await this.#ready(resource, what, signal);
    if (applySetId !== undefined && !feed.objects.knows(applySetId))
      await abortable(feed.gains.know(applySetId), signal);
  }

  async #ready(resource: ApiResource, what: Following, signal: AbortSignal | undefined): Promise<LiveFeed> {
    signal?.throwIfAborted();
    const feeds = this.#feeds.get(groupKindKey(resource)) ?? new Map<string, LiveFeed>();
    this.#feeds.set(groupKindKey(resource), feeds);
    const key = `${resource.version} ${what}`;
    const feed = this.#following(feeds.get(key), resource) ?? new LiveFeed(resource, what, this.#context);
    feeds.set(key, feed);
    feed.wake();
    if (feed.isReady) return feed;
    // A feed whose first list failed has ended: the next who follows begins anew.
    const ready = feed.ready.catch((error: unknown) => {
      if (feeds.get(key) === feed) feeds.delete(key);
      throw error;
    });
    await abortable(ready, signal);
    return feed;
  }

  /** Its first list is in. */
  isFollowed(resource: ApiResource, what: Following): boolean {
    const feed = this.#feeds.get(groupKindKey(resource))?.get(`${resource.version} ${what}`);
    return feed?.isReady === true && feed.resource.version === resource.version;
  }

  /** Whatever carries one of these is known: the labels of members and, where they are followed too, of ApplySet parents. */
  followedLabels(resource: ApiResource): string[] {
    const followed = (["members", "parents"] as const).filter((what) => this.isFollowed(resource, what));
    return followed.flatMap((what) => followedLabel(what) ?? []);
  }

  /** An object of this name (nameIn) carries such a label, and is not kept. */
  isElsewhere(kind: GroupKind, name: string): boolean {
    return [...this.#feedsOf(kind)].some(({ objects }) => objects.elsewhere.hasNamed(name));
  }

  get(ref: Ref): LiveObject | undefined {
    const key = refKey(ref);
    const feeds = [...this.#feedsOf(ref)];
    const same = feeds.filter(({ resource, isReady }) => isReady && resource.version === ref.version);
    // One that another version still has, and the asked one no longer, is gone; its other watch is only behind.
    return (same.length > 0 ? same : feeds).map(({ objects }) => objects.index.get(key)?.object).find(isThere);
  }

  members(applySetId: string): readonly LiveObject[] {
    const found = new Map<string, LiveObject>();
    for (const feed of this.#all()) {
      if (!isOfMembers(feed.what)) continue;
      for (const { object } of feed.objects.index.members(applySetId)) {
        const key = refKey(refOf(object));
        const other = found.get(key)?.metadata.resourceVersion;
        if (other === undefined || isNewerVersion(object.metadata.resourceVersion, other)) found.set(key, object);
      }
    }
    return [...found.values()];
  }

  all(kind: GroupVersionKind): readonly LiveObject[] {
    const found: LiveObject[] = [];
    for (const feed of this.#feedsOf(kind)) {
      if (isOfMembers(feed.what) || feed.resource.version !== kind.version) continue;
      const { index, elsewhere } = feed.objects;
      for (const [, { object }] of index.entries()) found.push(object);
      for (const digest of elsewhere.digests()) if (index.get(refKey(refOf(digest))) === undefined) found.push(digest);
    }
    return found;
  }

  warnings(kind: GroupVersionKind): readonly string[] {
    const texts = [...this.#feedsOf(kind)].flatMap((feed) =>
      feed.resource.version === kind.version ? feed.warnings : [],
    );
    return [...new Set(texts)];
  }

  put(object: LiveObject): void {
    const { group, version } = parseApiVersion(object.apiVersion);
    for (const feed of this.#feedsOf({ group, kind: object.kind })) {
      const own = followedNamespace(feed.what) ?? object.metadata.namespace;
      if (feed.resource.version === version && own === object.metadata.namespace) feed.objects.put(object);
    }
  }

  remove(ref: Ref, uid: string): void {
    for (const feed of this.#feedsOf(ref)) feed.objects.remove(refKey(ref), uid);
  }

  onChange(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  broken(): ReturnType<LiveStore["broken"]> {
    return [...this.#all()].flatMap(({ resource, failure }) =>
      failure === undefined ? [] : [{ kind: `${apiVersionOf(resource)} ${resource.kind}`, ...failure }],
    );
  }

  get watches(): number {
    return [...this.#all()].length;
  }

  close(): void {
    this.#unsubscribe?.();
    for (const feed of this.#all()) feed.stop();
    this.#listeners.clear();
  }

  /** A feed whose version was served no more went over to another; now that the version is back, it has had its time. */
  #following(feed: LiveFeed | undefined, { version }: ApiResource): LiveFeed | undefined {
    if (feed === undefined || feed.resource.version === version) return feed;
    feed.stop();
    return undefined;
  }

  *#all(): Iterable<LiveFeed> {
    for (const feeds of this.#feeds.values()) yield* feeds.values();
  }

  #feedsOf(kind: { readonly group: string; readonly kind: string }): Iterable<LiveFeed> {
    return this.#feeds.get(groupKindKey(kind))?.values() ?? [];
  }

  /** A listener's fault must not end the watch, nor keep the others from hearing. */
  #tell(change: LiveChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#context.log.error({ err: error, kind: change.ref.kind }, "a listener to live changes failed");
      }
    }
  }
}

function isThere(object: LiveObject | undefined): object is LiveObject {
  return object !== undefined;
}
