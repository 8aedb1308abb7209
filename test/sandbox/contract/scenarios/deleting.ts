import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, labelled, PODS, pod, SECRETS, secret } from "../objects.ts";
import {
  apply,
  ask,
  del,
  get,
  given,
  MERGE_PATCH,
  patch,
  post,
  put,
  type Step,
  said,
  scenario,
  type Theme,
  versionOf,
} from "../scenario.ts";

const A = `${CONFIG_MAPS}/a`;
const held = configMap("a", { k: "1" }, { finalizers: ["example.com/hold"] });
const finalizers = (names: readonly string[]): Step => patch(MERGE_PATCH, A, { metadata: { finalizers: names } });
const preconditions = (conditions: object): Step =>
  del(A, { kind: "DeleteOptions", apiVersion: "v1", preconditions: conditions });

export const DELETING: Theme = {
  name: "deleting",
  scenarios: [
    scenario("what is deleted is told: in part or whole, by its kind", [
      given(post(CONFIG_MAPS, configMap("a"))),
      del(A),
      del(A),
      given(post(SECRETS, secret("s", {}))),
      del(`${SECRETS}/s`),
      given(post(DEPLOYMENTS, deployment("d"))),
      del(`${DEPLOYMENTS}/d`, { propagationPolicy: "Background" }),
      given(post(PODS, pod("p"))),
      del(`${PODS}/p`),
      get(`${PODS}/p`),
      post("/api/v1/namespaces/$ns/serviceaccounts", {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "a" },
      }),
      del("/api/v1/namespaces/$ns/serviceaccounts/a"),
    ]),
    scenario("a finalizer holds what is deleted until it is taken off", [
      given(post(CONFIG_MAPS, held)),
      del(A),
      get(A),
      del(A),
      put(A, configMap("a", { k: "2" }, { finalizers: ["example.com/hold"] })),
      finalizers(["example.com/hold", "example.com/more"]),
      post(CONFIG_MAPS, configMap("a")),
      finalizers([]),
      get(A),
      given(post(CONFIG_MAPS, configMap("a"))),
    ]),
    scenario("of two finalizers the last one taken off lets go", [
      given(post(CONFIG_MAPS, configMap("a", {}, { finalizers: ["example.com/one", "example.com/two"] }))),
      del(A),
      finalizers(["example.com/two"]),
      get(A),
      put(A, configMap("a")),
      get(A),
    ]),
    scenario("a deletion is a wish that the object be the one that was seen", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      patch(MERGE_PATCH, A, { data: { k: "2" } }),
      preconditions({ uid: "11111111-2222-3333-4444-555555555555" }),
      ask((answers) => ({
        method: "DELETE",
        path: A,
        body: { preconditions: { resourceVersion: versionOf(answers, 0) } },
      })),
      ask((answers) => ({
        method: "DELETE",
        path: A,
        body: { preconditions: { resourceVersion: versionOf(answers, 1), uid: said(answers, 0, "metadata", "uid") } },
      })),
    ]),
    scenario("options of a deletion that mean nothing are refused", [
      given(post(CONFIG_MAPS, configMap("a"))),
      del(A, { propagationPolicy: "Sideways" }),
      del(A, { propagationPolicy: "Orphan", orphanDependents: true }),
      del(A, "{"),
      del(A, { dryRun: ["Some"] }),
      del(A, { kind: "ConfigMap", apiVersion: "v1" }),
      del(`${A}?dryRun=All`),
      del(A, { dryRun: ["All"] }),
      get(A),
      del(A, { gracePeriodSeconds: 0, propagationPolicy: "Background" }),
    ]),
    scenario("a collection is deleted by its selectors", [
      given(post(CONFIG_MAPS, labelled("a", { tier: "front" }))),
      given(post(CONFIG_MAPS, labelled("b", { tier: "back" }))),
      given(post(CONFIG_MAPS, labelled("c", { tier: "front" }))),
      del(`${CONFIG_MAPS}?labelSelector=tier%3Dfront&dryRun=All`),
      del(`${CONFIG_MAPS}?labelSelector=tier%3Dfront`),
      get(CONFIG_MAPS),
      del(`${CONFIG_MAPS}?fieldSelector=metadata.name%3Dabsent`),
      del(CONFIG_MAPS),
      get(CONFIG_MAPS),
      del(`${CONFIG_MAPS}?labelSelector=a%20b`),
    ]),
    scenario("a collection's held objects stay, marked", [
      given(post(CONFIG_MAPS, held)),
      given(post(CONFIG_MAPS, configMap("b"))),
      del(CONFIG_MAPS),
      get(CONFIG_MAPS),
      finalizers([]),
    ]),
    scenario("a foreground deletion waits for what depends on it, an orphaning one for letting go", [
      given(post(CONFIG_MAPS, configMap("a"))),
      del(`${A}?propagationPolicy=Foreground`),
      given(post(CONFIG_MAPS, configMap("b"))),
      del(`${CONFIG_MAPS}/b`, { propagationPolicy: "Orphan" }),
    ]),
    scenario("what is being deleted is still applied to, but for new finalizers", [
      given(post(CONFIG_MAPS, held)),
      given(del(A)),
      apply(`${A}?force=true`, configMap("a", { k: "2" })),
      apply(A, configMap("a", { k: "2" }, { finalizers: ["example.com/more"] })),
      apply(A, configMap("a", { k: "2" }, { finalizers: ["example.com/hold"] })),
    ]),
    scenario("an apply that drops the last finalizer lets go", [
      given(apply(A, held)),
      given(del(A)),
      apply(A, configMap("a", { k: "1" })),
      get(A),
      apply(A, configMap("a", { k: "1" })),
    ]),
  ],
};
