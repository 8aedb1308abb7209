import type { Cluster } from "../cluster/index.ts";
import { formatDuration } from "../kit/duration.ts";
import { type Application, PlumblineError, toProblem } from "../model/index.ts";
import { isRunByDeletion, type Prepared } from "../plan/index.ts";
import { desiredState } from "./desired.ts";
import { ApplicationMemory } from "./memory.ts";
import type { Moves } from "./moves.ts";
import { Steps } from "./steps.ts";
import type { Ruled } from "./tenancy.ts";
import type { SyncSettings } from "./types.ts";

export interface FoundHooks {
  readonly hooks: readonly Prepared[];
  /** Why there may be some that are not run, in a sentence. */
  readonly warnings: readonly string[];
}

/** What one deletion remembers of its hooks. Lost: they are read again. */
export interface HookMemory {
  found?: FoundHooks;
  /** Milliseconds since the epoch: since when Git does not answer. */
  since?: number;
}

export interface HookLook {
  readonly name: string;
  /** Where its declaration is known still. */
  readonly application?: Application;
  /** What was applied last: its hooks are those that fit what is there. */
  readonly appliedRevision: string | undefined;
  readonly hookMemory: HookMemory;
  readonly cluster: Cluster;
  readonly settings: SyncSettings;
  readonly inventoryNamespace: string;
  readonly moves: Moves;
  /** What its Project lets it do, where its declaration is known. */
  readonly ruled: Ruled;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** How long a deletion waits for Git that does not answer now. */
const PATIENCE_MS = 300_000;

/**
 * The hooks of a deletion, as Git has them. What cannot be had for good is not waited for: a deletion must come to an end, and says what it did not run.
 * Errors: of a source that may answer soon, for as long as PATIENCE_MS.
 */
export async function findDeletionHooks(look: HookLook): Promise<FoundHooks> {
  const { application, hookMemory, signal, settings } = look;
  if (hookMemory.found !== undefined) return hookMemory.found;
  try {
    hookMemory.found = application === undefined ? without(NOT_KNOWN) : await readHooks(look, application);
  } catch (error) {
    signal.throwIfAborted();
    const { message } = waitedEnough(look, error);
    hookMemory.found = without(message);
  }
  for (const warning of hookMemory.found.warnings) settings.log.warn({ application: look.name }, warning);
  return hookMemory.found;
}

const NOT_KNOWN = "nobody declares it any more, so that its manifests cannot be read";

function without(why: string): FoundHooks {
  return { hooks: [], warnings: [`hooks of its deletion (PreDelete, PostDelete), if it has any, are not run: ${why}`] };
}

async function readHooks(look: HookLook, application: Application): Promise<FoundHooks> {
  const { name, cluster, settings, inventoryNamespace, moves, ruled, signal, now, appliedRevision } = look;
  const { spec } = application;
  const source = appliedRevision === undefined ? spec.source : { ...spec.source, ref: appliedRevision };
  const steps = new Steps(signal);
  const input = {
    ...{
      application: { ...application, spec: { ...spec, source } },
      declaration: undefined,
      name,
      passId: 0,
      cluster,
      settings,
    },
    ...{
      inventoryNamespace,
      memory: new ApplicationMemory(),
      moves,
      ruled,
      manual: true,
      allowPrune: false,
      signal,
      steps,
    },
    ...{ onlyPlan: undefined, unpinned: true, circle: undefined, blockedBy: async () => undefined, now },
    ...{ progress: () => {}, log: settings.log },
  };
  const { hooks, problems } = await desiredState(input, steps);
  const [problem] = problems;
  if (problem !== undefined) throw new PlumblineError(problem.code, problem);
  return { hooks: hooks.filter(({ hook }) => hook?.due.some(({ phase }) => isRunByDeletion(phase))), warnings: [] };
}

/** Errors: the problem itself, where trying again may help. */
function waitedEnough({ hookMemory, now }: HookLook, error: unknown): { readonly message: string } {
  const problem = toProblem(error);
  if (problem.retry !== "soon") return problem;
  hookMemory.since ??= now();
  const left = hookMemory.since + PATIENCE_MS - now();
  if (left <= 0) return problem;
  const message = `its hooks of deletion cannot be read yet (without them it goes on in ${formatDuration(left)}): ${problem.message}`;
  throw new PlumblineError(problem.code, { ...problem, message, cause: error });
}
