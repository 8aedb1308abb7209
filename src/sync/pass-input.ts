import type { Cluster } from "../cluster/index.ts";
import type {
  Application,
  ApplicationStatus,
  Declaration,
  IgnoreRule,
  Log,
  PlanSummary,
  Problem,
  StepOutcome,
} from "../model/index.ts";
import type { SourceStore } from "../source/index.ts";
import type { Judged } from "./entry.ts";

import type { ApplicationMemory } from "./memory.ts";
import type { Moves } from "./moves.ts";
import type { RunningPass } from "./running-pass.ts";
import type { Steps } from "./steps.ts";
import type { Ruled } from "./tenancy.ts";
import type { SyncSettings } from "./types.ts";

export interface PassInput {
  readonly application: Application;
  /** What the parent is to say of who declares it. */
  readonly declaration: Declaration | undefined;
  readonly name: string;
  /** Of the pass, or of the last one where somebody only looks. */
  readonly passId: number;
  /** Where its objects go: of an application, every question to Kubernetes goes here. */
  readonly cluster: Cluster;
  readonly settings: Omit<SyncSettings, "source" | "clusters"> & {
    readonly source: Pick<SourceStore, "resolve" | "snapshot" | "propose">;
  };
  /** Who writes, for the parent; absent where there is only one process. `cluster` asks for the right at each write then. */
  readonly token?: string | undefined;
  readonly inventoryNamespace: string;
  readonly memory: ApplicationMemory;
  readonly moves: Moves;
  /** What its Project lets it do. */
  readonly ruled: Ruled;
  readonly manual: boolean;
  /** The guards of deletion that a person may lift are lifted. */
  readonly allowPrune: boolean;
  /** Only this plan, by its hash, may be done. */
  readonly onlyPlan: string | undefined;
  readonly signal: AbortSignal;
  readonly steps: Steps;
  /** Absent where somebody only looks. */
  readonly running?: RunningPass;
  /** What is pinned does not count: somebody asks for another revision. */
  readonly unpinned?: boolean;
  /** Templates may not ask the cluster for objects. */
  readonly refuseLookups?: boolean;
  /** What it has in clusters that it is for no more, in a sentence each. Absent: nothing. */
  readonly leftBehind?: readonly string[];
  /** The circle of dependencies that it is part of. */
  readonly circle: Problem | undefined;
  /** Why it must not write yet, as the applications that it depends on are now, in a sentence. */
  readonly blockedBy: () => Promise<string | undefined>;
  /** Called with what is known while the pass goes on. */
  readonly progress: (status: ApplicationStatus) => void;
  readonly now: () => number;
  readonly log: Log;
}

export interface PassResult {
  readonly status: ApplicationStatus;
  readonly outcomes: readonly StepOutcome[];
  /** What was executed; absent where nothing was. */
  readonly executed?: PlanSummary;
  /** The rules that named a field of some object; absent where nothing was compared. */
  readonly matched?: ReadonlySet<IgnoreRule>;
  /** What the verdict is about; absent where the pass came to none. */
  readonly judged?: Judged;
  /** What kept the pass from doing its work. */
  readonly problem?: Problem;
  /** Milliseconds after which to look again, where the pass itself knows. */
  readonly again?: number;
}
