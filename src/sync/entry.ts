import type { Application } from "../model/index.ts";
import { ApplicationMemory } from "./memory.ts";

/** An application that the loop keeps, and what it knows of it. */
export interface Entry {
  application: Application;
  readonly memory: ApplicationMemory;
  /** Id of the pass that started last. */
  passId: number;
  timer: NodeJS.Timeout | undefined;
  /** Aborted when the application is no longer wanted. */
  readonly forgotten: AbortController;
}

export function newEntry(application: Application): Entry {
  return {
    application,
    memory: new ApplicationMemory(),
    passId: 0,
    timer: undefined,
    forgotten: new AbortController(),
  };
}
