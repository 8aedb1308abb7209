import type { Cluster, ClusterKey, ClusterLease, Clusters, LiveStore } from "../cluster/index.ts";
import { type Application, type LiveObject, type Manifest, type Ref, refKey, refOf } from "../model/index.ts";
import { scopeOf } from "../plan/index.ts";

/** Which cluster an application is for, as whom it is written, and where its inventory is. */
export interface Tenant {
  readonly cluster: string | undefined;
  /** `namespace/name`; absent: Plumbline itself. */
  readonly serviceAccount: string | undefined;
  readonly parent: Ref;
}

/** Names of Kubernetes, so that nothing else is ever part of a header. */
const ACCOUNT = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)$/;

/** The key of the client that asks as the service account; one without a name is refused by whoever would have to impersonate it. */
export function keyOf({ cluster, serviceAccount }: Omit<Tenant, "parent">): ClusterKey {
  if (serviceAccount === undefined) return { cluster };
  const [, namespace = "", name = ""] = ACCOUNT.exec(serviceAccount) ?? [];
  return { cluster, serviceAccount: { namespace, name } };
}

/** What an application is read and written with, for as long as it is not released. */
export function leaseAs(clusters: Pick<Clusters, "lease">, tenant: Tenant): ClusterLease {
  const { cluster, serviceAccount, parent } = tenant;
  const own = clusters.lease({ cluster });
  if (serviceAccount === undefined) return own;
  const impersonated = clusters.lease(keyOf(tenant));
  return {
    cluster: tenantCluster({ own: own.cluster, tenant: impersonated.cluster, parent }),
    release: () => {
      impersonated.release();
      own.release();
    },
  };
}

/** The same, for somebody who only looks for a moment. */
export function clusterAs(clusters: Pick<Clusters, "of">, tenant: Tenant): Cluster {
  const { cluster, serviceAccount, parent } = tenant;
  const own = clusters.of({ cluster });
  return serviceAccount === undefined ? own : tenantCluster({ own, tenant: clusters.of(keyOf(tenant)), parent });
}

interface TenantClusterParts {
  /** Plumbline itself. */
  readonly own: Cluster;
  /** The service account. */
  readonly tenant: Cluster;
  /** The application's own ApplySet parent. */
  readonly parent: Ref;
}

/**
 * A cluster as an application with a service account sees it: everything is asked as that account, but for exactly its own parent, which is Plumbline's. No manifest
 * can mean the parent (prepare refuses it), so nothing that a tenant writes is written as anybody else.
 */
function tenantCluster({ own, tenant, parent }: TenantClusterParts): Cluster {
  const key = refKey(parent);
  const of = (ref: Ref): Cluster => (refKey(ref) === key ? own : tenant);
  return {
    name: tenant.name,
    live: liveOf({ own, tenant, parent }),
    version: (signal) => tenant.version(signal),
    apiVersions: (options) => tenant.apiVersions(options),
    resource: (kind, signal) => tenant.resource(kind, signal),
    preferred: (kind, signal) => tenant.preferred(kind, signal),
    schema: (kind, signal) => tenant.schema(kind, signal),
    get: (ref, signal) => of(ref).get(ref, signal),
    lookup: (refs, signal) => tenant.lookup(refs, signal),
    list: (resource, options) => tenant.list(resource, options),
    apply: (object, options) => of(refOf(object)).apply(object, options),
    patch: (ref, body, options) => of(ref).patch(ref, body, options),
    delete: (ref, options) => of(ref).delete(ref, options),
    state: () => tenant.state(),
    close: () => tenant.close(),
  };
}

function liveOf({ own, tenant, parent }: TenantClusterParts): LiveStore {
  const key = refKey(parent);
  const of = (ref: Ref): LiveStore => (refKey(ref) === key ? own : tenant).live;
  return {
    follow: (resource, what, options) =>
      (what.startsWith("parents") ? own : tenant).live.follow(resource, what, options),
    get: (ref) => of(ref).get(ref),
    members: (applySetId) => tenant.live.members(applySetId),
    all: (kind) => tenant.live.all(kind),
    warnings: (kind) => tenant.live.warnings(kind),
    put: (object) => of(refOf(object)).put(object),
    remove: (ref, uid) => of(ref).remove(ref, uid),
    onChange: (listener) => {
      const endings = [
        own.live.onChange((change) => (refKey(change.ref) === key ? listener(change) : undefined)),
        tenant.live.onChange(listener),
      ];
      return () => {
        for (const end of endings) end();
      };
    },
    broken: () => tenant.live.broken(),
  };
}

/** Where members of an application can be: who has no more than Roles lists there. */
export function memberNamespaces(
  { destination }: Application["spec"],
  manifests: readonly Manifest[],
  parent: LiveObject | undefined,
): readonly string[] {
  const named = manifests.map(({ ref }) => ref.namespace ?? destination.namespace);
  const before = parent === undefined ? [] : scopeOf(parent).namespaces;
  return [...new Set([destination.namespace, ...named, ...before].filter((one) => one !== undefined))];
}
