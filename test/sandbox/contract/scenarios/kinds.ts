import { template } from "../objects.ts";
import { get, given, post, type Scenario, type Step, scenario, type Theme } from "../scenario.ts";

type Fields = Readonly<Record<string, unknown>>;

const inNamespace = (groupVersion: string, plural: string, body: Fields): Scenario =>
  created(`/${groupVersion === "v1" ? "api" : "apis"}/${groupVersion}/namespaces/$ns/${plural}`, groupVersion, body);
const inCluster = (groupVersion: string, plural: string, body: Fields): Scenario =>
  created(`/${groupVersion === "v1" ? "api" : "apis"}/${groupVersion}/${plural}`, groupVersion, body);

/** As small as the server takes it: what else is in the answer are its defaults. */
function created(path: string, apiVersion: string, { kind, ...fields }: Fields): Scenario {
  const name = path.includes("$ns") ? "a" : "a-$ns";
  const steps: Step[] = [
    post(path, { apiVersion, kind, metadata: { name }, ...fields }),
    given(get(`${path}/${name}`)),
  ];
  return scenario(`a new ${String(kind)} has what was said and the server's defaults`, steps);
}

const rbac = "rbac.authorization.k8s.io/v1";
const probe = { httpGet: { port: 80 } };

const WORKLOADS: readonly Scenario[] = [
  inNamespace("v1", "pods", {
    kind: "Pod",
    spec: {
      initContainers: [{ name: "first", image: "busybox" }],
      containers: [
        {
          name: "main",
          image: "registry.example.com/a:v1",
          ports: [{ containerPort: 80 }],
          livenessProbe: probe,
          readinessProbe: { tcpSocket: { port: "http" } },
          startupProbe: { exec: { command: ["true"] } },
          env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
          resources: { limits: { cpu: "1000m", memory: "1Gi" } },
          volumeMounts: [{ name: "c", mountPath: "/c" }],
        },
      ],
      volumes: [
        { name: "c", configMap: { name: "c" } },
        { name: "s", secret: { secretName: "s" } },
        { name: "e", emptyDir: {} },
        { name: "h", hostPath: { path: "/tmp" } },
        { name: "p", projected: { sources: [{ configMap: { name: "c" } }] } },
        { name: "d", downwardAPI: { items: [{ path: "n", fieldRef: { fieldPath: "metadata.name" } }] } },
      ],
    },
  }),
  inNamespace("apps/v1", "deployments", {
    kind: "Deployment",
    spec: { selector: { matchLabels: { app: "a" } }, template: template("a") },
  }),
  inNamespace("apps/v1", "daemonsets", {
    kind: "DaemonSet",
    spec: { selector: { matchLabels: { app: "a" } }, template: template("a") },
  }),
  inNamespace("apps/v1", "replicasets", {
    kind: "ReplicaSet",
    spec: { selector: { matchLabels: { app: "a" } }, template: template("a") },
  }),
  inNamespace("apps/v1", "statefulsets", {
    kind: "StatefulSet",
    spec: {
      serviceName: "a",
      selector: { matchLabels: { app: "a" } },
      template: template("a"),
      volumeClaimTemplates: [
        {
          metadata: { name: "c" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    },
  }),
  inNamespace("batch/v1", "jobs", { kind: "Job", spec: { template: template("a", { restartPolicy: "Never" }) } }),
  inNamespace("batch/v1", "cronjobs", {
    kind: "CronJob",
    spec: { schedule: "0 * * * *", jobTemplate: { spec: { template: template("a", { restartPolicy: "OnFailure" }) } } },
  }),
];

const NETWORK_AND_STORAGE: readonly Scenario[] = [
  inNamespace("v1", "services", { kind: "Service", spec: { ports: [{ port: 80, targetPort: "http" }] } }),
  inNamespace("networking.k8s.io/v1", "ingresses", {
    kind: "Ingress",
    spec: {
      rules: [
        {
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "a", port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  inCluster("networking.k8s.io/v1", "ingressclasses", { kind: "IngressClass", spec: { controller: "example.com/c" } }),
  inNamespace("networking.k8s.io/v1", "networkpolicies", {
    kind: "NetworkPolicy",
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }], egress: [{}] },
  }),
  inNamespace("discovery.k8s.io/v1", "endpointslices", {
    kind: "EndpointSlice",
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ port: 80 }],
  }),
  inNamespace("v1", "persistentvolumeclaims", {
    kind: "PersistentVolumeClaim",
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  }),
  inCluster("v1", "persistentvolumes", {
    kind: "PersistentVolume",
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/tmp" } },
  }),
  inCluster("storage.k8s.io/v1", "storageclasses", { kind: "StorageClass", provisioner: "example.com/p" }),
];

const POLICY: readonly Scenario[] = [
  inNamespace("v1", "serviceaccounts", { kind: "ServiceAccount" }),
  inNamespace("v1", "limitranges", {
    kind: "LimitRange",
    spec: { limits: [{ type: "Container", max: { cpu: "2" }, default: { cpu: "1" } }] },
  }),
  inNamespace("v1", "resourcequotas", { kind: "ResourceQuota", spec: { hard: { pods: "10", "requests.cpu": 2 } } }),
  inNamespace("policy/v1", "poddisruptionbudgets", {
    kind: "PodDisruptionBudget",
    spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } },
  }),
  inNamespace("autoscaling/v2", "horizontalpodautoscalers", {
    kind: "HorizontalPodAutoscaler",
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "a" } },
  }),
  inNamespace(rbac, "roles", { kind: "Role", rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
  inNamespace(rbac, "rolebindings", {
    kind: "RoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" },
    subjects: [
      { kind: "ServiceAccount", name: "a" },
      { kind: "User", name: "u" },
    ],
  }),
  inCluster(rbac, "clusterroles", { kind: "ClusterRole", rules: [] }),
  inCluster(rbac, "clusterrolebindings", {
    kind: "ClusterRoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "a" },
  }),
  inCluster("scheduling.k8s.io/v1", "priorityclasses", { kind: "PriorityClass", value: 10 }),
  inCluster("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", {
    kind: "ValidatingWebhookConfiguration",
    webhooks: [
      {
        name: "a.example.com",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        clientConfig: { url: "https://127.0.0.1:1/" },
        rules: [
          { apiGroups: ["absent.example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["none"] },
        ],
      },
    ],
  }),
  inNamespace("coordination.k8s.io/v1", "leases", { kind: "Lease", spec: { holderIdentity: "me" } }),
  inNamespace("v1", "events", {
    kind: "Event",
    involvedObject: { kind: "Pod", name: "a", namespace: "$ns" },
    reason: "Seen",
    message: "a Pod",
    type: "Normal",
  }),
];

export const KINDS: Theme = { name: "kinds", scenarios: [...WORKLOADS, ...NETWORK_AND_STORAGE, ...POLICY] };
