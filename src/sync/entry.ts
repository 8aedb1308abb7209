import type { Application } from "../model/index.ts";
import type { Declared } from "./declarers.ts";
import { ApplicationMemory } from "./memory.ts";

/** An application that the loop keeps, and what it knows of it. */
export interface Entry {
  application: Application;
  /** Who declares it: Declarer.id, "" where nobody could take it back. */
  declaredBy: string;
  readonly memory: ApplicationMemory;
  /** Id of the pass that started last. */
  passId: number;
  timer: NodeJS.Timeout | undefined;
  /** Aborted when the application is no longer wanted. */
  readonly forgotten: AbortController;
}

export function newEntry({ application, by }: Declared): Entry {
  return {
    application,
    declaredBy: by,
    memory: new ApplicationMemory(),
    passId: 0,
    timer: undefined,
    forgotten: new AbortController(),
  };
}
