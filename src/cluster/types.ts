import type {
  ClusterReach,
  GroupKind,
  GroupVersionKind,
  KubeObject,
  LiveObject,
  Log,
  Problem,
  Ref,
  SchemaNode,
} from "../model/index.ts";
import type { KeptSets } from "./kept-sets.ts";

/** A kind as the server serves it. */
export interface ApiResource extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** All versions of this group and kind that are served, the preferred first. */
  readonly servedVersions: readonly string[];
}

/** The right to write, where more than one process may have it. */
export interface WritePermit {
  /** Who writes, for the server's audit log: it stands in the User-Agent. */
  readonly writer: string;
  /** Asked in the very tick in which a write leaves. Throws where it may leave no more; it is not sent then. */
  check(): void;
}

export interface ApplyOptions {
  /** Dry runs do without. */
  readonly permit?: WritePermit;
  readonly dryRun?: boolean;
  /** Take fields from their owners. Default true: Git is right. */
  readonly force?: boolean;
  /** Default FIELD_MANAGER. */
  readonly manager?: string;
  readonly signal?: AbortSignal;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly most?: number;
  /** Metadata alone is asked for: what a Secret holds stays on the server. apiVersion and kind are those of PartialObjectMetadata then. */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface ApplyResult {
  readonly object: LiveObject;
  /** 201: it was not there before. */
  readonly created: boolean;
  /** The server's Warning headers. */
  readonly warnings: readonly string[];
}

export interface PatchOptions {
  /** Dry runs do without. */
  readonly permit?: WritePermit;
  readonly subresource?: string;
  /** Default FIELD_MANAGER. */
  readonly manager?: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions {
  readonly permit?: WritePermit;
  /** Precondition: an object of that name with another uid is left alone (answer "absent"). */
  readonly uid?: string;
  /** Background unless told. */
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly signal?: AbortSignal;
}

export interface ClusterRequest {
  readonly verb: "get" | "list" | "watch" | "apply" | "dry-run" | "delete" | "patch" | "discovery" | "openapi";
  readonly kind: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly durationMs: number;
}

export interface ClusterState extends ClusterReach {
  /** URL without user and password. */
  readonly server?: string;
  /** As it was asked last. */
  readonly version?: string;
  readonly watches: number;
}

/** One Kubernetes API server. Every error is a PlumblineError: PL-KUBE-*, PL-KIND-*. */
export interface Cluster {
  /** The context's name. */
  readonly name: string;
  /** "v1.36.3". */
  version(signal?: AbortSignal): Promise<string>;
  /** What it serves, for templates that ask: "v1", "apps/v1", "apps/v1/Deployment". `fresh` looks again; the same list is the same object. */
  apiVersions(options?: { readonly fresh?: boolean }): Promise<readonly string[]>;
  /** From discovery, which is kept; looked at again (at most once a second or so) before a kind is called unknown. Errors: PL-KIND-UNKNOWN, PL-KIND-REMOVED. */
  resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource>;
  /** The preferred version of a kind that the inventory names; undefined where it is no longer served. */
  preferred(kind: GroupKind, signal?: AbortSignal): Promise<ApiResource | undefined>;
  /** From OpenAPI v3, kept by hash. ANY_SCHEMA where the server publishes none. */
  schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaNode>;
  get(ref: Ref, signal?: AbortSignal): Promise<LiveObject | undefined>;
  /** Which of these exist, by refKey. Many of one kind and namespace are listed, a few are got. */
  lookup(refs: readonly Ref[], signal?: AbortSignal): Promise<ReadonlyMap<string, LiveObject>>;
  /** Every object of a kind, page by page (500); with `most` no page beyond so many. */
  list(resource: ApiResource, options?: ListOptions): AsyncIterable<LiveObject>;
  /** Server-side apply, field manager FIELD_MANAGER, strict field validation. The answer goes into `live` at once. */
  apply(object: KubeObject, options?: ApplyOptions): Promise<ApplyResult>;
  /** A JSON merge patch (an object) or a JSON patch (RFC 6902 operations). Errors: PL-KUBE-CONFLICT where a `test` of resourceVersion fails. */
  patch(ref: Ref, body: object, options?: PatchOptions): Promise<LiveObject>;
  /** gone: it is not there any more. terminating: accepted, finalizers remain. absent: there was none (or another uid). */
  delete(ref: Ref, options?: DeleteOptions): Promise<"gone" | "terminating" | "absent">;
  readonly live: LiveStore;
  /** How it is reached now, as far as it was asked. */
  state(): ClusterState;
  close(): Promise<void>;
}

export interface LiveChange {
  readonly type: "present" | "gone";
  readonly ref: Ref;
  /** present: as it is now. gone: as it was last. */
  readonly object: LiveObject;
  /** The object was found by this selector; a member that lost its label is still reported under the one it had. */
  readonly applySetId: string | undefined;
}

/** Which objects of a kind are followed. */
export type Following = "members" | "parents" | "all" | MembersIn | ParentsIn | ClustersIn;
/** Members in one namespace, for whoever may not list those of all. */
export type MembersIn = `members in ${string}`;
/** The same of ApplySet parents. */
export type ParentsIn = `parents in ${string}`;
/** Secrets that declare clusters: nobody need let us see those of other namespaces. */
export type ClustersIn = `clusters in ${string}`;

export interface FollowOptions {
  /** Resolves only when every object of this ApplySet is known: where processes share the work, those of another one's are not. */
  readonly applySetId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the cluster has of ours, kept true by one watch a kind. Survives every error; a lost label is told from a deletion by one GET. */
export interface LiveStore {
  /** Starts the watch if it is not there, and resolves when its first list is in. Errors: PL-KUBE-* of the lists; PL-FENCED for an ApplySet that is not kept. */
  follow(resource: ApiResource, what: Following, options?: FollowOptions): Promise<void>;
  /** In the version asked for where that is followed, else in one that is. */
  get(ref: Ref): LiveObject | undefined;
  /** Members of one ApplySet, of all followed kinds. */
  members(applySetId: string): readonly LiveObject[];
  /** ApplySet parents (digests of those that are not kept) and, for "all", every object of the kind. */
  all(resource: GroupVersionKind): readonly LiveObject[];
  /** What the server warns of whenever the kind is read in this version (that it is deprecated); empty where it is not followed. */
  warnings(kind: GroupVersionKind): readonly string[];
  /** An answer of the server that the watch may not have brought yet; older than what is kept: ignored. */
  put(object: LiveObject): void;
  /** What a delete answered: gone until the watch says otherwise. */
  remove(ref: Ref, uid: string): void;
  /** Changes that come from the server unasked: neither the first list of a kind nor what put() and remove() brought is told. */
  onChange(listener: (change: LiveChange) => void): () => void;
  /** For /readyz and the status: kinds whose watch is down, since when and why. */
  broken(): readonly { readonly kind: string; readonly since: string; readonly problem: Problem }[];
}

export interface ClusterSettings {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** In-cluster credentials when neither is given and they are there. */
  readonly log: Log;
  /** Default: the objects of every ApplySet are kept. */
  readonly kept?: KeptSets | undefined;
  readonly onRequest?: (request: ClusterRequest) => void;
  /** Of one request other than a watch, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Connections to the server, and so requests at once other than watches. Default 16. */
  readonly connections?: number;
  /** A watch on which nothing came for this long, in milliseconds, is begun anew. Default 90,000: bookmarks come once a minute. */
  readonly watchSilenceMs?: number;
}
