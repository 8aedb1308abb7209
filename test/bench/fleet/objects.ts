import type { KubeObject } from "../../../src/model/index.ts";

/** What a small web application consists of, in the order in which an application of fewer objects has them. */
const KINDS = [configMap, serviceAccount, service, deployment] as const;

/** The objects of one application: ConfigMap, ServiceAccount, Service, Deployment, and of these again with other names. */
export function objectsOf(application: string, count: number): KubeObject[] {
  return Array.from({ length: count }, (_, i) => {
    const round = Math.floor(i / KINDS.length);
    const kind = KINDS[i % KINDS.length] ?? configMap;
    return kind(round === 0 ? application : `${application}-${round}`);
  });
}

export function configMap(name: string, colour = "start"): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { colour, "log.level": "info" } };
}

function serviceAccount(name: string): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name }, automountServiceAccountToken: false };
}

function service(name: string): KubeObject {
  const ports = [{ name: "http", port: 80, targetPort: 8080 }];
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports } };
}

function deployment(name: string): KubeObject {
  const labels = { app: name };
  const container = {
    name: "web",
    image: "registry.example/web:1.42.0",
    ports: [{ containerPort: 8080 }],
    env: [{ name: "COLOUR", valueFrom: { configMapKeyRef: { name, key: "colour" } } }],
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } },
    },
  };
}
