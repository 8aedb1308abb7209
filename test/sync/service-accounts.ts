import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Cluster,
  type ClusterRequest,
  type Clusters,
  createCluster,
  onlyCluster,
} from "../../src/cluster/index.ts";
import { SILENT } from "../../src/model/index.ts";

/** Home, and one client that asks as a service account. */
export interface AccountClient {
  readonly cluster: Cluster;
  readonly requests: ClusterRequest[];
  readonly clients: (home: Cluster) => Clusters;
  /** Leases of it that are not released. */
  readonly open: () => number;
}

/** `account`: `namespace/name`. */
export async function accountClient(kubeconfigPath: string, account: string): Promise<AccountClient> {
  const config = JSON.parse(readFileSync(kubeconfigPath, "utf8"));
  config.users[0].user.as = `system:serviceaccount:${account.replace("/", ":")}`;
  const file = join(mkdtempSync(join(tmpdir(), "plumb-as-")), "kubeconfig");
  writeFileSync(file, JSON.stringify(config));
  const requests: ClusterRequest[] = [];
  const cluster = await createCluster({ kubeconfig: file, log: SILENT, onRequest: (one) => requests.push(one) });
  let leases = 0;
  const clients = (home: Cluster): Clusters => {
    const rest = onlyCluster(home);
    const of: Clusters["of"] = (key) => {
      const asked = key.serviceAccount && `${key.serviceAccount.namespace}/${key.serviceAccount.name}`;
      return asked === account ? cluster : rest.of(key);
    };
    return {
      ...{ ...rest, of },
      lease: (key) => {
        const isOurs = of(key) === cluster;
        if (isOurs) leases++;
        return { cluster: of(key), release: () => void (isOurs && leases--) };
      },
      onLive: (listener) => {
        const endings = [rest.onLive(listener), cluster.live.onChange((change) => listener(change, home.name))];
        return () => {
          for (const end of endings) end();
        };
      },
    };
  };
  return { cluster, requests, clients, open: () => leases };
}
