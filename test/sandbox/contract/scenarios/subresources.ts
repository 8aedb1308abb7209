import {
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  NAMESPACES,
  PODS,
  pod,
  STATEFUL_SETS,
  statefulSet,
} from "../objects.ts";
import {
  apply,
  ask,
  get,
  given,
  JSON_PATCH,
  MERGE_PATCH,
  patch,
  post,
  put,
  STRATEGIC_PATCH,
  scenario,
  type Theme,
  versionOf,
} from "../scenario.ts";

const D = `${DEPLOYMENTS}/d`;
const scale = (name: string, replicas: number, metadata: object = {}): object => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name, namespace: "$ns", ...metadata },
  spec: { replicas },
});
const statusOf = (status: object): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d" },
  status,
});

export const SUBRESOURCES: Theme = {
  name: "subresources",
  scenarios: [
    scenario(
      "the status is written by /status only, and nothing else is",
      [
        given(post(DEPLOYMENTS, { ...deployment("d"), status: { replicas: 7 } })),
        get(`${D}/status`),
        put(`${D}/status`, { ...deployment("d", { replicas: 5 }), status: { replicas: 1, observedGeneration: 1 } }),
        put(D, { ...deployment("d", { replicas: 3 }), status: { replicas: 9 } }),
        patch(MERGE_PATCH, `${D}/status`, { spec: { replicas: 8 }, status: { readyReplicas: 1 } }),
        patch(MERGE_PATCH, D, { status: { readyReplicas: 6 } }),
        get(D),
      ],
      { managers: true },
    ),
    scenario(
      "the status is patched in every way",
      [
        given(post(DEPLOYMENTS, deployment("d"))),
        patch(JSON_PATCH, `${D}/status`, [{ op: "add", path: "/status/replicas", value: 2 }]),
        patch(STRATEGIC_PATCH, `${D}/status`, { status: { conditions: [{ type: "Available", status: "True" }] } }),
        patch(STRATEGIC_PATCH, `${D}/status`, { status: { conditions: [{ type: "Progressing", status: "True" }] } }),
        apply(`${D}/status`, statusOf({ readyReplicas: 2 })),
        apply(`${D}/status?fieldManager=other`, statusOf({ readyReplicas: 3 })),
        put(`${D}/status?fieldManager=me`, { ...statusOf({ replicas: 4 }), ...{ spec: deployment("d") } }),
      ],
      { managers: true },
    ),
    scenario("a stale status is refused", [
      post(DEPLOYMENTS, deployment("d")),
      given(patch(MERGE_PATCH, D, { spec: { replicas: 2 } })),
      ask((answers) => ({
        method: "PUT",
        path: `${D}/status`,
        body: { ...deployment("d"), metadata: { name: "d", resourceVersion: versionOf(answers, 0) } },
      })),
      put(`${DEPLOYMENTS}/absent/status`, { ...deployment("absent"), status: {} }),
    ]),
    scenario("labels are the object's, not the status's, in an update", [
      given(post(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: "s-$ns" } })),
      patch(MERGE_PATCH, `${NAMESPACES}/s-$ns/status`, {
        metadata: { labels: { x: "y" } },
        status: { phase: "Active" },
      }),
      given(post(DEPLOYMENTS, deployment("d"))),
      patch(MERGE_PATCH, `${D}/status`, { metadata: { labels: { x: "y" }, annotations: { a: "b" } } }),
    ]),
    scenario(
      "the scale is read and written by itself",
      [
        given(post(DEPLOYMENTS, deployment("d", { replicas: 2 }))),
        get(`${D}/scale`),
        put(`${D}/scale`, scale("d", 3)),
        get(D),
        patch(MERGE_PATCH, `${D}/scale`, { spec: { replicas: 4 } }),
        patch(JSON_PATCH, `${D}/scale`, [{ op: "replace", path: "/spec/replicas", value: 5 }]),
        patch(STRATEGIC_PATCH, `${D}/scale`, { spec: { replicas: 6 } }),
        get(D),
      ],
      { managers: true },
    ),
    scenario("a scale that cannot be is refused", [
      post(DEPLOYMENTS, deployment("d", { replicas: 2 })),
      put(`${D}/scale`, scale("d", -1)),
      put(`${D}/scale`, scale("e", 1)),
      put(`${D}/scale`, deployment("d")),
      given(put(`${D}/scale`, scale("d", 3))),
      ask((answers) => ({
        method: "PUT",
        path: `${D}/scale`,
        body: scale("d", 4, { resourceVersion: versionOf(answers, 0) }),
      })),
      get(`${DEPLOYMENTS}/absent/scale`),
      put(`${DEPLOYMENTS}/absent/scale`, scale("absent", 1)),
      given(post(CONFIG_MAPS, configMap("a"))),
      get(`${CONFIG_MAPS}/a/scale`),
      patch(MERGE_PATCH, `${D}/scale?dryRun=All`, { spec: { replicas: 9 } }),
      get(`${D}/scale`),
    ]),
    scenario(
      "a scale is applied, and takes the replicas from their owner",
      [
        apply(D, deployment("d", { replicas: 2 })),
        apply(`${D}/scale?fieldManager=scaler`, scale("d", 3)),
        apply(`${D}/scale?fieldManager=scaler&force=true`, scale("d", 3)),
        get(D),
        apply(D, deployment("d", { replicas: 2 })),
        given(patch(MERGE_PATCH, `${D}/scale?fieldManager=hand`, { spec: { replicas: 4 } })),
        get(D),
        apply(D, deployment("d")),
      ],
      { managers: true },
    ),
    scenario("a StatefulSet has a scale, too", [
      given(post(STATEFUL_SETS, statefulSet("s"))),
      get(`${STATEFUL_SETS}/s/scale`),
      patch(MERGE_PATCH, `${STATEFUL_SETS}/s/scale`, { spec: { replicas: 0 } }),
    ]),
    scenario("a Pod's status is written by whoever plays its node", [
      given(post(PODS, pod("p"))),
      patch(STRATEGIC_PATCH, `${PODS}/p/status`, {
        status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
      }),
      get(`${PODS}?fieldSelector=status.phase%3DRunning`),
    ]),
  ],
};
