import type { Problem } from "../model/index.ts";

/** How this replica stands among the others. */
export interface Standing {
  /** It has a tenure, so that it works on whatever falls to it. */
  readonly isHeard: boolean;
  /** Since when that is so, or is not. Milliseconds since the epoch. */
  readonly since: number;
  /** What is wrong with where the replicas see one another. */
  readonly problem?: Problem;
  /** How often it was not heard of for too long. */
  readonly lost: number;
  /** How many applications (and repositories) it has worked on and given up to others. */
  readonly handedOver: number;
}
