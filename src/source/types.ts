import type { Log, Problem } from "../model/index.ts";
import type { ChartArchive, ChartRequest } from "./charts/types.ts";
import type { SharedSources, SourceAnswer, SourceQuestion } from "./shared/types.ts";
import type { SourceName } from "./source-name.ts";

/** How to reach one repository, or all whose URL begins with `url`. Values come from files or the environment, read at each use. */
export interface RepositorySettings {
  /** URL, or a prefix of URLs ending in "/"; also oci://…, for charts. The longest match counts. */
  readonly url: string;
  readonly credentials?: {
    /** Only the name of the file or variable is kept; the secret is read when it is needed, so that renewed ones count. */
    readonly username?: string;
    readonly passwordFile?: string;
    readonly passwordEnv?: string;
    /** A bearer token in place of user and password. */
    readonly tokenFile?: string;
    readonly tokenEnv?: string;
  };
  /** PEM file of the certificate authorities to trust for it. */
  readonly caFile?: string;
}

export type ChartOperation = "index" | "tags" | "manifest" | "archive" | "token";

export interface SourceSettings {
  /** Mirrors live in `<dataDir>/git`, charts in `<dataDir>/charts`. It may vanish at any moment. */
  readonly dataDir: string;
  readonly repositories: readonly RepositorySettings[];
  /** Of one request to Git, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  readonly log: Log;
  /** Called after every request to a repository: for metrics and for the tests that count. */
  readonly onRequest?: (request: {
    readonly repo: string;
    readonly operation: "ls-refs" | "fetch" | "clone";
    readonly ok: boolean;
    readonly durationMs: number;
  }) => void;
  /** The same for the repositories of charts. */
  readonly onChartRequest?: (request: {
    readonly repo: string;
    readonly operation: ChartOperation;
    readonly ok: boolean;
    readonly durationMs: number;
  }) => void;
  readonly charts?: {
    /** Of one archive. Default 20 MiB. */
    readonly maxArchiveBytes?: number;
    /** Of all archives on disk. Default 512 MiB. */
    readonly maxCacheBytes?: number;
  };
  /** Milliseconds since the epoch; Date.now unless a test drives it. */
  readonly now?: () => number;
  /** The other replicas that use these repositories. Absent: this process asks all of them itself. */
  readonly shared?: SharedSources;
}

export interface PollOptions {
  readonly signal?: AbortSignal;
  /**
   * Where another replica asks the repository for all: the answer to a question that was begun so many milliseconds ago is enough. Infinity: whatever is known, also where
   * this one asks. Default 0: only one that is begun after this. Nobody gets an older answer than he has.
   */
  readonly withinMs?: number;
}

/** What a ref means now. */
export interface Resolution {
  /** The commit; of a chart its exact version. */
  readonly revision: string;
  /** The ref as it was understood: refs/heads/main, refs/tags/v1.2.3, or the commit; of a chart NAME@VERSION. */
  readonly resolvedRef: string;
  /** RFC 3339: when the repository last answered. */
  readonly checkedAt: string;
  /** The repository does not answer since; `revision` is the last good one. */
  readonly stale?: { readonly since: string; readonly problem: Problem };
}

/** A regular file below the application's path; links already followed. */
export interface SourceFile {
  /** From the root of the repository, as the author sees it. */
  readonly path: string;
  readonly size: number;
  /** Git's blob id: same id, same bytes. */
  readonly oid: string;
  read(): Promise<Uint8Array>;
}

/** What stands at a path of the repository, links followed; `path` is where that really is, "." for the root. Same id, same bytes, or the same names with the same ids. */
export type RepositoryEntry =
  | { readonly kind: "file"; readonly oid: string; readonly path: string; read(): Promise<Uint8Array> }
  | { readonly kind: "folder"; readonly oid: string; readonly path: string; names(): Promise<readonly string[]> };

