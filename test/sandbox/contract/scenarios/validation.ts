import {
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  JOBS,
  job,
  PODS,
  pod,
  SERVICES,
  STATEFUL_SETS,
  service,
  statefulSet,
  template,
} from "../objects.ts";
import { given, MERGE_PATCH, patch, post, put, type Step, scenario, type Theme } from "../scenario.ts";

/** So that one which is taken by mistake is not in the way of the next. */
const dry = (path: string, body: unknown): Step => post(`${path}?dryRun=All`, body);

/** The commonest refusals of what people write by hand, of the thousands of rules that the real server has. */
export const VALIDATION: Theme = {
  name: "validation",
  scenarios: [
    scenario("what a workload needs is required", [
      dry(DEPLOYMENTS, { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" } }),
      dry(DEPLOYMENTS, deployment("d", { selector: { matchLabels: { app: "other" } } })),
      dry(DEPLOYMENTS, deployment("d", { selector: {} })),
      dry(DEPLOYMENTS, deployment("d", { template: { metadata: { labels: { app: "d" } }, spec: { containers: [] } } })),
      dry(DEPLOYMENTS, deployment("d", { template: template("d", { containers: [{ image: "nginx" }] }) })),
      dry(DEPLOYMENTS, deployment("d", { template: template("d", { containers: [{ name: "main" }] }) })),
      dry(STATEFUL_SETS, { apiVersion: "apps/v1", kind: "StatefulSet", metadata: { name: "s" }, spec: {} }),
      dry(JOBS, job("j", { template: template("j") })),
      dry(PODS, pod("p", { containers: [] })),
      dry(PODS, { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }),
    ]),
    scenario("values out of their range are refused", [
      dry(DEPLOYMENTS, deployment("d", { replicas: -1 })),
      dry(DEPLOYMENTS, deployment("d", { strategy: { type: "Sideways" } })),
      dry(DEPLOYMENTS, deployment("d", { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } })),
      dry(SERVICES, service("s", { ports: [{ port: 70000 }] })),
      dry(SERVICES, service("s", { ports: [] })),
      dry(SERVICES, service("s", { type: "Sideways" })),
      dry(PODS, pod("p", { restartPolicy: "Perhaps" })),
      dry(PODS, pod("p", { containers: [{ name: "Upper", image: "i" }] })),
      dry(PODS, pod("p", { containers: [{ name: "main", image: "i", resources: { limits: { cpu: "-1" } } }] })),
      dry(PODS, pod("p", { containers: [{ name: "main", image: "i", resources: { limits: { cpu: "lots" } } }] })),
    ]),
    scenario("fields that must not change are refused in an update", [
      given(post(DEPLOYMENTS, deployment("d"))),
      put(`${DEPLOYMENTS}/d`, deployment("d", { selector: { matchLabels: { app: "e" } }, template: template("e") })),
      given(post(STATEFUL_SETS, statefulSet("s"))),
      patch(MERGE_PATCH, `${STATEFUL_SETS}/s`, { spec: { serviceName: "other" } }),
      patch(MERGE_PATCH, `${STATEFUL_SETS}/s`, { spec: { replicas: 2 } }),
      given(post(JOBS, job("j"))),
      patch(MERGE_PATCH, `${JOBS}/j`, { spec: { completions: 3 } }),
      patch(MERGE_PATCH, `${JOBS}/j`, { spec: { parallelism: 2 } }),
      given(post(PODS, pod("p"))),
      patch(MERGE_PATCH, `${PODS}/p`, { spec: { hostNetwork: true } }),
      patch(MERGE_PATCH, `${PODS}/p`, { metadata: { labels: { x: "y" } } }),
      given(post(SERVICES, service("v"))),
      patch(MERGE_PATCH, `${SERVICES}/v`, { spec: { clusterIP: "10.0.99.99", clusterIPs: ["10.0.99.99"] } }),
    ]),
    scenario("volume claims and bindings keep what they were made with", [
      given(
        post("/api/v1/namespaces/$ns/persistentvolumeclaims", {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name: "c" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
      ),
      patch(MERGE_PATCH, "/api/v1/namespaces/$ns/persistentvolumeclaims/c", {
        spec: { volumeName: "v", accessModes: ["ReadOnlyMany"] },
      }),
      given(
        post("/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/rolebindings", {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "RoleBinding",
          metadata: { name: "b" },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
          subjects: [{ kind: "ServiceAccount", name: "a", namespace: "$ns" }],
        }),
      ),
      patch(MERGE_PATCH, "/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/rolebindings/b", {
        roleRef: { name: "edit" },
      }),
    ]),
  ],
};

const strict = (path: string, mode: string): string => `${path}?fieldValidation=${mode}`;
const MODES = ["Strict", "Warn", "Ignore"];
const unheard = (name: string): object => ({
  ...deployment(name, { unheard: 1, template: { ...template(name), extra: { x: 1 } } }),
  more: true,
});

export const FIELD_VALIDATION: Theme = {
  name: "field validation",
  scenarios: [
    scenario("unknown fields are refused, warned of, or passed over", [
      ...MODES.map((mode) => post(strict(DEPLOYMENTS, mode), unheard(`d-${mode.toLowerCase()}`))),
      post(DEPLOYMENTS, unheard("d-none")),
    ]),
    scenario("fields given twice are refused, warned of, or passed over", [
      ...MODES.map((mode) => post(strict(CONFIG_MAPS, mode), doubled(`d-${mode.toLowerCase()}`))),
      post(
        strict(CONFIG_MAPS, "Strict"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: q}\ndata:\n  k: a\n  k: b\n",
        {
          headers: { "content-type": "application/yaml" },
        },
      ),
    ]),
    scenario("an update is looked at the same way", [
      given(post(CONFIG_MAPS, configMap("a"))),
      ...MODES.map((mode) => put(strict(`${CONFIG_MAPS}/a`, mode), { ...configMap("a", { m: mode }), unheard: 1 })),
    ]),
    scenario("a patch is looked at the same way, whatever its type", [
      given(post(DEPLOYMENTS, deployment("d"))),
      ...MODES.map((mode) => patch(MERGE_PATCH, strict(`${DEPLOYMENTS}/d`, mode), { spec: { unheard: mode } })),
      ...MODES.map((mode) =>
        patch("application/strategic-merge-patch+json", strict(`${DEPLOYMENTS}/d`, mode), { spec: { unheard: mode } }),
      ),
      ...MODES.map((mode) =>
        patch("application/json-patch+json", strict(`${DEPLOYMENTS}/d`, mode), [
          { op: "add", path: "/spec/unheard", value: mode },
        ]),
      ),
    ]),
    scenario("an apply is looked at by its schema, which knows no unknown fields", [
      ...MODES.map((mode) => applied(strict(`${CONFIG_MAPS}/a`, mode))),
    ]),
  ],
};

function doubled(name: string): string {
  return `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"k":"a","k":"b"}}`;
}

function applied(path: string): Step {
  return patch("application/apply-patch+yaml", `${path}&fieldManager=applier`, {
    ...configMap("a", { k: "1" }),
    unheard: 1,
  });
}
