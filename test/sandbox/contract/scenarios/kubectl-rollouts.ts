import { DEPLOYMENTS, deployment, JOBS, job, NAMESPACES, STATEFUL_SETS, statefulSet } from "../objects.ts";
import { given, kubectl, post, scenario, type Theme, until } from "../scenario.ts";

export const KUBECTL_ROLLOUTS: Theme = {
  name: "kubectl rollouts",
  controllers: true,
  scenarios: [
    scenario("a Deployment rolls out, and kubectl sees it through", [
      given(post(DEPLOYMENTS, deployment("web", { replicas: 2 }))),
      kubectl("rollout status deployment/web --timeout=30s", { pick: lastLine }),
      kubectl("wait deployment/web --for=condition=Available --timeout=30s"),
      kubectl("get deployment web"),
      kubectl("get pods -o custom-columns=PHASE:.status.phase,READY:.status.containerStatuses[*].ready"),
      kubectl("get replicasets"),
      kubectl("set image deployment/web main=nginx:1.28"),
      kubectl("rollout status deployment/web --timeout=30s", { pick: lastLine }),
      kubectl("rollout history deployment/web"),
      kubectl("rollout undo deployment/web"),
      kubectl("rollout status deployment/web --timeout=30s", { pick: lastLine }),
      kubectl("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}"),
      kubectl("rollout restart deployment/web"),
      kubectl("rollout status deployment/web --timeout=30s", { pick: lastLine }),
    ]),
    scenario("kubectl delete waits for the end", [
      given(post(DEPLOYMENTS, deployment("web"))),
      kubectl("rollout status deployment/web --timeout=30s", { pick: lastLine }),
      kubectl("delete deployment web --cascade=foreground --timeout=30s"),
      until(kubectl("get pods"), ({ body }) => JSON.stringify(body).includes("No resources")),
      given(post(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: "gone-$ns" } })),
      kubectl("delete namespace gone-$ns --timeout=60s"),
    ]),
    scenario("a StatefulSet and a Job come to their end", [
      given(post(STATEFUL_SETS, statefulSet("data", { replicas: 2 }))),
      kubectl("rollout status statefulset/data --timeout=30s", { pick: lastLine }),
      kubectl("get statefulset data"),
      kubectl("get pods -o name"),
      given(post(JOBS, job("once"))),
      kubectl("wait job/once --for=condition=Complete --timeout=30s"),
      kubectl(
        'get job once -o custom-columns=STATUS:.status.conditions[?(@.status=="True")].type,DONE:.status.succeeded',
      ),
    ]),
  ],
};

/** What comes before tells how fast the controllers were. */
function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
