import type { FieldAuthor, FieldChange } from "./field-change.ts";
import type { IgnoreRule } from "./object-rules.ts";
import type { Ref } from "./ref.ts";

/**
 * One field's drift, from its first sight to its end. A field that comes back within five minutes of its end goes on with the same episode, so
 * that a field which somebody sets again and again is one episode with a count. Known to one process only: a restart begins anew.
 */
export interface DriftEpisode {
  readonly ref: Ref;
  /** As it was seen last; of an ended episode without long values. */
  readonly change: FieldChange;
  /** RFC 3339. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** How often it was found, each time after it had been as Git wants it. */
  readonly count: number;
  /** Absent while the field differs. */
  readonly end?: DriftEnd;
  /** Absent where nobody keeps undoing what others put right. */
  readonly fight?: DriftFight;
}

export interface DriftEnd {
  /** healed: by a pass of ours. reverted: somebody else put it right. git: Git took it over, or wants it no longer.
   *  left: neither Git nor the object moved, so a rule leaves it alone now. */
  readonly how: "healed" | "reverted" | "git" | "left";
  /** RFC 3339. */
  readonly at: string;
  /** Only healed: the id of the pass. */
  readonly pass?: number;
  /** Only reverted: who has the field now, where the server knows. */
  readonly by?: FieldAuthor;
}

/** At least four times within five minutes. */
export interface DriftFight {
  /** Within the five minutes before it was found last; of the newest 32. */
  readonly times: number;
  /** "foo-operator has changed spec.replicas 7 times within 5 minutes" */
  readonly message: string;
  /** RFC 3339: healing waits until then. Absent where nothing waits. */
  readonly healsAt?: string;
  /** What would end it in spec.ignore; absent where it is about the whole object. */
  readonly rule?: IgnoreRule;
}
