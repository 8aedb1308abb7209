/** An object, the change of it, and the field that the server does not change. */
export interface Row {
  readonly apiVersion: string;
  readonly kind: string;
  /** Of what differs between before and after. */
  readonly what: string;
  readonly before: object;
  readonly after: object;
  /** As the problem names it; undefined: the change is in doubt, and the server takes it. */
  readonly field: string | undefined;
}

const labels = (app: string) => ({ matchLabels: { app } });
const pods = (app: string, rest: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: "web", image: "nginx:1.27" }], ...rest },
});
const claim = (size: string, rest: object = {}) => ({
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: size } },
    storageClassName: "none",
    ...rest,
  },
});
const stateful = (rest: object = {}) => ({
  spec: { serviceName: "web", selector: labels("web"), template: pods("web"), replicas: 0, ...rest },
});
const job = (rest: object = {}) => ({
  spec: { suspend: true, template: pods("job", { restartPolicy: "Never" }), ...rest },
});
const service = (rest: object = {}) => ({ spec: { ports: [{ port: 80 }], ...rest } });
const rbac = "rbac.authorization.k8s.io";
const role = (kind: string, name: string) => ({ roleRef: { apiGroup: rbac, kind, name }, subjects: [] });

const volume = (path: string, size = "1Gi") => ({
  spec: { capacity: { storage: size }, accessModes: ["ReadWriteOnce"], hostPath: { path } },
});

export const ROWS: readonly Row[] = [
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    what: "selector",
    field: "spec.selector",
    before: { spec: { replicas: 0, selector: labels("a"), template: pods("a") } },
    after: { spec: { replicas: 0, selector: labels("b"), template: pods("b") } },
  },
  {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    what: "selector",
    field: "spec.selector",
    before: { spec: { selector: labels("a"), template: pods("a") } },
    after: { spec: { selector: labels("b"), template: pods("b") } },
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    what: "selector",
    field: "spec.selector",
    before: { spec: { replicas: 0, selector: labels("a"), template: pods("a") } },
    after: { spec: { replicas: 0, selector: labels("b"), template: pods("b") } },
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    what: "service-name",
    field: "spec.serviceName",
    before: stateful(),
    after: stateful({ serviceName: "other" }),
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    what: "claims",
    field: "spec.volumeClaimTemplates",
    before: stateful(),
    after: stateful({ volumeClaimTemplates: [{ metadata: { name: "data" }, ...claim("1Gi") }] }),
  },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    what: "pod-management",
    field: "spec.podManagementPolicy",
    before: stateful(),
    after: stateful({ podManagementPolicy: "Parallel" }),
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    what: "template",
    field: "spec.template",
    before: job(),
    after: job({ template: pods("job", { restartPolicy: "OnFailure" }) }),
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    what: "completions",
    field: "spec.completions",
    before: job({ completions: 1 }),
    after: job({ completions: 2 }),
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    what: "completion-mode",
    field: "spec.completionMode",
    before: job({ completions: 1 }),
    after: job({ completions: 1, completionMode: "Indexed" }),
  },
  {
    apiVersion: "batch/v1",
    kind: "Job",
    what: "backoff",
    field: undefined,
    before: job({ backoffLimit: 1 }),
    after: job({ backoffLimit: 2 }),
  },
  {
    apiVersion: "v1",
    kind: "Service",
    what: "headless",
    field: "spec.clusterIP",
    before: service(),
    after: service({ clusterIP: "None" }),
  },
  {
    apiVersion: "v1",
    kind: "Service",
    what: "node-port",
    field: undefined,
    before: service(),
    after: service({ type: "NodePort" }),
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    what: "mode",
    field: "spec.accessModes",
    before: claim("1Gi"),
    after: claim("1Gi", { accessModes: ["ReadWriteMany"] }),
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    what: "class",
    field: "spec.storageClassName",
    before: claim("1Gi"),
    after: claim("1Gi", { storageClassName: "other" }),
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    what: "type",
    field: "type",
    before: { type: "Opaque" },
    after: { type: "example.com/own" },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    what: "sealed",
    field: "data",
    before: { immutable: true, data: { a: "YQ==" } },
    after: { immutable: true, data: { a: "Yg==" } },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    what: "sealed",
    field: "data",
    before: { immutable: true, data: { a: "1" } },
    after: { immutable: true, data: { a: "2" } },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    what: "unsealed",
    field: "immutable",
    before: { immutable: true, data: { a: "1" } },
    after: { immutable: false, data: { a: "1" } },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    what: "open",
    field: undefined,
    before: { data: { a: "1" } },
    after: { data: { a: "2" } },
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    what: "role",
    field: "roleRef",
    before: role("Role", "a"),
    after: role("Role", "b"),
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: "ClusterRoleBinding",
    what: "role",
    field: "roleRef",
    before: role("ClusterRole", "a"),
    after: role("ClusterRole", "b"),
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    what: "parameters",
    field: "parameters",
    before: { provisioner: "example.com/own", parameters: { a: "1" } },
    after: { provisioner: "example.com/own", parameters: { a: "2" } },
  },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    what: "binding",
    field: "volumeBindingMode",
    before: { provisioner: "example.com/own" },
    after: { provisioner: "example.com/own", volumeBindingMode: "WaitForFirstConsumer" },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolume",
    what: "source",
    field: "spec.hostPath",
    before: volume("/a"),
    after: volume("/b"),
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    what: "controller",
    field: "spec.controller",
    before: { spec: { controller: "example.com/a" } },
    after: { spec: { controller: "example.com/b" } },
  },
  {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    what: "value",
    field: "value",
    before: { value: 1 },
    after: { value: 2 },
  },
  {
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    what: "handler",
    field: "handler",
    before: { handler: "a" },
    after: { handler: "b" },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    what: "addresses",
    field: "addressType",
    before: { addressType: "IPv4", endpoints: [] },
    after: { addressType: "FQDN", endpoints: [] },
  },
  {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    what: "data",
    field: "data",
    before: { revision: 1, data: { a: "1" } },
    after: { revision: 1, data: { a: "2" } },
  },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    what: "scopes",
    field: "spec.scopes",
    before: { spec: { hard: { pods: "9" }, scopes: ["BestEffort"] } },
    after: { spec: { hard: { pods: "9" }, scopes: ["NotBestEffort"] } },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    what: "image",
    field: undefined,
    before: pods("pod"),
    after: { ...pods("pod"), spec: { containers: [{ name: "web", image: "nginx:1.28" }] } },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    what: "command",
    field: "spec.containers[name=web].command",
    before: pods("pod"),
    after: { ...pods("pod"), spec: { containers: [{ name: "web", image: "nginx:1.27", command: ["sh"] }] } },
  },
];
