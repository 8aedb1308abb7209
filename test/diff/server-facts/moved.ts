import { apply, deployment, edit, type FactScenario, metadata, NS, object, POD, patch, scale } from "./scenario.ts";

const two = (name: string, ...containers: string[]) =>
  deployment(name, { containers: containers.map((one) => ({ name: one, image: `${one}:1` })) });
const env = (name: string, ...names: string[]) =>
  deployment(name, { container: { env: names.map((one) => ({ name: one, value: "1" })) } });
const volume = (source: object) => ({ volumes: [{ name: "data", ...source }] });
const aggregated = (rules: object) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: `aggregated-${NS}` },
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [NS]: "yes" } }] },
  ...rules,
});
const job = object("Job batch/v1", "once", {
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "job", image: "job:1" }] } } },
});
const scaler = (version: string, spec: object) =>
  object(`HorizontalPodAutoscaler autoscaling/${version}`, `scaler-${version}`, {
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      ...spec,
    },
  });

/** Facts 11 to 15 and 18 to 26: what blocks, writes without a change, structure. */
export const MOVED: readonly FactScenario[] = [
  {
    fact: 11,
    name: "default-rolling-update-blocks-recreate",
    steps: [apply(deployment("strategy"))],
    desired: deployment("strategy", { spec: { strategy: { type: "Recreate" } } }),
    changes: [],
    refused: 422,
  },
  {
    fact: 11,
    name: "own-rolling-update-gives-way",
    steps: [
      apply(
        deployment("own-strategy", { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } }),
      ),
    ],
    desired: deployment("own-strategy", { spec: { strategy: { type: "Recreate" } } }),
    changes: ["/spec/strategy/rollingUpdate", "/spec/strategy/type"],
  },
  {
    fact: 11,
    name: "own-empty-dir-gives-way",
    steps: [apply(deployment("own-volume", { pod: volume({ emptyDir: {} }) }))],
    desired: deployment("own-volume", { pod: volume({ configMap: { name: "settings" } }) }),
    changes: [`${POD}/volumes/0/configMap`, `${POD}/volumes/0/emptyDir`],
  },
  {
    fact: 12,
    name: "client-side-apply-co-owns",
    steps: [
      {
        op: "create",
        manager: "kubectl-client-side-apply",
        object: object("ConfigMap v1", "co-owned", { data: { a: "1", b: "2" } }),
      },
      apply(object("ConfigMap v1", "co-owned", { data: { a: "1", b: "2" } })),
      apply(object("ConfigMap v1", "co-owned", { data: { a: "1" } })),
    ],
    changes: [],
  },
  { fact: 13, name: "empty-rules-of-an-aggregated-role", steps: [apply(aggregated({ rules: [] }))], changes: [] },
  {
    fact: 13,
    name: "rules-by-the-controller",
    steps: [
      apply(aggregated({ rules: [] })),
      edit(
        { "/rules": [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] },
        "clusterrole-aggregation-controller",
      ),
    ],
    changes: [],
  },
  { fact: 14, name: "job-applied-again", steps: [apply(job), apply(job)], changes: [] },
  {
    fact: 15,
    name: "exported-object",
    steps: [apply({ ...object("ConfigMap v1", "exported", { data: { a: "1" } }), metadata: exportedMetadata() })],
    changes: [],
  },
  {
    fact: 18,
    name: "containers-reordered",
    steps: [apply(two("order", "one", "two"))],
    desired: two("order", "two", "one"),
    changes: [
      `${POD}/containers/0/image`,
      `${POD}/containers/0/name`,
      `${POD}/containers/1/image`,
      `${POD}/containers/1/name`,
    ],
  },
  {
    fact: 18,
    name: "env-reordered-by-another",
    steps: [apply(env("env-order", "A", "B")), edit({ [`${POD}/containers/0/env`]: reversed() })],
    changes: [`${POD}/containers/0/env/0/name`, `${POD}/containers/0/env/1/name`],
  },
  {
    fact: 19,
    name: "container-with-anothers-field-removed",
    steps: [
      apply(two("sidecar", "one", "two")),
      patch({
        spec: {
          template: {
            spec: {
              containers: [
                { name: "one", image: "one:1" },
                { name: "two", image: "two:1", tty: true },
              ],
            },
          },
        },
      }),
    ],
    desired: two("sidecar", "one"),
    changes: [`${POD}/containers/1`],
  },
  {
    fact: 19,
    name: "env-removed-but-another-added",
    steps: [
      apply(env("env-kept", "A")),
      apply(
        { ...deployment("env-kept", { containers: [{ name: "web", env: [{ name: "B", value: "2" }] }] }) },
        "other-tool",
      ),
    ],
    desired: deployment("env-kept"),
    changes: [`${POD}/containers/0/env/0/name`, `${POD}/containers/0/env/0/value`, `${POD}/containers/0/env/1`],
  },
  {
    fact: 20,
    name: "service-selector-is-one-value",
    steps: [
      apply(object("Service v1", "chosen", { spec: { selector: { app: "a" }, ports: [{ port: 80 }] } })),
      edit({ "/spec/selector/tier": "front" }),
    ],
    changes: ["/spec/selector/tier"],
  },
  {
    fact: 20,
    name: "pull-secrets-of-an-account",
    steps: [
      apply(object("ServiceAccount v1", "puller", { imagePullSecrets: [{ name: "a" }] })),
      edit({ "/imagePullSecrets": [{ name: "a" }, { name: "b" }] }),
    ],
    changes: ["/imagePullSecrets/1"],
  },
  {
    fact: 20,
    name: "pull-secrets-of-a-pod",
    steps: [
      apply(deployment("pod-puller", { pod: { imagePullSecrets: [{ name: "a" }] } })),
      edit({ [`${POD}/imagePullSecrets`]: [{ name: "a" }, { name: "b" }] }),
    ],
    changes: [],
  },
  {
    fact: 20,
    name: "scale-target-v1",
    steps: [apply(scaler("v1", { targetCPUUtilizationPercentage: 50 }))],
    changes: [],
  },
  { fact: 20, name: "scale-target-v2", steps: [apply(scaler("v2", { minReplicas: 1 }))], changes: [] },
  {
    fact: 20,
    name: "applied-in-another-version",
    steps: [apply(scaler("v1", {}))],
    desired: { ...scaler("v2", {}), metadata: metadata("scaler-v1") },
    changes: [],
  },
  {
    fact: 21,
    name: "our-name-by-an-update",
    steps: [apply(object("ConfigMap v1", "ourselves", { data: { a: "1" } })), edit({ "/data/a": "2" }, "plumbline")],
    changes: ["/data/a"],
  },
  {
    fact: 22,
    name: "scaled",
    steps: [apply(deployment("scaled", { spec: { replicas: 2 } })), scale(5)],
    changes: ["/spec/replicas"],
  },
  {
    fact: 22,
    name: "replicas-dropped-too-early",
    steps: [apply(deployment("early", { spec: { replicas: 3 } }))],
    desired: deployment("early"),
    changes: ["/spec/replicas"],
  },
  {
    fact: 22,
    name: "replicas-dropped-after-the-autoscaler",
    steps: [apply(deployment("late", { spec: { replicas: 3 } })), scale(5)],
    desired: deployment("late"),
    changes: [],
  },
  {
    fact: 23,
    name: "nothing-named",
    steps: [apply(object("ConfigMap v1", "nothing", { data: { a: "1", b: "2" } }))],
    desired: object("ConfigMap v1", "nothing", {}),
    changes: ["/data"],
  },
  {
    fact: 24,
    name: "terminating",
    steps: [
      apply({ ...object("ConfigMap v1", "leaving", { data: { a: "1" } }), metadata: held("leaving") }),
      { op: "delete", manager: "kubectl" },
    ],
    changes: [],
  },
  {
    fact: 26,
    name: "service-addresses",
    steps: [apply(object("Service v1", "addresses", { spec: { type: "NodePort", ports: [{ port: 80 }] } }))],
    changes: [],
  },
];

function reversed() {
  return [
    { name: "B", value: "1" },
    { name: "A", value: "1" },
  ];
}

function held(name: string) {
  return { ...metadata(name), finalizers: ["plumbline.dev/hold"] };
}

function exportedMetadata() {
  const selfLink = "/api/v1/namespaces/x/configmaps/exported";
  return { ...metadata("exported"), selfLink, creationTimestamp: "2020-01-01T00:00:00Z", generation: 3 };
}
