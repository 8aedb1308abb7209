import { CONFIG_MAPS, DEPLOYMENTS, deployment, labelled, PODS, pod } from "../objects.ts";
import { ask, encoded, get, given, post, type Step, said, scenario, type Theme, versionOf } from "../scenario.ts";

const three: readonly Step[] = [
  given(post(CONFIG_MAPS, labelled("a", { tier: "front", n: "1", only: "$ns" }))),
  given(post(CONFIG_MAPS, labelled("b", { tier: "back", n: "2", only: "$ns" }))),
  given(post(CONFIG_MAPS, labelled("c", { n: "3", only: "$ns" }))),
];

const byLabels = (selector: string): Step => get(`${CONFIG_MAPS}?labelSelector=${encoded(selector)}`);
const byFields = (selector: string): Step => get(`${CONFIG_MAPS}?fieldSelector=${encoded(selector)}`);

export const LISTS: Theme = {
  name: "lists",
  scenarios: [
    scenario("a list is ordered by name, its items without kind", [
      given(post(CONFIG_MAPS, labelled("z", {}))),
      given(post(CONFIG_MAPS, labelled("a", {}))),
      given(post(CONFIG_MAPS, labelled("m-1", {}))),
      given(post(CONFIG_MAPS, labelled("m", {}))),
      get(CONFIG_MAPS),
      get("/apis/apps/v1/namespaces/$ns/deployments"),
    ]),
    scenario("label selectors choose", [
      ...three,
      byLabels("tier=front"),
      byLabels("tier==front"),
      byLabels("tier!=front"),
      byLabels("tier"),
      byLabels("!tier"),
      byLabels("tier in (front, back),n notin (2)"),
      byLabels("n>1"),
      byLabels("n<2"),
      byLabels("tier=,n"),
      byLabels(""),
      get("/api/v1/configmaps?labelSelector=only%3D$ns,tier%3Dfront"),
    ]),
    scenario("label selectors that nobody understands are refused", [
      byLabels("tier=front back"),
      byLabels("a b"),
      byLabels("tier in front"),
      byLabels("=x"),
      byLabels("-x=1"),
      byLabels("x=-1-"),
      byLabels("n>x"),
    ]),
    scenario("field selectors choose by name and namespace, and by what a kind offers", [
      ...three,
      byFields("metadata.name=b"),
      byFields("metadata.name!=b"),
      byFields("metadata.namespace=$ns"),
      byFields("metadata.name=a,metadata.namespace=$ns"),
      byFields("metadata.namespace=other"),
      get("/api/v1/configmaps?fieldSelector=metadata.namespace%3D$ns"),
      given(post(PODS, pod("p"))),
      get(`${PODS}?fieldSelector=status.phase%3DPending`),
      get(`${PODS}?fieldSelector=status.phase%3DRunning`),
      get(`${PODS}?fieldSelector=spec.nodeName%3D`),
      get("/api/v1/namespaces?fieldSelector=metadata.name%3D$ns"),
      get("/api/v1/namespaces?fieldSelector=metadata.name%3D$ns,status.phase%3DActive"),
    ]),
    scenario("field selectors that a kind does not offer are refused", [
      byFields("data.k=v"),
      byFields("metadata.labels=v"),
      byFields("metadata.name"),
      byFields("metadata.name=a=b"),
      get(`${DEPLOYMENTS}?fieldSelector=spec.replicas%3D1`),
    ]),
    scenario("a list comes in pages", [
      ...three,
      get(`${CONFIG_MAPS}?limit=2`),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?limit=2&continue=${encodeURIComponent(said(answers, 3, "metadata", "continue"))}`,
      })),
      get(`${CONFIG_MAPS}?limit=1`),
      get(`${CONFIG_MAPS}?limit=3`),
      get(`${CONFIG_MAPS}?limit=0`),
      get(`${CONFIG_MAPS}?limit=1&labelSelector=tier`),
      get(`${CONFIG_MAPS}?limit=-1`),
    ]),
    scenario("the pages are of one moment, whatever is written meanwhile", [
      ...three,
      get(`${CONFIG_MAPS}?limit=1`),
      given(post(CONFIG_MAPS, labelled("aa", {}))),
      ask({ method: "DELETE", path: `${CONFIG_MAPS}/c` }),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?limit=5&continue=${encodeURIComponent(said(answers, 3, "metadata", "continue"))}`,
      })),
    ]),
    scenario("a token to go on with must be one that was given", [
      get(`${CONFIG_MAPS}?limit=1&continue=rubbish`),
      get(`${CONFIG_MAPS}?limit=1&continue=e30`),
      ...three,
      get(`${CONFIG_MAPS}?limit=1`),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?limit=1&resourceVersion=${versionOf(answers, 2)}&continue=${encodeURIComponent(said(answers, 5, "metadata", "continue"))}`,
      })),
    ]),
    scenario("a list may be wanted as of a version", [
      ...three,
      given(get(CONFIG_MAPS)),
      ask((answers) => ({ method: "GET", path: `${CONFIG_MAPS}?resourceVersion=${versionOf(answers, 1)}` })),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?resourceVersionMatch=NotOlderThan&resourceVersion=${versionOf(answers, 1)}`,
      })),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?resourceVersionMatch=Exact&resourceVersion=${versionOf(answers, 1)}`,
      })),
      get(`${CONFIG_MAPS}?resourceVersionMatch=Exact&resourceVersion=0`),
      get(`${CONFIG_MAPS}?resourceVersionMatch=Exact`),
      get(`${CONFIG_MAPS}?resourceVersionMatch=Nearly&resourceVersion=1`),
      get(`${CONFIG_MAPS}?resourceVersion=words`),
      get(`${CONFIG_MAPS}?resourceVersion=0`),
      get(`${CONFIG_MAPS}/a?resourceVersion=0`),
    ]),
    scenario("objects of every namespace are in one list", [
      given(post(DEPLOYMENTS, deployment("a"))),
      get("/apis/apps/v1/deployments?fieldSelector=metadata.namespace%3D$ns"),
      get("/api/v1/pods?labelSelector=only%3D$ns"),
    ]),
  ],
};
