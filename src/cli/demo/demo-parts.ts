import type { Cleanup } from "../serve/cleanups.ts";
import type { Started } from "../serve/start.ts";

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

export interface DemoRenderer {
  /** Why charts and kustomizations cannot be rendered now, in a sentence; undefined when they can. */
  whyMissing(): string | undefined;
}

/** What stands when the demo has started. */
export interface Demo extends Started {
  readonly kubernetes: DemoKubernetes;
  readonly repository: string;
  readonly renderer: DemoRenderer;
  readonly folder: string;
}
