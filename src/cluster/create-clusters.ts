import { sleep } from "../kit/sleep.ts";
import { ClusterRegistry } from "./cluster-registry.ts";
import type { Clusters } from "./clusters.ts";
import { withAuthority } from "./connections.ts";
import { credentialsOf, openCluster } from "./create-cluster.ts";
import { type ClusterDeclaration, warningsOf } from "./declaration.ts";
import { type ClusterFile, followFiles } from "./declared-files.ts";
import { followSecrets } from "./declared-secrets.ts";
import { loadKubeAccess } from "./kubeconfig.ts";
import { Reach } from "./reach.ts";
import type { ClusterSettings } from "./types.ts";

export interface ClustersSettings extends ClusterSettings {
  /** Clusters of the settings. */
  readonly files?: readonly ClusterFile[];
  /** Plumbline's own: Secrets there may declare clusters. */
  readonly namespace: string;
  readonly pollMs?: number;
}

/** Longest wait for the first list of Secrets. */
const PATIENCE_MS = 3000;

export interface OpenClusters {
  readonly clusters: Clusters & { close(): Promise<void> };
  /** Begins to follow what declares clusters; the files, and where home answers the Secrets, were read when it resolves. Until then there is home alone. */
  readonly follow: () => Promise<void>;
}

/** The home of these settings, and every cluster that is declared. Asks no server yet. Errors: PL-KUBE-CONFIG. */
export async function createClusters(settings: ClustersSettings): Promise<OpenClusters> {
  const at = await withAuthority(await loadKubeAccess(settings));
  const { access } = at;
  const credentials = credentialsOf(access, settings);
  const home = openCluster({ name: access.name, at, reach: new Reach({ name: access.name }), credentials }, settings);
  const registry = new ClusterRegistry({
    ...{ ...settings, home },
    homeDeclared: {
      ...{
        name: access.name,
        declaredBy: `this server, with ${access.origin}`,
        fingerprint: "",
        warnings: warningsOf(access),
      },
      way: { at, credentials },
    },
  });
  return { clusters: registry, follow: () => follow(registry, settings) };
}

async function follow(registry: ClusterRegistry, settings: ClustersSettings): Promise<void> {
  const { log, namespace, files = [], pollMs } = settings;
  const stopping = new AbortController();
  registry.endWith(() => stopping.abort());
  const onChange = (list: readonly ClusterDeclaration[]): void => registry.declare("files", list);
  registry.endWith(await followFiles({ files, log, onChange, ...(pollMs === undefined ? {} : { pollMs }) }));
  const { home } = registry;
  const listed = followSecrets({
    ...{ home, namespace, log, stopping: stopping.signal },
    onChange: (list) => registry.declare("secrets", list),
  });
  // So that no application is told that its cluster is unknown which is only not read yet.
  if (home.state().state !== "Away") await Promise.race([listed, sleep(PATIENCE_MS, stopping.signal)]);
}
