import { type PlumblineError, toProblem } from "../model/index.ts";
import type { Cluster, LiveStore } from "./types.ts";

/** In place of a cluster that cannot be asked at all: whoever asks hears why. */
export function refusingCluster(name: string, error: PlumblineError): Cluster {
  const refuse = async (): Promise<never> => {
    throw error;
  };
  return {
    name,
    live: nothingLive(refuse),
    version: refuse,
    apiVersions: refuse,
    resource: refuse,
    preferred: refuse,
    schema: refuse,
    get: refuse,
    lookup: refuse,
    // biome-ignore lint/correctness/useYield: it ends before the first
    async *list() {
      throw error;
    },
    apply: refuse,
    patch: refuse,
    delete: refuse,
    state: () => ({ state: "Refused", watches: 0, problem: toProblem(error) }),
    close: async () => {},
  };
}

function nothingLive(follow: () => Promise<never>): LiveStore {
  return {
    follow,
    get: () => undefined,
    members: () => [],
    all: () => [],
    warnings: () => [],
    put: () => {},
    remove: () => {},
    onChange: () => () => {},
    broken: () => [],
  };
}
