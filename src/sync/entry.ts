import type { Application, Problem } from "../model/index.ts";
import type { Declared } from "./declarers.ts";
import { ApplicationMemory } from "./memory.ts";
import type { RunningPass } from "./running-pass.ts";

/** A declaration, and the revisions of everything that it is rendered from. */
export interface Judged {
  readonly application: Application;
  readonly revisions: readonly string[];
}

/** An application that the loop keeps, and what it knows of it. */
export interface Entry {
  application: Application;
  /** Who declares it: Declarer.id, "" where nobody could take it back. */
  declaredBy: string;
  /** Another one as soon as its objects are elsewhere, or are looked at as somebody else: a pass that still runs goes on with the one before. */
  memory: ApplicationMemory;
  /** Id of the pass that started last. */
  passId: number;
  /** The pass that runs now. */
  running: RunningPass | undefined;
  /** What the last whole look was about: its verdict holds for this declaration at these revisions. */
  judged: Judged | undefined;
  /** It has waited for others it depends on when it last looked at them, or looks at them now. */
  depends: boolean;
  /** When it last heard of the pass of one that it depends on, in milliseconds since the epoch. */
  toldAt: number;
  /** Runs until it hears of what came too soon after that. */
  telling: NodeJS.Timeout | undefined;
  /** What it has in clusters that it is for no more, in a sentence each. */
  leftBehind: readonly string[];
  /** The circle of dependencies that it is part of. */
  circle: Problem | undefined;
  /** Aborted when the application is no longer wanted, or another replica works on it. */
  readonly forgotten: AbortController;
}

const NOTHING: readonly string[] = [];

/** What is learnt of it is held from the first that there is to hold: of thousands that other replicas work on there is nothing. */
class HeldEntry implements Entry {
  application: Application;
  declaredBy: string;
  passId = 0;
  running: RunningPass | undefined = undefined;
  judged: Judged | undefined = undefined;
  depends = false;
  toldAt = 0;
  telling: NodeJS.Timeout | undefined = undefined;
  leftBehind: readonly string[] = NOTHING;
  circle: Problem | undefined = undefined;
  readonly forgotten = new AbortController();
  #memory: ApplicationMemory | undefined;

  constructor({ application, by }: Declared) {
    this.application = application;
    this.declaredBy = by;
  }

  get memory(): ApplicationMemory {
    this.#memory ??= new ApplicationMemory();
    return this.#memory;
  }

  set memory(other: ApplicationMemory) {
    this.#memory = other;
  }
}

export function newEntry(declared: Declared): Entry {
  return new HeldEntry(declared);
}
