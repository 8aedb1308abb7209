import type { Problem } from "../../model/index.ts";

/** A chart in a repository. */
export interface ChartName {
  /** URL of a Helm repository, or oci://host/folder. */
  readonly repo: string;
  readonly chart: string;
}

export interface ChartRequest extends ChartName {
  /** A version, a range as Helm reads it, or "HEAD" or "" for the newest that is no prerelease. */
  readonly version: string;
}

/** What a request means now. */
export interface ResolvedChart {
  /** Exact, as the repository spells it. */
  readonly version: string;
  /** SHA-256 of the archive in hex; undefined where the index names none and the archive was never here. */
  readonly digest?: string;
  /** RFC 3339, where the repository says it. */
  readonly created?: string;
  readonly deprecated?: true;
  /** RFC 3339: when the repository last answered. */
  readonly checkedAt: string;
  /** The repository does not answer since; `version` is the last good one. */
  readonly stale?: { readonly since: string; readonly problem: Problem };
}

export interface ChartArchive {
  readonly version: string;
  /** SHA-256 of `bytes` in hex. */
  readonly digest: string;
  /** The .tgz as it was published. */
  readonly bytes: Uint8Array;
}

/** One version of a chart as its repository describes it. */
export interface ChartVersion {
  readonly version: string;
  /** SHA-256 in hex; what else stands in an index for it is never equal to one. */
  readonly digest?: string;
  /** The first one counts. None in a registry, where the digest is the address. */
  readonly urls: readonly string[];
  readonly created?: string;
  readonly deprecated?: true;
}

/** What a repository says now of a chart, and how old that is. */
export interface FoundVersion {
  readonly found: ChartVersion;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly failing?: Failing;
}

/** A repository that does not answer. */
export interface Failing {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly problem: Problem;
}

/** What the two kinds of repositories have in common. */
export interface ChartRepository {
  /** Asks anew whatever can change. Calls at once share one request. Never throws. `withinMs`: see SourceStore.poll; only where several replicas share it. */
  refresh(chart: string, withinMs?: number): Promise<Problem | undefined>;
  /** The same, unless it was done this short a time ago: whether it was asked. */
  refreshOlder(chart: string, ms: { readonly good: number; readonly failed: number }): Promise<boolean>;
  /** The newest version in the range of what is known; asks when nothing is. Errors: PL-CHART-*. */
  find(chart: string, range: string): Promise<FoundVersion>;
  /** The bytes of a version, not yet compared with any digest. Errors: PL-CHART-*. */
  download(chart: string, version: ChartVersion): Promise<Uint8Array>;
}
