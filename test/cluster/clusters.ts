import { onTestFinished } from "vitest";
import { type Cluster, type ClusterRequest, type ClusterSettings, createCluster } from "../../src/cluster/index.ts";
import { SILENT } from "../../src/model/index.ts";

export const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
export const DEPLOYMENT = { group: "apps", version: "v1", kind: "Deployment" };

/** A Cluster that is closed when the test ends, with the requests that it made. */
export async function openCluster(
  kubeconfig: string,
  settings: Partial<ClusterSettings> = {},
): Promise<Cluster & { readonly requests: ClusterRequest[] }> {
  const requests: ClusterRequest[] = [];
  const cluster = await createCluster({ kubeconfig, log: SILENT, onRequest: (one) => requests.push(one), ...settings });
  onTestFinished(() => cluster.close());
  return Object.assign(cluster, { requests });
}

/** Resolves once `check` holds; asked again every 20 ms. Fails with what `describe` says after the time. */
export async function until(check: () => boolean | Promise<boolean>, what: string, withinMs = 45_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export interface ConfigMapParts {
  readonly namespace: string;
  readonly name: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export function configMap({ namespace, name, data = { key: "value" }, labels = {} }: ConfigMapParts) {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name, labels }, data };
}

export function deployment(namespace: string, name: string, spec: Readonly<Record<string, unknown>> = {}) {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "web", image: "example/web" }] } };
  const whole = { replicas: 1, selector: { matchLabels: labels }, template, ...spec };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name },
    spec: JSON.parse(JSON.stringify(whole)),
  };
}

/** A definition of a namespaced kind in a group of its own. */
export function definition(group: string, kind: string) {
  const plural = `${kind.toLowerCase()}s`;
  const spec = {
    type: "object",
    properties: {
      size: { type: "integer" },
      steps: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { type: "string" }, run: { type: "string" } },
        },
      },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        },
      ],
    },
  };
}
