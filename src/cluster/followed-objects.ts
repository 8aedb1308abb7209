import { type LiveObject, type Ref, refKey, refOf } from "../model/index.ts";
import { Elsewhere } from "./elsewhere.ts";
import { followedLabel, isOfMembers, isOfParents } from "./following.ts";
import type { KeptSets } from "./kept-sets.ts";
import { isOverOf, KnownSets, type Taking } from "./known-sets.ts";
import type { Listing } from "./listing.ts";
import { type Kept, LiveIndex } from "./live-index.ts";
import { isNewerVersion } from "./resource-version.ts";
import type { Following, LiveChange } from "./types.ts";
import type { WatchEvent } from "./watching.ts";

/** A uid never comes back: what is known to be gone is not believed again for this long, whatever answer was on its way. */
const DEAD_FOR_MS = 600_000;

interface FollowedObjectsOptions {
  readonly what: Following;
  readonly report: (change: LiveChange) => void;
  /** Of members and parents. */
  readonly kept?: KeptSets | undefined;
  readonly now?: () => number;
}

/** A whole list that is being read. */
export interface Relisting {
  readonly taking: Taking;
  /** What was dropped. */
  readonly elsewhere: Elsewhere;
  /** Which of its objects are to be taken in; absent where all are. */
  readonly keep: ((object: LiveObject) => boolean) | undefined;
}

/**
 * The objects of one kind that are followed, kept true from lists, watch events and answers, in whatever order these come.
 * The newer version wins. What the watch calls DELETED, or a new list lacks, may only have lost its label: it is `missing` until
 * a GET has told (`settle`). An object without its label is kept as an orphan under the ApplySet it was in.
 * Where several processes share the work, objects of sets that are not kept are dropped as they come.
 * No I/O and no timers: live-feed.ts has them.
 */
export class FollowedObjects {
  readonly index = new LiveIndex();
  /** Undefined where everything is kept. */
  readonly kept: KeptSets | undefined;
  elsewhere: Elsewhere;
  readonly #known = new KnownSets();
  readonly #what: Following;
  readonly #label: string | undefined;
  readonly #report: FollowedObjectsOptions["report"];
  readonly #now: () => number;
  /** uid -> when it was known to be gone. */
  readonly #dead = new Map<string, number>();
  /** key -> the version at which it left the selection. */
  readonly #missing = new Map<string, string>();

  constructor({ what, report, kept, now = Date.now }: FollowedObjectsOptions) {
    this.#what = what;
    this.kept = isOfMembers(what) || isOfParents(what) ? kept : undefined;
    this.#label = followedLabel(what);
    this.#report = report;
    this.#now = now;
    this.elsewhere = this.#newElsewhere();
  }

  /** Objects that a GET must tell about. */
  missing(): readonly Ref[] {
    return this.#refsOf((key) => this.#missing.has(key));
  }

  orphans(): readonly Ref[] {
    return this.#refsOf((_key, kept) => kept.orphan);
  }

  /** Every object of the set is known. */
  knows(applySetId: string): boolean {
    return this.kept === undefined || this.#known.has(applySetId);
  }