/** One path at one revision. Reads tree objects of the mirror; nothing is checked out. Of a chart: its archive, the one file CHART-VERSION.tgz. */
export interface Snapshot {
  readonly repo: string;
  readonly chart?: string;
  readonly revision: string;
  /** "Name <address>" of the commit; "" of a chart. */
  readonly author: string;
  /** First line of the commit's message; "CHART VERSION" of a chart. */
  readonly subject: string;
  /** RFC 3339. */
  readonly committedAt: string;
  readonly path: string;
  /** Git's tree id of the path (or blob id where the path is a file). Same tree, same files, links that lead elsewhere apart: `key` counts them in. */
  readonly tree: string;
  /** Changes when anything that `files` gives changes. */
  readonly key: string;
  /** Every file below the path, sorted by path (code units). Errors: PL-LINK-*, PL-SUBMODULE, PL-LFS is found by whoever reads. */
  files(): Promise<readonly SourceFile[]>;
  /** Any path of the same revision, from the root of the repository; undefined where nothing stands. Errors: PL-LINK-*, PL-SUBMODULE, PL-PATH-MISSING for one that climbs out. */
  entry(path: string): Promise<RepositoryEntry | undefined>;
}

/** How a branch stands to the revision that it is to be merged into. */
export type MergeStanding =
  /** A tag, a commit, a chart's version: taken as it is, nothing is merged. */
  | { readonly kind: "as-it-is" }
  /** All of it is there already: the merge changes nothing. */
  | { readonly kind: "contained" }
  /** It holds all of the other: the merge is the branch. */
  | { readonly kind: "ahead"; readonly commits: number }
  /** Each has commits that the other lacks, and the merge is of whole files. */
  | { readonly kind: "merged"; readonly commits: number; readonly lacks: number }
  /** What the merge would be is not known: the branch is taken as it is. */
  | { readonly kind: "unmerged"; readonly commits?: number; readonly lacks?: number; readonly why: string };

/** What a ref that nobody follows would bring. Nothing of it is polled or kept as a ref. */
export interface Proposal {
  /** Of what is proposed; of a merge `<branch>+<other>`, like no commit. */
  readonly resolution: Resolution;
  /** The commit, or version, of the ref itself. */
  readonly head: string;
  readonly standing: MergeStanding;
  /** Errors: as SourceStore.snapshot. */
  snapshot(path: string): Promise<Snapshot>;
}

/** All repositories. One poll a repository, whatever the number of applications; one a chart. */
export interface SourceStore {
  /** Asks the repository (ls-refs; index.yaml or the chart's tags) and keeps the answer; calls at once share one request. Never throws for a repository that is away: see Resolution.stale. Text alone is a Git repository. */
  poll(
    source: string | SourceName,
    options?: PollOptions,
  ): Promise<{ readonly changed: boolean; readonly problem?: Problem }>;
  /** Id of the replica that asks the repository for all; "" for this process, which is that also where it is the only one, and for a URL that nobody asks. */
  askedBy(source: SourceName): string;
  /** For another replica; never asks a third one. Errors: PL-GIT-URL, PL-CHART-URL. */
  answer(question: SourceQuestion): Promise<SourceAnswer>;
  /** What the last poll said; polls first when there was none. Errors: PL-GIT-* when there never was a good answer, PL-GIT-REF-MISSING; PL-CHART-*. */
  resolve(source: SourceName & { readonly ref: string }, signal?: AbortSignal): Promise<Resolution>;
  /** Fetches the revision when the mirror, or the cache of charts, lacks it. Errors: PL-GIT-*, PL-CHART-*, PL-PATH-MISSING. */
  snapshot(
    source: SourceName & { readonly path: string },
    resolution: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<Snapshot>;
  /** The folders that a glob matches, sorted; no file is read. Errors: PL-GIT-*, PL-PATH-MISSING for a glob that climbs. */
  folders(
    source: { readonly repo: string; readonly path: string },
    resolution: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** A ref that nobody follows, a branch merged into `onto`; asked for now. Errors: PL-GIT-*, PL-CHART-*, PL-GIT-REF-MISSING with the names that are nearest. */
  propose(
    source: SourceName & { readonly ref: string },
    onto: Pick<Resolution, "revision" | "resolvedRef">,
    signal?: AbortSignal,
  ): Promise<Proposal>;
  /** The archive of a chart that another chart depends on. Errors: PL-CHART-*. */
  chart(request: ChartRequest, signal?: AbortSignal): Promise<ChartArchive>;
  /** Frees what no application uses any more. */
  retain(sources: Iterable<string | SourceName>): Promise<void>;
  /** The content at an http(s) URL, with the settings' credentials for it. At most 5 MiB. Errors: PL-GIT-*. */
  download(url: string, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
