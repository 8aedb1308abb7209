import type {
  ApplicationSpec,
  FieldChange,
  IgnoreRule,
  KubeObject,
  LeftField,
  LiveObject,
  SchemaNode,
  SyncStatus,
} from "../model/index.ts";
import type { RuleSet } from "./ignore/field-rule.ts";

/** What is remembered of an object after our apply, or after a comparison that found it clean. Memory only; loss costs one comparison. */
export interface Kept {
  /** Hash of the manifest this was about. */
  readonly manifestHash: string;
  /** Hash of our managedFields entry, time apart. */
  readonly entryHash: string;
  /** Hash of the live values at the paths we own, in live order. */
  readonly valuesHash: string;
}

export interface CompareInput {
  /** As it would be sent: normalised and stamped. */
  readonly desired: KubeObject;
  readonly manifestHash: string;
  readonly live: LiveObject | undefined;
  readonly schema: SchemaNode;
  /** The manifest applied before, where it is remembered: tells a field that is new in Git from one that was taken from us. */
  readonly base?: KubeObject;
  readonly kept?: Kept;
  /** The parent says that exactly this set was applied: a missing object was deleted by somebody. Otherwise only `base` tells. */
  readonly setApplied: boolean;
  /** The rules of the application and of the settings. Those of the object's annotation and the built-in ones come on top by themselves. */
  readonly ignore?: RuleSet;
  /** Name of the live HorizontalPodAutoscaler that targets the object. */
  readonly autoscaler?: string;
  /** What becomes of fields of others that the manifest does not mention. Default report. */
  readonly foreign?: ApplicationSpec["foreign"];
  /** It is not ours yet: compared as it will be when the older manifests of previous writers are ours. `base` and `kept` say nothing then. */
  readonly adopt?: boolean;
  /** What a dry-run apply of `desired` answered, where one was asked; of an adoption, what a dry run of `adoptionDryRun` answered. */
  readonly dryRun?: LiveObject;
}

export interface Comparison {
  readonly status: SyncStatus;
  /** Sorted by path. Values of Secrets are masked. */
  readonly changes: readonly FieldChange[];
  /** Fields that a rule leaves to somebody else, sorted by path; absent where there are none. */
  readonly left?: readonly LeftField[];
  /** The rules of application and settings that named a field of the object, as they are written; absent where none did. */
  readonly matched?: readonly IgnoreRule[];
  /** What an apply is to send, where that is not the manifest: without what others have, and with live's values where what is left is still ours. */
  readonly sent?: KubeObject;
  /** Values differ in fields that are still ours (or the object is not ours yet): only a dry-run apply can tell the server's spelling from a change. `changes` holds what stands if it is not asked. */
  readonly doubtful: boolean;
  /** Where, in the form of FieldChange.path, sorted; absent where nothing is doubtful. */
  readonly doubts?: readonly string[];
  /** Our Apply entry is in managedFields. */
  readonly owned: boolean;
  /** To remember: the object was found clean for sure, and all of the manifest is ours. Otherwise undefined: compare again next time. */
  readonly kept: Kept | undefined;
}
