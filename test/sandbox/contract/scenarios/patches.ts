import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, SERVICES, service } from "../objects.ts";
import {
  ask,
  get,
  given,
  JSON_PATCH,
  MERGE_PATCH,
  patch,
  post,
  STRATEGIC_PATCH,
  type Step,
  scenario,
  type Theme,
  versionOf,
} from "../scenario.ts";

const jsonPatch = (operations: unknown): Step => patch(JSON_PATCH, `${CONFIG_MAPS}/a`, operations);
const mergePatch = (change: unknown): Step => patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, change);
const strategicPatch = (spec: unknown): Step => patch(STRATEGIC_PATCH, `${DEPLOYMENTS}/d`, { spec });
const podPatch = (spec: unknown): Step => strategicPatch({ template: { spec } });

const environment = deployment("d", {
  template: {
    metadata: { labels: { app: "d" } },
    spec: {
      containers: [
        {
          name: "main",
          image: "nginx:1.27",
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
          args: ["x", "y"],
        },
        { name: "side", image: "busybox:1.37" },
      ],
      tolerations: [{ key: "k", operator: "Exists" }],
    },
  },
});

export const PATCHES: Theme = {
  name: "patches",
  scenarios: [
    scenario(
      "a JSON patch does its operations one after another",
      [
        given(post(CONFIG_MAPS, configMap("a", { k: "1", l: "2" }))),
        jsonPatch([
          { op: "test", path: "/data/k", value: "1" },
          { op: "replace", path: "/data/k", value: "3" },
          { op: "remove", path: "/data/l" },
          { op: "add", path: "/metadata/labels", value: { "x.y": "z" } },
          { op: "copy", from: "/data/k", path: "/data/c" },
          { op: "move", from: "/data/c", path: "/data/m" },
        ]),
        jsonPatch([{ op: "add", path: "/metadata/annotations", value: { "a/b": "c" } }]),
        jsonPatch([{ op: "remove", path: "/metadata/annotations/a~1b" }]),
      ],
      { managers: true },
    ),
    scenario("a JSON patch that cannot be done is refused whole", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      jsonPatch([{ op: "test", path: "/data/k", value: "2" }]),
      jsonPatch([{ op: "replace", path: "/data/absent", value: "2" }]),
      jsonPatch([{ op: "remove", path: "/data/absent" }]),
      jsonPatch([{ op: "add", path: "/absent/deep", value: "2" }]),
      jsonPatch([{ op: "unheard", path: "/data/k" }]),
      jsonPatch({ op: "remove", path: "/data/k" }),
      jsonPatch("rubbish"),
      jsonPatch([
        { op: "replace", path: "/data/k", value: "9" },
        { op: "remove", path: "/data/absent" },
      ]),
      jsonPatch([{ op: "replace", path: "/metadata/name", value: "b" }]),
      get(`${CONFIG_MAPS}/a`),
    ]),
    scenario(
      "a merge patch replaces lists and drops what is null",
      [
        given(post(CONFIG_MAPS, configMap("a", { k: "1", l: "2" }))),
        mergePatch({ data: { k: null, m: "3" }, metadata: { labels: { x: "y" } } }),
        mergePatch({ data: null }),
        mergePatch({ metadata: { labels: null } }),
        mergePatch({}),
        post(
          SERVICES,
          service("s", {
            ports: [
              { name: "a", port: 1 },
              { name: "b", port: 2 },
            ],
          }),
        ),
        patch(MERGE_PATCH, `${SERVICES}/s`, { spec: { ports: [{ name: "c", port: 3 }] } }),
      ],
      { managers: true },
    ),
    scenario("a merge patch that makes no object is refused", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      mergePatch({ data: { k: 1 } }),
      mergePatch({ data: "text" }),
      mergePatch({ metadata: { name: "b" } }),
      mergePatch({ metadata: { namespace: "b" } }),
      mergePatch({ kind: "Secret" }),
      mergePatch([]),
      mergePatch("{"),
      mergePatch({ metadata: { uid: "other" } }),
    ]),
    scenario("a patch with a stale version is refused", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      mergePatch({ data: { k: "2" } }),
      ask((answers) => ({
        method: "PATCH",
        path: `${CONFIG_MAPS}/a`,
        headers: { "content-type": MERGE_PATCH },
        body: { metadata: { resourceVersion: versionOf(answers, 0) }, data: { k: "3" } },
      })),
      ask((answers) => ({
        method: "PATCH",
        path: `${CONFIG_MAPS}/a`,
        headers: { "content-type": MERGE_PATCH },
        body: { metadata: { resourceVersion: versionOf(answers, 1) }, data: { k: "3" } },
      })),
    ]),
    scenario("a strategic patch merges lists by their keys", [
      given(post(DEPLOYMENTS, environment)),
      podPatch({
        containers: [
          {
            name: "main",
            env: [
              { name: "B", value: "3" },
              { name: "C", value: "4" },
            ],
          },
        ],
      }),
      podPatch({ containers: [{ name: "side", $patch: "delete" }] }),
      podPatch({ containers: [{ name: "new", image: "busybox:1.37" }], $setElementOrder: undefined }),
      podPatch({ containers: [{ name: "main", args: ["z"] }], tolerations: [{ key: "l", operator: "Exists" }] }),
      podPatch({ containers: [{ name: "main", env: null }] }),
    ]),
    scenario("a strategic patch has orders of its own", [
      given(post(DEPLOYMENTS, environment)),
      podPatch({ "$setElementOrder/containers": [{ name: "side" }, { name: "main" }] }),
      podPatch({ containers: [{ $patch: "replace" }, { name: "main", image: "nginx:1.28" }] }),
      strategicPatch({ strategy: { $retainKeys: ["type"], type: "Recreate" } }),
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }, { finalizers: ["example.com/a", "example.com/b"] }))),
      patch(STRATEGIC_PATCH, `${CONFIG_MAPS}/a`, {
        metadata: { "$deleteFromPrimitiveList/finalizers": ["example.com/a"] },
      }),
      patch(STRATEGIC_PATCH, `${CONFIG_MAPS}/a`, { metadata: { finalizers: ["example.com/c"] } }),
      patch(STRATEGIC_PATCH, `${CONFIG_MAPS}/a`, { data: { $patch: "replace", m: "1" } }),
    ]),
    scenario("a strategic patch that cannot be done is refused", [
      given(post(DEPLOYMENTS, environment)),
      podPatch({ containers: [{ image: "no-name" }] }),
      podPatch({ containers: { name: "main" } }),
      podPatch({ containers: [{ name: "main", $patch: "unheard" }] }),
      strategicPatch({ replicas: "three" }),
      patch(STRATEGIC_PATCH, `${DEPLOYMENTS}/d`, "rubbish"),
    ]),
    scenario("a Service's ports are keyed by port, whatever their protocol", [
      post(
        SERVICES,
        service("s", {
          ports: [
            { name: "a", port: 1 },
            { name: "b", port: 2 },
          ],
        }),
      ),
      patch(STRATEGIC_PATCH, `${SERVICES}/s`, {
        spec: {
          ports: [
            { name: "c", port: 2 },
            { name: "d", port: 3 },
          ],
        },
      }),
    ]),
  ],
};
