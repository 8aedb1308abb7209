import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCluster } from "../../src/cluster/index.ts";
import {
  isJsonObject,
  type KubeObject,
  type LiveObject,
  refKey,
  refOf,
  type SchemaNode,
  SILENT,
} from "../../src/model/index.ts";
import { type Prepared, prepare } from "../../src/plan/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { until } from "../e2e/until.ts";

/** A manifest, and the object that a server makes of it: with its defaults, its spelling and its managedFields. */
export interface Pair {
  readonly prepared: Prepared;
  readonly live: LiveObject;
  readonly schema: SchemaNode;
}

/** A Deployment that is about 5 kB as the server answers it, applied by us and rolled out. */
export async function appliedDeployment(): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), "plumb-bench-diff-"));
  const sandbox = await startSandbox({ pace: 1 });
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await sandbox.writeKubeconfig(kubeconfig);
    const cluster = await createCluster({ kubeconfig, log: SILENT });
    const object = deployment();
    const origin = { repo: "bench", revision: "1", file: "web.yaml", line: 1 };
    const [prepared] = prepare([{ ref: refOf(object), object, origin }], {
      application: "default/bench",
      inventoryNamespace: "default",
      destinationNamespace: "default",
      namespaced: () => true,
    });
    if (prepared === undefined) throw new Error("nothing was prepared");
    await cluster.apply(prepared.object);
    const read = async () =>
      (await cluster.lookup([prepared.ref], AbortSignal.timeout(60_000))).get(refKey(prepared.ref));
    const live = await until("the roll-out", async () => {
      const one = await read();
      return one !== undefined && isRolledOut(one) && one;
    });
    const schema = await cluster.schema(prepared.ref);
    await cluster.close();
    return { prepared, live, schema };
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
}

function isRolledOut({ status }: LiveObject): boolean {
  return isJsonObject(status) && status["availableReplicas"] === 2;
}

function deployment(): KubeObject {
  const labels = { "app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop", tier: "front" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default", labels, annotations: { "example.com/owner": "team-shop" } },
    spec: {
      replicas: 2,
      revisionHistoryLimit: 3,
      selector: { matchLabels: { "app.kubernetes.io/name": "web" } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "web",
          containers: [
            container("web", 8080),
            { name: "metrics", image: "registry.example.com/metrics:2.0", ports: [{ containerPort: 9102 }] },
          ],
          volumes: [
            { name: "config", configMap: { name: "web-settings" } },
            { name: "cache", emptyDir: {} },
          ],
        },
      },
    },
  };
}

function container(name: string, port: number) {
  const probe = { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 5 };
  return {
    name,
    image: `registry.example.com/shop/${name}:1.42.0`,
    args: ["--listen", `:${port}`, "--log-format", "json"],
    ports: [{ name: "http", containerPort: port }],
    env: ["LEVEL", "BACKEND_URL"].map((one) => ({
      name: one,
      value: `${one}-of-${name}`,
    })),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    readinessProbe: probe,
    livenessProbe: probe,
    volumeMounts: [
      { name: "config", mountPath: "/etc/web" },
      { name: "cache", mountPath: "/var/cache" },
    ],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
  };
}
