import {
  apiVersionOf,
  formatRef,
  type GroupKind,
  type GroupVersionKind,
  isJsonObject,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type Ref,
  refOf,
  type SchemaNode,
} from "../model/index.ts";
import { Connections, type ServerAccess, withAuthority } from "./connections.ts";
import { CredentialStore, fetchCredentials } from "./credentials.ts";
import { Discovery } from "./discovery.ts";
import type { Credentials } from "./exec-credential.ts";
import { configError, type KubeAccess, type KubeAccessChoice, loadKubeAccess } from "./kubeconfig.ts";
import { listObjects } from "./listing.ts";
import { LiveObjects } from "./live-objects.ts";
import { lookupObjects } from "./lookup.ts";
import { applyObject, deleteObject, getObject, patchObject } from "./object-requests.ts";
import { PublishedSchemas } from "./published-schemas.ts";
import { Reach } from "./reach.ts";
import { ServerVersion } from "./server-version.ts";
import { Slots } from "./slots.ts";
import { Strangers } from "./strangers.ts";
import { Transport } from "./transport.ts";
import type {
  ApiResource,
  ApplyOptions,
  ApplyResult,
  Cluster,
  ClusterSettings,
  ClusterState,
  DeleteOptions,
  ListOptions,
  LiveStore,
  PatchOptions,
} from "./types.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CONNECTIONS = 16;
const DEFAULT_WATCH_SILENCE_MS = 90_000;

/** Reads the kubeconfig and the certificates it names; asks the server nothing yet. Errors: PL-KUBE-CONFIG. */
export async function createCluster(settings: ClusterSettings): Promise<Cluster> {
  const at = await withAuthority(await loadKubeAccess(settings));
  const { access } = at;
  const reach = new Reach({ name: access.name });
  return openCluster({ name: access.name, at, reach, credentials: credentialsOf(access, settings) }, settings);
}

export interface ClusterParts {
  readonly name: string;
  readonly at: ServerAccess;
  readonly reach: Reach;
  readonly credentials: () => Promise<Credentials>;
  /** Of another client of the same server, which stays open for as long. Default: its own. */
  readonly common?: Common | undefined;
}

/** What a server says to everybody: hundreds of accounts of one cluster would each keep as much as the cluster has kinds. */
export interface Common {
  readonly discovery: Discovery;
  readonly schemas: PublishedSchemas;
  readonly version: ServerVersion;
}

/** Opens nothing until something is asked. Errors: PL-KUBE-CONFIG. */
export function openCluster(
  { name, at, reach, credentials, common }: ClusterParts,
  settings: OpenSettings,
): KubernetesCluster {
  const server = shownServer(at.access);
  const { timeoutMs = DEFAULT_TIMEOUT_MS, connections: total = DEFAULT_CONNECTIONS, onRequest } = settings;
  const watchSilenceMs = settings.watchSilenceMs ?? DEFAULT_WATCH_SILENCE_MS;
  const transport = new Transport({
    ...{ server, reach, onRequest },
    connections: new Connections(at, { timeoutMs, connections: total, watchSilenceMs }),
    slots: new Slots({ total, longestWaitMs: timeoutMs, server }),
    credentials: new CredentialStore(credentials),
  });
  return new KubernetesCluster(name, { transport, reach, common }, settings);
}

export type OpenSettings = Omit<ClusterSettings, "kubeconfig" | "context">;

/** Without user and password, which no request carries and no message repeats. Errors: PL-KUBE-CONFIG. */
function shownServer({ name, cluster, origin }: KubeAccess): string {
  if (!URL.canParse(cluster.server)) throw configError(origin, `the server of context "${name}" is no URL`);
  const url = new URL(cluster.server);
  if (url.username === "" && url.password === "") return cluster.server;
  url.username = url.password = "";
  return url.href;
}

/** At first out of what was just read; later the kubeconfig is read again, since a refused token may have been replaced there. */
export function credentialsOf(
  access: KubeAccess,
  settings: KubeAccessChoice,
): () => ReturnType<typeof fetchCredentials> {
  let first = true;
  return async () => {
    const current = first ? access : await loadKubeAccess(settings);
    first = false;
    return fetchCredentials(current);
  };
}

interface OwnParts extends Pick<ClusterParts, "reach" | "common"> {
  readonly transport: Transport;
}

export class KubernetesCluster implements Cluster {
  readonly name: string;
  readonly #transport: Transport;
  readonly #reach: Reach;
  readonly common: Common;
  readonly #live: LiveObjects;
  readonly #strangers = new Map<string, Strangers>();

