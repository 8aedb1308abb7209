/** Where objects of the scenario's namespace are, and the smallest ones that the server takes. */

export const CONFIG_MAPS = "/api/v1/namespaces/$ns/configmaps";
export const SECRETS = "/api/v1/namespaces/$ns/secrets";
export const SERVICES = "/api/v1/namespaces/$ns/services";
export const PODS = "/api/v1/namespaces/$ns/pods";
export const DEPLOYMENTS = "/apis/apps/v1/namespaces/$ns/deployments";
export const STATEFUL_SETS = "/apis/apps/v1/namespaces/$ns/statefulsets";
export const JOBS = "/apis/batch/v1/namespaces/$ns/jobs";
export const NAMESPACES = "/api/v1/namespaces";
export const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

type Fields = Readonly<Record<string, unknown>>;

export function configMap(name: string, data: Fields = {}, metadata: Fields = {}): Fields {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...metadata }, data };
}

export function labelled(name: string, labels: Fields): Fields {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, labels } };
}

export function secret(name: string, more: Fields): Fields {
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, ...more };
}

export function service(name: string, spec: Fields = {}): Fields {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
  };
}

export function pod(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...metadata },
    spec: { containers: [{ name: "main", image: "nginx:1.27" }], ...spec },
  };
}

export function template(name: string, spec: Fields = {}): Fields {
  return {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "main", image: "nginx:1.27" }], ...spec },
  };
}

export function deployment(name: string, spec: Fields = {}): Fields {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}

export function statefulSet(name: string, spec: Fields = {}): Fields {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name },
    spec: { serviceName: name, selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}

export function job(name: string, spec: Fields = {}): Fields {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1.37" }] } },
      ...spec,
    },
  };
}
