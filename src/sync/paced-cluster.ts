import { type Cluster, writingBy } from "../cluster/index.ts";
import type { Place } from "../kit/keyed-queue.ts";

/** A cluster on which a pass that rests takes a place for each write. Reading goes on without one. */
export function pacedCluster(cluster: Cluster, place: Place): Cluster {
  return writingBy(cluster, {
    apply: (object, options) => place.use(() => cluster.apply(object, options)),
    patch: (ref, body, options) => place.use(() => cluster.patch(ref, body, options)),
    delete: (ref, options) => place.use(() => cluster.delete(ref, options)),
  });
}
