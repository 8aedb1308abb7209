import type { ApplicationStatus } from "../model/index.ts";
import type { Departure } from "./departure.ts";
import type { HookMemory } from "./departure-hooks.ts";

/** An application that is being deleted, and what is known of that between its passes. */
export interface Leaving {
  readonly departure: Departure;
  readonly cancelled: AbortController;
  readonly hookMemory: HookMemory;
  passId: number;
  failures: number;
  status: ApplicationStatus | undefined;
  timer: NodeJS.Timeout | undefined;
}

export function newLeaving(departure: Departure): Leaving {
  return {
    ...{ departure, cancelled: new AbortController(), hookMemory: {} },
    ...{ passId: 0, failures: 0, status: undefined, timer: undefined },
  };
}
