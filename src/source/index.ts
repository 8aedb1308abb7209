/**
 * Git, and charts. Keeps one bare mirror a repository below the data folder, asks each repository once a poll, and gives the files of one
 * path at one revision straight out of tree objects.
 *
 * Promises: nothing is ever checked out. One ls-refs a poll and one writer a mirror, however many applications look at it.
 * A repository that is away, refuses us or answers nonsense never throws away what is known: the last good revision stays,
 * with the reason and since when. The data folder may vanish, be cut short or be spoilt at any moment; that costs a clone.
 * Indexing of packs, which blocks, runs in a worker thread. No secret is in any message, log line or file of ours.
 *
 * Charts come from Helm repositories (index.yaml) and OCI registries, as a source of an application and as the dependencies of
 * other charts. An archive is compared with the digest that its index or manifest names before anything sees it, and is kept by that digest,
 * up to a size. Credentials go to the origin of the repository's URL and to the token server that a registry names, and nowhere else.
 *
 * A ref that nobody follows may be proposed: it is asked for once, a branch is merged into what is followed (in memory, by whole files), and
 * where that merge is not sure it says why.
 *
 * Where several replicas use the same repositories, each is asked for its refs, its index or its tags by one of them, and the others ask that one (`shared`). Packs and
 * archives are fetched by each replica itself, with its own credentials: no secret goes from one to another. What another replica answers is checked like any input.
 *
 * Refuses: URLs that are not http(s) or that carry a user or password (PL-GIT-URL); links that lead out of the repository
 * (PL-LINK-ESCAPES) or nowhere (PL-LINK-LOOP); submodules inside the path (PL-SUBMODULE); Git LFS pointers (PL-LFS, at read()).
 *
 * In: SourceSettings (credentials are names of files and variables, read at each use), the variables HTTP_PROXY, HTTPS_PROXY and
 * NO_PROXY through undici. Out: Resolution and Snapshot, or a PlumblineError with a PL-GIT-*, PL-CHART-*, PL-PATH-*, PL-LINK-* code.
 */
export type { ChartArchive, ChartRequest } from "./charts/types.ts";
export { isLfsPointer } from "./lfs.ts";
export { createRemoteSources, type RemoteSources } from "./remote-sources.ts";
export type { RepositoryOwner, SharedSources, SourceAnswer, SourceQuestion } from "./shared/types.ts";
export type { SourceName } from "./source-name.ts";
export { createSourceStore } from "./store.ts";
export type {
  ChartOperation,
  MergeStanding,
  Proposal,
  RepositoryEntry,
  RepositorySettings,
  Resolution,
  Snapshot,
  SourceFile,
  SourceSettings,
  SourceStore,
} from "./types.ts";
