import {
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  JOBS,
  job,
  NAMESPACES,
  PODS,
  pod,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
  secret,
  service,
  statefulSet,
} from "../objects.ts";
import { get, given, post, type Step, scenario, type Theme } from "../scenario.ts";

const AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const table = (path: string): Step => get(path, { headers: { accept: AS_TABLE } });
const metadataOf = (path: string, as: string): Step =>
  get(path, { headers: { accept: `application/json;as=${as};v=v1;g=meta.k8s.io` } });

export const TABLES: Theme = {
  name: "tables",
  scenarios: [
    scenario("a list is a Table for those who ask, as much of each object in it as they say", [
      given(post(CONFIG_MAPS, configMap("a", { k: "v", l: "w" }))),
      given(post(CONFIG_MAPS, configMap("b"))),
      table(CONFIG_MAPS),
      table(`${CONFIG_MAPS}/a`),
      table(`${CONFIG_MAPS}?includeObject=None`),
      table(`${CONFIG_MAPS}?includeObject=Object`),
      table(`${CONFIG_MAPS}?includeObject=Half`),
      table(`${CONFIG_MAPS}?limit=1`),
      table(`${CONFIG_MAPS}/absent`),
      get(CONFIG_MAPS, {
        headers: { accept: `${AS_TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json` },
      }),
      get(CONFIG_MAPS, { headers: { accept: "application/json;as=Unheard;v=v1;g=meta.k8s.io" } }),
      get(CONFIG_MAPS, { headers: { accept: "application/json;as=Table;v=v9;g=meta.k8s.io,application/json" } }),
    ]),
    scenario("a list is metadata only for those who ask", [
      given(post(CONFIG_MAPS, configMap("a", { k: "v" }, { labels: { x: "y" } }))),
      metadataOf(CONFIG_MAPS, "PartialObjectMetadataList"),
      metadataOf(`${CONFIG_MAPS}/a`, "PartialObjectMetadata"),
      metadataOf(CONFIG_MAPS, "PartialObjectMetadata"),
    ]),
    scenario("workloads have columns of their own", [
      given(post(DEPLOYMENTS, deployment("d", { replicas: 2 }))),
      given(post(STATEFUL_SETS, statefulSet("s"))),
      given(post(JOBS, job("j", { completions: 3, suspend: true }))),
      given(post(PODS, pod("p"))),
      table(DEPLOYMENTS),
      table(STATEFUL_SETS),
      table(JOBS),
      table(PODS),
      table("/apis/apps/v1/namespaces/$ns/daemonsets"),
      table("/apis/apps/v1/namespaces/$ns/replicasets"),
      table("/apis/batch/v1/namespaces/$ns/cronjobs"),
    ]),
    scenario("the other kinds have columns of their own", [
      given(post(SERVICES, service("s"))),
      given(post(SERVICES, service("n", { type: "NodePort" }))),
      given(post(SECRETS, secret("s", { stringData: { k: "v" } }))),
      table(SERVICES),
      table(SECRETS),
      table("/api/v1/namespaces/$ns/serviceaccounts"),
      table(`${NAMESPACES}/$ns`),
      table("/api/v1/namespaces/$ns/persistentvolumeclaims"),
      table("/apis/networking.k8s.io/v1/namespaces/$ns/ingresses"),
      table("/apis/networking.k8s.io/v1/namespaces/$ns/networkpolicies"),
      table("/apis/policy/v1/namespaces/$ns/poddisruptionbudgets"),
      table("/apis/autoscaling/v2/namespaces/$ns/horizontalpodautoscalers"),
      table("/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/roles"),
      table("/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/rolebindings"),
      table("/api/v1/namespaces/$ns/events"),
      table("/api/v1/namespaces/$ns/resourcequotas"),
    ]),
  ],
};
