import type { Counts } from "./counters.ts";
import type { Figures } from "./figures.ts";

/** What one run of `npm run bench` found. Seconds, milliseconds where so named, megabytes of 2^20 bytes. */
export interface Results {
  readonly machine: {
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
    readonly kubernetes: string;
  };
  readonly applications: number;
  readonly objects: number;
  /** Nothing to all Synced, from the start of the process on. The ceiling is the mean of one measurement before and one after. */
  readonly cold: {
    readonly seconds: number;
    readonly objectsPerSecond: number;
    readonly ceilingObjectsPerSecond: number;
    readonly ratioToCeiling: number;
    readonly ceilingBefore: number;
    readonly ceilingAfter: number;
  };
  /** Every application looked at once by its interval, with nothing to do. */
  readonly noop: {
    readonly seconds: number;
    readonly passes: number;
    readonly cpuSeconds: number;
    readonly kubeRequests: number;
    readonly gitRequests: number;
  };
  /** Milliseconds from the webhook to the object as the server has it. */
  readonly commit: Figures & { readonly runs: number };
  /** Milliseconds from the answer to a hand edit. */
  readonly drift: { readonly runs: number; readonly reported: Figures; readonly healed: Figures };
  /** Of `plumb serve`; nothing else is needed. */
  readonly memory: { readonly peakMiB: number; readonly afterColdMiB: number };
  readonly cpu: { readonly coldSeconds: number; readonly noopSeconds: number; readonly allSeconds: number };
  /** To Kubernetes, by verb. */
  readonly requests: { readonly cold: Counts; readonly perApplication: number; readonly noop: Counts };
  /** The first page of GET /api/v1/applications. */
  readonly list: Figures & { readonly bytes: number };
  /** Milliseconds of one server-side apply by the same client, for comparison. */
  readonly oneApply: Figures;
}
