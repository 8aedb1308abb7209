import type { Cleanup } from "../serve/cleanups.ts";
import type { Started } from "../serve/start.ts";
import type { DemoRenderer } from "./renderer.ts";

export interface DemoKubernetes {
  /** What it is, for the first line. */
  readonly words: string;
  readonly url: string;
  readonly kubeconfig: string;
}

export interface DemoParts {
  readonly folder: string;
  readonly cleanups: Cleanup[];
  /** Is aborted when the demo is to end. */
  readonly signal: AbortSignal;
}

/** What stands when the demo has started. */
export interface Demo extends Started {
  readonly kubernetes: DemoKubernetes;
  readonly repository: string;
  readonly renderer: Pick<DemoRenderer, "whyMissing">;
  readonly folder: string;
}