  /** Before a whole list is asked for. */
  relisting(): Relisting {
    const taking = this.#known.begin(this.kept?.ids() ?? []);
    const elsewhere = this.#newElsewhere();
    const keep = (object: LiveObject): boolean => {
      if (this.#isKept(object)) return true;
      elsewhere.add(object);
      return false;
    };
    return { taking, elsewhere, keep: this.kept === undefined ? undefined : keep };
  }

  /** A whole list. `first`: nobody knew anything before, so nothing is reported. `reset`: versions count anew, so the list is right whatever is kept. */
  listed(
    { items, resourceVersion }: Pick<Listing, "items" | "resourceVersion">,
    { first = false, reset = false, relisting = this.relisting() } = {},
  ): void {
    const before = this.elsewhere;
    this.elsewhere = relisting.elsewhere;
    const seen = new Set<string>();
    for (const object of items) {
      const key = refKey(refOf(object));
      seen.add(key);
      if (reset) this.#missing.delete(key);
      this.#present(object, { silent: first, force: reset });
    }
    for (const [key, { object, orphan }] of [...this.index.entries()]) {
      const answeredLater = !reset && isNewerVersion(object.metadata.resourceVersion, resourceVersion);
      if (seen.has(key) || orphan || answeredLater) continue;
      this.#lost(key, resourceVersion);
    }
    this.#known.end(relisting.taking);
    if (!first) this.#tellDigests(before);
    this.#forgetDead();
  }

  /** Before a list of these sets alone is asked for, while the watch goes on. */
  gaining(applySetIds: Iterable<string>): Taking {
    return this.#known.begin(applySetIds);
  }

  /** The list of sets that are kept since a moment ago. It may be older than what the watch has told meanwhile. */
  gained(items: readonly LiveObject[], taking: Taking): void {
    for (const object of items) {
      const key = refKey(refOf(object));
      if (!taking.sets.has(this.#setIdOf(object) ?? "")) continue;
      if (isOverOf(taking, key, object.metadata.resourceVersion)) continue;
      // Whoever had it before, and is kept too, hears of it.
      this.#present(object, { silent: this.index.get(key) === undefined });
    }
    this.#known.end(taking);
  }

  /** A list has failed, or was taken in. */
  notTaken(taking: Taking): void {
    this.#known.cancel(taking);
  }

  /** These are kept no more. */
  trim(applySetIds: readonly string[]): void {
    if (this.kept === undefined) return;
    this.#known.lost(applySetIds);
    for (const { object, orphan } of applySetIds.flatMap((id) => [...this.index.members(id)])) {
      const key = refKey(refOf(object));
      this.index.delete(key);
      this.#missing.delete(key);
      if (!orphan) this.elsewhere.add(object);
    }
  }

  event(event: Exclude<WatchEvent, { type: "BOOKMARK" }>): void {
    const { type, object } = event;
    const key = refKey(refOf(object));
    const { uid, resourceVersion } = object.metadata;
    if (type !== "DELETED") this.#present(object);
    else {
      // Its label was off for a moment, and an answer has brought it back already: nothing is missing.
      const kept = this.index.get(key)?.object.metadata;
      if (kept?.uid === uid && isNewerVersion(resourceVersion, kept.resourceVersion)) this.#lost(key, resourceVersion);
    }
    if (this.kept === undefined || this.index.get(key) !== undefined) return;
    this.#known.noteLeft(key, resourceVersion);
    const digest = type === "DELETED" ? this.elsewhere.delete(object) : undefined;
    if (digest !== undefined) this.#tell("gone", digest, this.#setIdOf(digest));
  }

  /** An answer of the server: kept if it is followed here and newer, and not reported, since who asked knows it. */
  put(object: LiveObject): void {
    const key = refKey(refOf(object));
    const there = this.index.get(key) !== undefined;
    const followed = this.#label === undefined || this.#setIdOf(object) !== undefined || there;
    if (followed && (there || this.#isKept(object))) this.#present(object, { silent: true });
  }

  /** A delete answered that it is gone. Not reported. */
  remove(key: string, uid: string): void {
    this.#dead.set(uid, this.#now());
    if (this.index.get(key)?.object.metadata.uid !== uid) return;
    this.index.delete(key);
    this.#missing.delete(key);
  }

  /** What a GET answered about a missing object or an orphan. */
  settle(ref: Ref, answer: LiveObject | undefined): void {
    const key = refKey(ref);
    const kept = this.index.get(key);
    const asked = kept?.orphan === true || this.#missing.has(key);
    if (kept === undefined || !asked) return;
    this.#missing.delete(key);
    if (answer?.metadata.uid !== kept.object.metadata.uid) this.#gone(key);
    if (answer !== undefined && (this.index.get(key) !== undefined || this.#setIdOf(answer) !== undefined)) {
      this.#present(answer);
    }
  }

  /** The kind is not served any more, so none of its objects is there. */
  clear(): void {
    this.elsewhere.clear();
    for (const [key] of [...this.index.entries()]) this.#gone(key);
  }

  #present(object: LiveObject, { silent = false, force = false } = {}): void {
    const key = refKey(refOf(object));
    const { uid, resourceVersion } = object.metadata;
    if (this.#dead.has(uid) || this.#isOlder(key, resourceVersion, force)) return;
    this.#missing.delete(key);
    const before = this.index.get(key);
    const own = this.#setIdOf(object);
    if (!this.#isKept(object)) {
      this.#toElsewhere(object, { before, silent });
      return;
    }
    if (this.kept !== undefined) this.elsewhere.delete(object);
    const applySetId = own ?? before?.applySetId;
    this.index.set(key, { object, applySetId, orphan: this.#label !== undefined && own === undefined });
    if (silent) return;
    this.#tell("present", object, applySetId);
    // It went over to another ApplySet: the one that it was in has lost it and must hear of it.
    if (before?.applySetId !== undefined && before.applySetId !== applySetId) {
      this.#tell("present", object, before.applySetId);
    }
  }

  /** It is not kept, or not any more: the one that it was in has lost it. */
  #toElsewhere(object: LiveObject, { before, silent }: { before: Kept | undefined; silent: boolean }): void {
    this.index.delete(refKey(refOf(object)));
    const digest = this.elsewhere.add(object);
    if (silent) return;
    if (digest !== undefined) this.#tell("present", digest, this.#setIdOf(object));
    if (before?.applySetId !== undefined) this.#tell("present", object, before.applySetId);
  }

  #isKept(object: LiveObject): boolean {
    const own = this.kept === undefined ? undefined : this.#setIdOf(object);
    return own === undefined || this.kept?.has(own) === true;
  }

  #newElsewhere(): Elsewhere {
    return new Elsewhere(isOfParents(this.#what) ? this.kept?.digest : undefined);
  }

  /** What a new list says otherwise than was known. */
  #tellDigests(before: Elsewhere): void {
    for (const digest of this.elsewhere.digests())
      if (!before.says(digest)) this.#tell("present", digest, this.#setIdOf(digest));
    for (const digest of before.digests())
      if (!this.elsewhere.has(digest.metadata)) this.#tell("gone", digest, this.#setIdOf(digest));
  }

  #isOlder(key: string, version: string, force: boolean): boolean {
    const kept = this.index.get(key)?.object.metadata.resourceVersion;
    const left = this.#missing.get(key);
    if (left !== undefined && !isNewerVersion(version, left)) return true;
    if (kept === undefined) return false;
    return force ? kept === version : !isNewerVersion(version, kept);
  }

  #lost(key: string, version: string): void {
    if (this.#label === undefined) this.#gone(key);
    else this.#missing.set(key, version);
  }

  #gone(key: string): void {
    const kept = this.index.get(key);
    if (kept === undefined) return;
    this.index.delete(key);
    this.#missing.delete(key);
    this.#dead.set(kept.object.metadata.uid, this.#now());
    this.#tell("gone", kept.object, kept.applySetId);
  }

  #tell(type: LiveChange["type"], object: LiveObject, applySetId: string | undefined): void {
    this.#report({ type, ref: refOf(object), object, applySetId: this.#what === "all" ? undefined : applySetId });
  }

  #setIdOf(object: LiveObject): string | undefined {
    return this.#label === undefined ? undefined : object.metadata.labels?.[this.#label];
  }

  #refsOf(chosen: (key: string, kept: Kept) => boolean): readonly Ref[] {
    return [...this.index.entries()].flatMap(([key, kept]) => (chosen(key, kept) ? [refOf(kept.object)] : []));
  }

  #forgetDead(): void {
    const before = this.#now() - DEAD_FOR_MS;
    for (const [uid, since] of this.#dead) if (since < before) this.#dead.delete(uid);
  }
}
