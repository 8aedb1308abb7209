import type { Cluster } from "../cluster/index.ts";
import type { Place } from "../kit/keyed-queue.ts";

/** A cluster on which a pass that rests takes a place for each write. Reading goes on without one. */
export function pacedCluster(cluster: Cluster, place: Place): Cluster {
  return {
    name: cluster.name,
    live: cluster.live,
    version: (signal) => cluster.version(signal),
    apiVersions: (options) => cluster.apiVersions(options),
    resource: (kind, signal) => cluster.resource(kind, signal),
    preferred: (kind, signal) => cluster.preferred(kind, signal),
    schema: (kind, signal) => cluster.schema(kind, signal),
    get: (ref, signal) => cluster.get(ref, signal),
    lookup: (refs, signal) => cluster.lookup(refs, signal),
    list: (resource, options) => cluster.list(resource, options),
    apply: (object, options) => place.use(() => cluster.apply(object, options)),
    patch: (ref, body, options) => place.use(() => cluster.patch(ref, body, options)),
    delete: (ref, options) => place.use(() => cluster.delete(ref, options)),
    close: () => cluster.close(),
  };
}
