import { apply, deployment, edit, type FactScenario, GONE, object, POD, patch } from "./scenario.ts";

const config = (name: string, data: { readonly [key: string]: string | null }) =>
  object("ConfigMap v1", name, { data });
const service = (name: string, spec: object) => object("Service v1", name, { spec: { ...spec } });
const secret = (name: string, fields: object) => object("Secret v1", name, { ...fields });

const zeros = deployment("zeros", {
  spec: { paused: false, minReadySeconds: 0 },
  pod: { tolerations: null, hostNetwork: false, nodeSelector: {} },
  container: { ports: [{ containerPort: 80, hostPort: 0 }], stdin: false, workingDir: "", args: [] },
});

const claimTemplates = object("StatefulSet apps/v1", "claims", {
  spec: {
    serviceName: "claims",
    selector: { matchLabels: { app: "claims" } },
    template: { metadata: { labels: { app: "claims" } }, spec: { containers: [{ name: "db", image: "db:1" }] } },
    volumeClaimTemplates: [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  },
});

/** Facts 3 to 10: owned is not present, absent is not drift; and drift that hides or sticks. */
export const OWNED: readonly FactScenario[] = [
  { fact: 3, name: "zero-values", steps: [apply(zeros)], changes: [] },
  {
    fact: 3,
    name: "zero-values-edited",
    steps: [apply(zeros), edit({ "/spec/paused": true })],
    changes: ["/spec/paused"],
  },
  { fact: 3, name: "zero-replicas", steps: [apply(deployment("none", { spec: { replicas: 0 } }))], changes: [] },
  { fact: 4, name: "null-in-a-map", steps: [apply(config("nulls", { a: "1", b: null }))], changes: [] },
  {
    fact: 4,
    name: "null-in-a-map-edited",
    steps: [apply(config("nulls-edited", { a: "1", b: null })), edit({ "/data/b": "x" })],
    changes: ["/data/b"],
  },
  {
    fact: 4,
    name: "null-replicas",
    steps: [apply(deployment("null-replicas", { spec: { replicas: null, strategy: null } }))],
    changes: [],
  },
  {
    fact: 5,
    name: "empty-list-maps",
    steps: [apply(deployment("empty-lists", { pod: { volumes: [] }, container: { env: [] } }))],
    changes: [],
  },
  {
    fact: 5,
    name: "empty-list-map-filled",
    steps: [
      apply(deployment("filled-list", { container: { env: [] } })),
      edit({ [`${POD}/containers/0/env`]: [{ name: "A", value: "1" }] }),
    ],
    changes: [],
  },
  {
    fact: 5,
    name: "empty-atomic-list-filled",
    steps: [
      apply(deployment("filled-args", { container: { args: [] } })),
      edit({ [`${POD}/containers/0/args`]: ["--x"] }),
    ],
    changes: [`${POD}/containers/0/args`],
  },
  { fact: 6, name: "claim-templates", steps: [apply(claimTemplates)], changes: [] },
  {
    fact: 6,
    name: "role-binding-subjects",
    steps: [
      apply(
        object("RoleBinding rbac.authorization.k8s.io/v1", "subjects", {
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" },
          subjects: [{ kind: "User", name: "jane" }],
        }),
      ),
    ],
    changes: [],
  },
  {
    fact: 6,
    name: "network-policy",
    steps: [
      apply(
        object("NetworkPolicy networking.k8s.io/v1", "policy", {
          spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }], from: [{ podSelector: {} }] }] },
        }),
      ),
    ],
    changes: [],
  },
  { fact: 7, name: "string-data", steps: [apply(secret("texts", { stringData: { user: "root" } }))], changes: [] },
  {
    fact: 7,
    name: "string-data-edited",
    steps: [apply(secret("texts-edited", { stringData: { user: "root" } })), edit({ "/data/user": "YWRtaW4=" })],
    changes: ["/data/user"],
  },
  {
    fact: 7,
    name: "string-data-key-dropped",
    steps: [apply(secret("texts-dropped", { stringData: { user: "root", word: "x" } }))],
    desired: secret("texts-dropped", { stringData: { user: "root" } }),
    changes: ["/data/word"],
  },
  {
    fact: 8,
    name: "service-account-removed",
    steps: [apply(deployment("account", { pod: { serviceAccountName: "robot" } })), apply(deployment("account"))],
    changes: [],
  },
  {
    fact: 9,
    name: "field-taken-out",
    steps: [apply(config("taken", { a: "1", b: "2" })), edit({ "/data/b": GONE })],
    changes: ["/data/b"],
  },
  {
    fact: 9,
    name: "edited-and-back",
    steps: [apply(config("back", { a: "1" })), edit({ "/data/a": "2" }), edit({ "/data/a": "1" })],
    changes: [],
  },
  {
    fact: 10,
    name: "equal-quantities",
    steps: [
      apply(deployment("amounts", { container: { resources: { requests: { cpu: "1000m", memory: "1024Mi" } } } })),
      edit({ [`${POD}/containers/0/resources/requests/cpu`]: "2" }),
      edit({ [`${POD}/containers/0/resources/requests/cpu`]: "1" }),
    ],
    changes: [],
  },
  {
    fact: 25,
    name: "numbers-as-quantities",
    steps: [apply(deployment("numbers", { container: { resources: { limits: { cpu: 0.5, memory: 1073741824 } } } }))],
    changes: [],
  },
  {
    fact: 25,
    name: "target-port-of-digits",
    steps: [apply(service("digits", { ports: [{ port: 80, targetPort: 8080 }] }))],
    desired: service("digits", { ports: [{ port: 80, targetPort: "8080" }] }),
    changes: [],
    refused: 422,
  },
  {
    fact: 25,
    name: "duplicate-env-in-live",
    steps: [
      apply(deployment("twice", { container: { env: [{ name: "A", value: "1" }] } })),
      patch({ spec: { template: { spec: { containers: [{ name: "web", image: "nginx:1", env: TWICE() }] } } } }),
    ],
    changes: [`${POD}/containers/0/env/0/value`, `${POD}/containers/0/env/1`],
  },
];

function TWICE() {
  return [
    { name: "A", value: "2" },
    { name: "A", value: "3" },
  ];
}
