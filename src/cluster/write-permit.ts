import type { Dispatcher } from "undici";
import type { ApplyOptions, Cluster, DeleteOptions, PatchOptions, WritePermit } from "./types.ts";

/**
 * Asks the permit in the very tick in which a request is written onto an open connection, however long it waited for one: a process that was stopped
 * and goes on sends nothing of what it held ready. What the permit throws is the request's error, and the connection is as it was.
 * Source: undici, "DispatchHandler.onRequestStart".
 */
export function askingFirst(permit: WritePermit): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...given) => {
        permit.check();
        handler.onRequestStart?.(...given);
      },
      onResponseStart: (...given) => handler.onResponseStart?.(...given),
      onResponseData: (...given) => handler.onResponseData?.(...given),
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });
}

type Writes = Pick<Cluster, "apply" | "patch" | "delete">;

/** The same cluster, written by other means. Reading goes on as before. */
export function writingBy(cluster: Cluster, writes: Writes): Cluster {
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
    ...writes,
    state: () => cluster.state(),
    close: () => cluster.close(),
  };
}

/** A cluster on which every write, dry runs apart, asks the permit before it leaves. */
export function writingUnder(cluster: Cluster, permit: WritePermit): Cluster {
  const asked = <T extends ApplyOptions | PatchOptions | DeleteOptions>(options: T): T => ({ ...options, permit });
  return writingBy(cluster, {
    apply: (object, options = {}) => cluster.apply(object, asked(options)),
    patch: (ref, body, options = {}) => cluster.patch(ref, body, asked(options)),
    delete: (ref, options = {}) => cluster.delete(ref, asked(options)),
  });
}
