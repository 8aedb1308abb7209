import type { Cluster } from "../cluster/index.ts";
import {
  isJsonObject,
  type KubeObject,
  type LiveObject,
  REPLICA_CLAIMS_ANNOTATION,
  REPLICA_LABEL,
  REPLICA_URL_ANNOTATION,
  REPLICAS_MANAGER,
  type Ref,
  refOf,
} from "../model/index.ts";
import { DEAD_AFTER_MS } from "./membership.ts";
import type { Notice, NoticeBoard, SeenNotice } from "./notice.ts";

const LEASE = { group: "coordination.k8s.io", version: "v1", kind: "Lease" } as const;

export interface LeaseBoardOptions {
  /** A client of its own: a sign of life must not wait behind the requests of a fleet. */
  readonly cluster: Pick<Cluster, "apply" | "get" | "list" | "resource" | "delete">;
  readonly namespace: string;
  readonly wall: () => number;
}

/** One Lease a replica, in Plumbline's own namespace. */
export class LeaseBoard implements NoticeBoard {
  readonly #options: LeaseBoardOptions;
  /** Of the own Lease as it was answered last; undefined: there is none yet, or nobody knows. */
  #version: string | undefined;
  #doubtful = false;

  constructor(options: LeaseBoardOptions) {
    this.#options = options;
  }

  /** With the version that is known: a request that arrives late, after a newer one, is refused by the server. Errors: PL-KUBE-*. */
  async post(notice: Notice, signal: AbortSignal): Promise<void> {
    const { cluster } = this.#options;
    const ref = this.#refOf(notice.id);
    if (this.#doubtful) this.#version = (await cluster.get(ref, signal))?.metadata.resourceVersion;
    this.#doubtful = true;
    const { object } = await cluster.apply(this.#leaseOf(notice, ref), { manager: REPLICAS_MANAGER, signal });
    this.#version = object.metadata.resourceVersion;
    this.#doubtful = false;
  }

  async read(signal: AbortSignal): Promise<readonly SeenNotice[]> {
    const { cluster, namespace } = this.#options;
    const resource = await cluster.resource(LEASE, signal);
    const seen: SeenNotice[] = [];
    for await (const lease of cluster.list(resource, { namespace, labelSelector: REPLICA_LABEL, signal }))
      seen.push(noticeOf(lease));
    return seen;
  }

  async remove({ id, version }: SeenNotice, signal: AbortSignal): Promise<void> {
    const { cluster } = this.#options;
    const lease = await cluster.get(this.#refOf(id), signal);
    if (lease === undefined || lease.metadata.resourceVersion !== version) return;
    await cluster.delete(refOf(lease), { uid: lease.metadata.uid, signal });
  }

  #refOf(id: string): Ref {
    return { ...LEASE, namespace: this.#options.namespace, name: `plumbline-${id}` };
  }

  #leaseOf({ id, url, claims, released = false }: Notice, { namespace = "", name }: Ref): KubeObject {
    const version = this.#version;
    return {
      apiVersion: `${LEASE.group}/${LEASE.version}`,
      kind: LEASE.kind,
      metadata: {
        ...{ name, namespace, labels: { [REPLICA_LABEL]: id } },
        ...(version === undefined ? {} : { resourceVersion: version }),
        annotations: {
          ...(url === undefined ? {} : { [REPLICA_URL_ANNOTATION]: url }),
          ...(claims === undefined ? {} : { [REPLICA_CLAIMS_ANNOTATION]: claims.join() }),
        },
      },
      spec: {
        // Empty says that it was given back, as client-go's leader election does.
        holderIdentity: released ? "" : id,
        leaseDurationSeconds: DEAD_AFTER_MS / 1000,
        renewTime: new Date(this.#options.wall()).toISOString().replace("Z", "000Z"),
      },
    };
  }
}

function noticeOf({ metadata, spec }: LiveObject): SeenNotice {
  const { labels = {}, annotations = {}, resourceVersion, name } = metadata;
  const url = annotations[REPLICA_URL_ANNOTATION];
  const claims = annotations[REPLICA_CLAIMS_ANNOTATION];
  const holder = isJsonObject(spec) ? spec["holderIdentity"] : undefined;
  return {
    id: labels[REPLICA_LABEL] ?? name,
    version: resourceVersion,
    released: holder === undefined || holder === "",
    ...(url === undefined ? {} : { url }),
    ...(claims === undefined ? {} : { claims: claims.split(",") }),
  };
}
