import type { Comparison, Kept, RuleSet } from "../diff/index.ts";
import type { BelowReason, HealthRules } from "../health/index.ts";
import type {
  ApplicationStatus,
  Evidence,
  HealthRule,
  IgnoreRule,
  KubeObject,
  LiveObject,
  Problem,
} from "../model/index.ts";
import type { Prepared, Unchangeable } from "../plan/index.ts";
import type { RenderResult } from "../render/index.ts";
import { type DriftTracks, NO_DRIFT } from "./drift-tracks.ts";
import type { Sources } from "./sources.ts";
import { StandingProblems } from "./standing-problems.ts";
import { ToldWaits } from "./waits.ts";

/** What a look at a workload's Pods found, and when. */
export interface BelowLook {
  readonly reason: BelowReason | undefined;
  readonly resourceVersion: string;
  readonly generation: number | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds until the next look, as long as the workload stays as it is. */
  readonly waitMs: number;
  /** The Pods could not be read, and that has been said. */
  readonly failed: boolean;
}

/** Names of HorizontalPodAutoscalers by the refKey of what they scale. */
export type Autoscalers = ReadonlyMap<string, string>;

/** What the autoscalers of one namespace target, good until then (milliseconds since the epoch). */
export interface NamespaceAutoscalers {
  readonly until: number;
  readonly targets: Autoscalers;
  /** Why it could not be seen. */
  readonly warning?: string;
}

/** By what a field of an object may be left to others. */
export interface Leaving {
  readonly ignore: RuleSet;
  /** Name of the HorizontalPodAutoscaler that scales the object. */
  readonly autoscaler: string | undefined;
}

/** What is remembered of one object. Any of it may be lost: that costs a comparison, and after a doubt one dry run. */
export interface ObjectMemory {
  kept?: Kept;
  /** The manifest that was applied last by this process. */
  base?: KubeObject;
  /** What the server warned of at the last apply: deprecated versions and the like. */
  warnings?: readonly string[];
  /** What `kept` and `answer` were found under: with other rules, what nobody touched may differ. */
  leaving?: Leaving;
  /** The verdict on exactly this live version against exactly this manifest. */
  verdict?: {
    readonly resourceVersion: string;
    readonly manifestHash: string;
    readonly setApplied: boolean;
    readonly comparison: Comparison;
    readonly unconfirmed?: Unconfirmed;
  };
  /** The server refused exactly this manifest over exactly this live version: not tried again before `until`, milliseconds since the epoch. */
  refusal?: {
    readonly manifestHash: string;
    /** Absent: whatever its version. */
    readonly resourceVersion?: string;
    readonly until: number;
    readonly problem: Problem;
  };
  /** Of a workload that is not healthy: what its Pods say. */
  below?: BelowLook;
  /** Whether the server changes exactly this object (by its content) as exactly this manifest wants it; nothing found: it does. */
  unchangeable?: { readonly about: string; readonly found: Unchangeable | undefined };
  /** What Kubernetes had to say of it when it was last waited for longer than most. */
  evidence?: Evidence | undefined;
  /** A doubt that a dry run has settled. */
  answer?: Answer;
}

/** Good for as long as manifest, ownership and owned values are the same; where we own nothing, manifest and content (their hash). */
export interface Answer {
  readonly about: Kept | string;
  readonly dryRun: LiveObject;
}

/** The server did not tell its own spelling from a change. */
export interface Unconfirmed {
  readonly sentence: string;
  /** Milliseconds since the epoch: when it is worth asking again though nothing has changed. */
  readonly until: number;
}

/** What is remembered of one application between its passes. Memory only, made anew at every start. */
export class ApplicationMemory {
  readonly objects = new Map<string, ObjectMemory>();
  sources: Sources | undefined;
  /** The last render without problems: drift is judged by it while the newest revision is broken. */
  rendered: RenderResult | undefined;
  prepared: { readonly key: string; readonly list: readonly Prepared[] } | undefined;
  /** Kinds that the server did not know, by kindKey: each question costs it a look at everything. */
  readonly unknownKinds = new StandingProblems();
  /** What the server does not let us ask, by verb, kind and namespace. */
  readonly forbidden = new StandingProblems();
  /** The rules as they were read of this list. */
  rules: { readonly written: readonly IgnoreRule[]; readonly set: RuleSet } | undefined;
  /** What others' autoscalers target, by namespace, as it was asked for last. */
  readonly autoscalers = new Map<string, NamespaceAutoscalers>();
  /** Of `spec.health`, compiled. */
  healthRules: { readonly written: readonly HealthRule[]; readonly rules: HealthRules | undefined } | undefined;
  status: ApplicationStatus | undefined;
  /** Key of the snapshot of which `prepared` says what Git wants, or of which a pass has tried to say it and failed. */
  looked: string | undefined;
  /** Passes in a row that failed in a way that trying again soon may help. */
  failures = 0;
  /** Which fields drift or did a moment ago, and how often: a fight is known by it. */
  drift: DriftTracks = NO_DRIFT;
  /** What was told of waits as events. */
  readonly toldWaits = new ToldWaits();

  of(key: string): ObjectMemory {
    const known = this.objects.get(key);
    if (known !== undefined) return known;
    const made: ObjectMemory = {};
    this.objects.set(key, made);
    return made;
  }

  /** The wall clock was set back: whatever waits for a time would wait for as long again. What is forgotten is asked for once more. */
  forgetTimes(): void {
    for (const object of this.objects.values()) {
      delete object.refusal;
      delete object.below;
      if (object.verdict?.unconfirmed !== undefined) delete object.verdict;
    }
    this.unknownKinds.clear();
    this.forbidden.clear();
    this.autoscalers.clear();
    this.drift = NO_DRIFT;
  }

  /** The same for another cluster, or as another service account: what Git says is known, and nothing of what the server said, in templates either. */
  elsewhere(): ApplicationMemory {
    const { sources, rules, healthRules, status } = this;
    return Object.assign(new ApplicationMemory(), { sources, rules, healthRules, status });
  }

  /** Forgets objects that are neither wanted nor there. */
  retain(keys: ReadonlySet<string>): void {
    for (const key of this.objects.keys()) if (!keys.has(key)) this.objects.delete(key);
  }
}

/** For somebody who only looks at something else than what is in force: what is known of the cluster's objects, and nothing that is written there is kept. */
export function copyToLook({ objects, autoscalers, healthRules }: ApplicationMemory): ApplicationMemory {
  const copy = new ApplicationMemory();
  for (const [key, { verdict: _verdict, refusal: _refusal, ...known }] of objects) copy.objects.set(key, { ...known });
  for (const [namespace, known] of autoscalers) copy.autoscalers.set(namespace, known);
  copy.healthRules = healthRules;
  return copy;
}
