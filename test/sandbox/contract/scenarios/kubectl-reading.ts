import {
  CONFIG_MAPS,
  configMap,
  DEPLOYMENTS,
  deployment,
  NAMESPACES,
  PODS,
  pod,
  SECRETS,
  SERVICES,
  secret,
  service,
} from "../objects.ts";
import { get, given, kubectl, post, type Step, scenario, type Theme } from "../scenario.ts";

const several: readonly Step[] = [
  given(post(DEPLOYMENTS, deployment("web", { replicas: 2 }))),
  given(post(SERVICES, service("web"))),
  given(post(CONFIG_MAPS, configMap("settings", { colour: "red" }, { labels: { app: "web" } }))),
  given(post(SECRETS, secret("key", { stringData: { password: "secret" } }))),
  given(post(PODS, pod("alone", {}, { labels: { app: "alone" }, annotations: { note: "by itself" } }))),
];

/** The descriptions are the real server's; the sandbox has fields and types only. */
const withoutDescription = (text: string): string =>
  text.replace(/^DESCRIPTION:[\s\S]*?(?=^FIELDS?:|$(?![\s\S]))/gm, "");
const explain = (what: string): Step => kubectl(`explain ${what}`, { pick: withoutDescription });
/** The age of an event is another one each day. */
const withoutAge = (text: string): string => text.replace(/^\d+[smhdy]\w*/gm, "AGE");
/** Of `FIELD: replicas <integer>` and the like, one a line. */
const fieldsOnly = (text: string): string =>
  text
    .split("\n")
    .filter((line) => /^(GROUP|KIND|VERSION|FIELDS?)\b|^ {2}\S+\t/.test(line))
    .join("\n");

export const KUBECTL_READING: Theme = {
  name: "kubectl reading",
  scenarios: [
    scenario("kubectl get shows what there is", [
      ...several,
      kubectl("get configmaps,secrets,services,deployments,pods"),
      kubectl("get all"),
      kubectl("get deploy,svc -o wide"),
      kubectl("get pods -o wide"),
      kubectl("get configmap settings -o yaml"),
      kubectl("get deployment web -o json"),
      kubectl("get pods -l app=alone --show-labels"),
      kubectl("get configmaps --field-selector metadata.name=settings -o name"),
      kubectl("get deployment web -o jsonpath={.spec.replicas}"),
      kubectl("get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image"),
      kubectl("get secret key -o go-template={{.data.password}}"),
      kubectl("get namespace $ns"),
      kubectl("get statefulsets"),
      kubectl("get configmaps --chunk-size=1 --sort-by=.metadata.name --no-headers"),
      kubectl("get --raw /api/v1/namespaces/$ns/configmaps/absent"),
    ]),
    scenario("kubectl get says what there is not", [
      kubectl("get configmap absent"),
      kubectl("get unheard"),
      kubectl("get deployments.v9.apps"),
      kubectl("get configmap absent --ignore-not-found"),
      kubectl("get pods -l a%b"),
      kubectl("get pods --field-selector spec.unheard=1"),
    ]),
    scenario("kubectl describe tells of a Deployment, a Pod, a Service, a namespace", [
      ...several,
      kubectl("describe deployment web"),
      kubectl("describe pod alone"),
      kubectl("describe service web"),
      kubectl("describe namespace $ns"),
      kubectl("describe configmap settings"),
      kubectl("describe secret key"),
      kubectl("describe deployment absent"),
    ]),
    scenario("kubectl describe shows the events of an object", [
      given(post(CONFIG_MAPS, configMap("a"))),
      given(post(PODS, pod("p"))),
      given(
        post("/api/v1/namespaces/$ns/events", {
          apiVersion: "v1",
          kind: "Event",
          metadata: { name: "e" },
          involvedObject: { kind: "Pod", name: "p", namespace: "$ns", apiVersion: "v1" },
          reason: "Seen",
          message: "somebody saw it",
          type: "Normal",
          source: { component: "eyes" },
          firstTimestamp: "2026-01-01T00:00:00Z",
          lastTimestamp: "2026-01-01T00:00:00Z",
          count: 1,
        }),
      ),
      get("/api/v1/namespaces/$ns/events?fieldSelector=involvedObject.name%3Dp,involvedObject.kind%3DPod"),
      get("/api/v1/namespaces/$ns/events?fieldSelector=involvedObject.name%3Dother"),
      kubectl("get events -o custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message"),
      kubectl("events --for pod/p --no-headers", { pick: withoutAge }),
    ]),
    scenario("kubectl api-resources lists the kinds", [
      kubectl("api-resources --api-group=apps"),
      kubectl("api-resources --api-group=batch -o wide"),
      kubectl("api-resources --api-group=rbac.authorization.k8s.io --namespaced=true -o name"),
      kubectl("api-resources --api-group=absent"),
    ]),
    scenario("kubectl explain shows fields and types", [
      explain("configmap --recursive"),
      explain("deployment.spec --recursive"),
      explain("service.spec.ports --recursive"),
      kubectl("explain deployment", { pick: fieldsOnly }),
      kubectl("explain pod.spec.containers", { pick: fieldsOnly }),
      kubectl("explain deployment.spec.replicas", { pick: fieldsOnly }),
      explain("deployment.spec.unheard"),
      explain("unheard"),
    ]),
    scenario("kubectl get --watch prints what changes", [
      given(post(CONFIG_MAPS, configMap("a"))),
      kubectl("get configmaps --watch --request-timeout=2s"),
      kubectl("get configmap a --watch-only --output-watch-events --request-timeout=2s"),
    ]),
    scenario("kubectl auth can-i asks what one may", [
      kubectl("auth can-i create deployments"),
      kubectl("auth can-i * *"),
    ]),
    scenario("kubectl reads across namespaces", [
      given(
        post(NAMESPACES, {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "more-$ns", labels: { only: "$ns" } },
        }),
      ),
      given(post("/api/v1/namespaces/more-$ns/configmaps", configMap("b", {}, { labels: { only: "$ns" } }))),
      given(post(CONFIG_MAPS, configMap("a", {}, { labels: { only: "$ns" } }))),
      kubectl("get configmaps -A -l only=$ns"),
      kubectl("get namespaces -l only=$ns"),
    ]),
  ],
};
