import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, NAMESPACES, SERVICES, service } from "../objects.ts";
import {
  apply,
  del,
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
} from "../scenario.ts";

const A = `${CONFIG_MAPS}/a`;

export const DRY_RUN: Theme = {
  name: "dry run",
  scenarios: [
    scenario("a dry run answers as the real one, and stores nothing", [
      post(`${CONFIG_MAPS}?dryRun=All`, configMap("a", { k: "1" })),
      get(A),
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      put(`${A}?dryRun=All`, configMap("a", { k: "2" })),
      patch(MERGE_PATCH, `${A}?dryRun=All`, { data: { k: "3" } }),
      patch(JSON_PATCH, `${A}?dryRun=All`, [{ op: "replace", path: "/data/k", value: "4" }]),
      patch(STRATEGIC_PATCH, `${A}?dryRun=All`, { data: { k: "5" } }),
      apply(`${A}?dryRun=All`, configMap("a", { l: "6" })),
      del(`${A}?dryRun=All`),
      get(A),
    ]),
    scenario("a dry run is refused as the real one is", [
      given(post(CONFIG_MAPS, configMap("a"))),
      post(`${CONFIG_MAPS}?dryRun=All`, configMap("a")),
      post("/api/v1/namespaces/absent-$ns/configmaps?dryRun=All", configMap("a")),
      put(`${A}?dryRun=All`, configMap("a", {}, { resourceVersion: "1" })),
      post(`${DEPLOYMENTS}?dryRun=All`, deployment("d", { replicas: -1 })),
      del(`${CONFIG_MAPS}/absent?dryRun=All`),
      patch(MERGE_PATCH, `${A}?dryRun=None`, {}),
    ]),
    scenario("a dry run of several at once", [
      given(post(CONFIG_MAPS, configMap("a"))),
      del(`${CONFIG_MAPS}?dryRun=All`),
      get(A),
      post(`${NAMESPACES}?dryRun=All`, { apiVersion: "v1", kind: "Namespace", metadata: { name: "dry-$ns" } }),
      get(`${NAMESPACES}/dry-$ns`),
      post(`${SERVICES}?dryRun=All`, service("s")),
      get(`${SERVICES}/s`),
      post(`${CONFIG_MAPS}?dryRun=All`, { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "made-" } }),
    ]),
  ],
};
