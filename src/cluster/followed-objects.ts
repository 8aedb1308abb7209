import {
  APPLYSET_ID_LABEL,
  CLUSTER_LABEL,
  type LiveObject,
  PART_OF_LABEL,
  type Ref,
  refKey,
  refOf,
} from "../model/index.ts";
import type { Listing } from "./listing.ts";
import { type Kept, LiveIndex } from "./live-index.ts";
import { isNewerVersion } from "./resource-version.ts";
import type { Following, LiveChange, MembersIn } from "./types.ts";
import type { WatchEvent } from "./watching.ts";

/** The label whose presence is followed; undefined: every object is. */
export function followedLabel(what: Following): string | undefined {
  if (isOfMembers(what)) return PART_OF_LABEL;
  if (what === "parents") return APPLYSET_ID_LABEL;
  return what === "all" ? undefined : CLUSTER_LABEL;
}

const IN = " in ";

export function isOfMembers(what: Following): what is "members" | MembersIn {
  return what === "members" || what.startsWith(`members${IN}`);
}

/** undefined: in all. */
export function followedNamespace(what: Following): string | undefined {
  return what.split(IN, 2)[1];
}

/** A uid never comes back: what is known to be gone is not believed again for this long, whatever answer was on its way. */
const DEAD_FOR_MS = 600_000;

interface FollowedObjectsOptions {
  readonly what: Following;
  readonly report: (change: LiveChange) => void;
  readonly now?: () => number;
}

/**
 * The objects of one kind that are followed, kept true from lists, watch events and answers, in whatever order these come.
 * The newer version wins. What the watch calls DELETED, or a new list lacks, may only have lost its label: it is `missing` until
 * a GET has told (`settle`). An object without its label is kept as an orphan under the ApplySet it was in.
 * No I/O and no timers: live-feed.ts has them.
 */
export class FollowedObjects {
  readonly index = new LiveIndex();
  readonly #what: Following;
  readonly #label: string | undefined;
  readonly #report: FollowedObjectsOptions["report"];
  readonly #now: () => number;
  /** uid -> when it was known to be gone. */
  readonly #dead = new Map<string, number>();
  /** key -> the version at which it left the selection. */
  readonly #missing = new Map<string, string>();

  constructor({ what, report, now = Date.now }: FollowedObjectsOptions) {
    this.#what = what;
    this.#label = followedLabel(what);
    this.#report = report;
    this.#now = now;
  }

  /** Objects that a GET must tell about. */
  missing(): readonly Ref[] {
    return this.#refsOf((key) => this.#missing.has(key));
  }

  orphans(): readonly Ref[] {
    return this.#refsOf((_key, kept) => kept.orphan);
  }

  /** A whole list. `first`: nobody knew anything before, so nothing is reported. `reset`: versions count anew, so the list is right whatever is kept. */
  listed(
    { items, resourceVersion }: Pick<Listing, "items" | "resourceVersion">,
    { first = false, reset = false } = {},
  ): void {
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
    this.#forgetDead();
  }

  event(event: Exclude<WatchEvent, { type: "BOOKMARK" }>): void {
    const { type, object } = event;
    const key = refKey(refOf(object));
    const { uid, resourceVersion } = object.metadata;
    if (type !== "DELETED") {
      this.#present(object);
      return;
    }
    // Its label was off for a moment, and an answer has brought it back already: nothing is missing.
    const kept = this.index.get(key)?.object.metadata;
    if (kept?.uid === uid && isNewerVersion(resourceVersion, kept.resourceVersion)) this.#lost(key, resourceVersion);
  }

  /** An answer of the server: kept if it is followed here and newer, and not reported, since who asked knows it. */
  put(object: LiveObject): void {
    const key = refKey(refOf(object));
    const followed = this.#label === undefined || this.#setIdOf(object) !== undefined || this.index.get(key);
    if (followed) this.#present(object, { silent: true });
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
    for (const [key] of [...this.index.entries()]) this.#gone(key);
  }

  #present(object: LiveObject, { silent = false, force = false } = {}): void {
    const key = refKey(refOf(object));
    const { uid, resourceVersion } = object.metadata;
    if (this.#dead.has(uid) || this.#isOlder(key, resourceVersion, force)) return;
    this.#missing.delete(key);
    const before = this.index.get(key);
    const own = this.#setIdOf(object);
    const applySetId = own ?? before?.applySetId;
    this.index.set(key, { object, applySetId, orphan: this.#label !== undefined && own === undefined });
    if (silent) return;
    this.#tell("present", object, applySetId);
    // It went over to another ApplySet: the one that it was in has lost it and must hear of it.
    if (before?.applySetId !== undefined && before.applySetId !== applySetId) {
      this.#tell("present", object, before.applySetId);
    }
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