  constructor(name: string, { transport, reach, common }: OwnParts, { log, kept }: OpenSettings) {
    this.name = name;
    this.#transport = transport;
    this.#reach = reach;
    this.common = common ?? {
      discovery: new Discovery(transport),
      schemas: new PublishedSchemas(transport),
      version: new ServerVersion(transport),
    };
    this.#live = new LiveObjects({
      ...{ transport, log, kept },
      // By name alone: what has left the watch may be back in it before the watch says so.
      lookup: (refs, signal) =>
        lookupObjects(refs, { transport, resourceOf: (ref) => this.resource(ref, signal), signal }),
      preferred: (kind, signal) => {
        this.common.discovery.forget();
        return this.common.discovery.preferred(kind, signal);
      },
    });
  }

  get live(): LiveStore {
    return this.#live;
  }

  state(): ClusterState {
    const version = this.common.version.last;
    const shown = { server: this.#transport.server, watches: this.#live.watches, ...this.#reach.state() };
    return version === undefined ? shown : { ...shown, version };
  }

  /** Only to learn whether it answers: it is asked though it is known to be away. */
  async probe(signal: AbortSignal): Promise<void> {
    await this.#transport.send({ verb: "discovery", kind: "version", path: "/version", signal, isProbe: true });
  }

  version(signal?: AbortSignal): Promise<string> {
    return this.common.version.ask(signal);
  }

  async apiVersions({ fresh = false }: { readonly fresh?: boolean } = {}): Promise<readonly string[]> {
    return (await this.common.discovery.served(fresh)).apiVersions();
  }

  /** Kept, and yet refused where the server is away: each pass begins with this, and one that needs no other answer must hear of it, too. */
  async resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource> {
    this.#reach.admit();
    return this.common.discovery.resource(kind, signal);
  }

  preferred(kind: GroupKind, signal?: AbortSignal): Promise<ApiResource | undefined> {
    return this.common.discovery.preferred(kind, signal);
  }

  schema(kind: GroupVersionKind, signal?: AbortSignal): Promise<SchemaNode> {
    return this.common.schemas.schema(kind, signal);
  }

  async get(ref: Ref, signal?: AbortSignal): Promise<LiveObject | undefined> {
    return getObject(this.#transport, { resource: await this.resource(ref, signal), ref }, signal);
  }

  lookup(refs: readonly Ref[], signal?: AbortSignal): Promise<ReadonlyMap<string, LiveObject>> {
    const resourceOf = (ref: Ref) => this.resource(ref, signal);
    const strangers = (resource: ApiResource) => this.#strangersOf(resource);
    return lookupObjects(refs, { transport: this.#transport, resourceOf, signal, strangers });
  }

  async *list(resource: ApiResource, options: ListOptions = {}): AsyncIterable<LiveObject> {
    yield* (await listObjects(this.#transport, resource, options)).items;
  }

  async apply(object: KubeObject, options: ApplyOptions = {}): Promise<ApplyResult> {
    const ref = refOf(object);
    const resource = await this.resource(ref, options.signal);
    const result = await this.#orLookAgain(
      applyObject(this.#transport, { resource, object }, options),
      ref,
      options.signal,
    );
    if (options.dryRun === true) return result;
    this.#live.put(result.object);
    if (ref.kind === "CustomResourceDefinition") this.#expectKindOf(result.object);
    return result;
  }

  async patch(ref: Ref, body: object, options: PatchOptions = {}): Promise<LiveObject> {
    const resource = await this.resource(ref, options.signal);
    const object = await patchObject(this.#transport, { resource, ref, body }, options);
    if (options.dryRun !== true) this.#live.put(object);
    return object;
  }

  async delete(ref: Ref, options: DeleteOptions = {}): Promise<"gone" | "terminating" | "absent"> {
    const resource = await this.resource(ref, options.signal);
    const uid = options.uid ?? this.#live.get(ref)?.metadata.uid;
    const { result, object } = await deleteObject(this.#transport, { resource, ref }, options);
    if (object !== undefined) this.#live.put(object);
    if (result === "gone" && uid !== undefined) this.#live.remove(ref, uid);
    return result;
  }

  async close(): Promise<void> {
    this.#reach.stop();
    this.#live.close();
    await this.#transport.close();
  }

  #strangersOf(resource: ApiResource): Strangers | undefined {
    if (!this.#live.isFollowed(resource, "members")) return undefined;
    const key = `${apiVersionOf(resource)} ${resource.kind}`;
    const watched = {
      labels: () => this.#live.followedLabels(resource),
      isElsewhere: (name: string) => this.#live.isElsewhere(resource, name),
    };
    const known = this.#strangers.get(key) ?? new Strangers(this.#transport, resource, watched);
    this.#strangers.set(key, known);
    return known;
  }

  /** A kind that was there at the last look and now is not: looking again says in better words what became of it. */
  async #orLookAgain<T>(answer: Promise<T>, kind: GroupVersionKind, signal?: AbortSignal): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.code !== "PL-KIND-UNKNOWN") throw error;
      this.common.discovery.forget();
      await this.resource(kind, signal);
      throw error;
    }
  }

  #expectKindOf(definition: LiveObject): void {
    const spec = definition["spec"];
    if (!isJsonObject(spec) || !isJsonObject(spec["names"])) return;
    const { group } = spec;
    const { kind } = spec["names"];
    if (typeof group !== "string" || typeof kind !== "string") {
      throw new PlumblineError("PL-KUBE-UNEXPECTED", {
        message: "the server accepted a definition without a kind",
        where: formatRef(refOf(definition)),
      });
    }
    this.common.discovery.expect({ group, kind });
    this.common.schemas.expectChange();
  }
}
