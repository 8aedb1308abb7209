import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, SERVICES, service } from "../objects.ts";
import {
  type Answer,
  APPLY_PATCH,
  apply,
  ask,
  type Call,
  get,
  given,
  JSON_PATCH,
  MERGE_PATCH,
  patch,
  post,
  put,
  STRATEGIC_PATCH,
  type Step,
  said,
  scenario,
  type Theme,
} from "../scenario.ts";

const D = `${DEPLOYMENTS}/d`;
const ROLE_BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/$ns/rolebindings";
const MANAGED = { managers: true };

type Fields = Readonly<Record<string, unknown>>;

const by = (manager: string, body: unknown, more = ""): Step => apply(`${D}?fieldManager=${manager}${more}`, body);
const withPod = (spec: Fields, more: Fields = {}): Fields =>
  deployment("d", { template: { metadata: { labels: { app: "d" } }, spec }, ...more });
const partly = (spec: Fields): Fields => ({ apiVersion: "apps/v1", kind: "Deployment", spec: { template: { spec } } });
const main = (more: Fields = {}): Fields => ({ name: "main", image: "nginx:1.27", ...more });
const side: Fields = { name: "side", image: "busybox:1.37" };
const subject = (name: string): Fields => ({ kind: "ServiceAccount", name, namespace: "$ns" });
const binding = (subjects: readonly Fields[]): Fields => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "b" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
  subjects,
});

export const APPLY_STRUCTURE: Theme = {
  name: "apply structure",
  scenarios: [
    scenario(
      "another order of a keyed list is a change",
      [
        by("one", withPod({ containers: [main(), side] })),
        by("one", withPod({ containers: [side, main()] })),
        given(
          patch(JSON_PATCH, `${D}?fieldManager=hand`, [
            { op: "move", from: "/spec/template/spec/containers/1", path: "/spec/template/spec/containers/0" },
          ]),
        ),
        by("one", withPod({ containers: [side, main()] })),
      ],
      MANAGED,
    ),
    scenario(
      "a container that goes takes along what an edit owns in it",
      [
        given(by("one", withPod({ containers: [main(), side] }))),
        patch(
          STRATEGIC_PATCH,
          `${D}?fieldManager=hand`,
          partly({ containers: [{ name: "side", env: [{ name: "A", value: "1" }] }] }),
        ),
        by("one", withPod({ containers: [main()] })),
      ],
      MANAGED,
    ),
    scenario("a container that goes stays where another applies it, with what is left of it", [
      given(by("one", withPod({ containers: [main(), side] }))),
      given(by("two", partly({ containers: [{ name: "side", env: [{ name: "A", value: "1" }] }] }))),
      by("one", withPod({ containers: [main()] })),
    ]),
    scenario(
      "a list that goes leaves the entries of others",
      [
        given(by("one", withPod({ containers: [main({ env: [{ name: "A", value: "1" }] })] }))),
        by("two", partly({ containers: [{ name: "main", env: [{ name: "B", value: "2" }] }] })),
        by("one", withPod({ containers: [main()] })),
      ],
      MANAGED,
    ),
    scenario(
      "equal quantities that are written otherwise are a conflict",
      [
        given(by("one", withPod({ containers: [main({ resources: { limits: { cpu: "1" } } })] }))),
        by("two", partly({ containers: [{ name: "main", resources: { limits: { cpu: "1000m" } } }] })),
        by("two", partly({ containers: [{ name: "main", resources: { limits: { cpu: "1" } } }] })),
        by(
          "one",
          withPod({ containers: [main({ resources: { limits: { cpu: "1000m", memory: "1024Mi" } } })] }),
          "&force=true",
        ),
      ],
      MANAGED,
    ),
    scenario("a default is in the way of another member of its union", [
      given(by("one", withPod({ containers: [main()], volumes: [{ name: "v" }] }))),
      by("one", withPod({ containers: [main()], volumes: [{ name: "v" }] }, { strategy: { type: "Recreate" } })),
      by("one", withPod({ containers: [main()], volumes: [{ name: "v", configMap: { name: "c" } }] })),
    ]),
    scenario(
      "an atomic list is owned whole",
      [
        given(apply(`${ROLE_BINDINGS}/b?fieldManager=one`, binding([subject("x"), subject("y")]))),
        apply(`${ROLE_BINDINGS}/b?fieldManager=two`, binding([subject("x")])),
        apply(`${ROLE_BINDINGS}/b?fieldManager=two&force=true`, binding([subject("z")])),
        apply(`${ROLE_BINDINGS}/b?fieldManager=two`, binding([subject("z")])),
      ],
      MANAGED,
    ),
    scenario(
      "an atomic map is owned whole",
      [
        given(by("one", withPod({ containers: [main()], nodeSelector: { a: "1" } }))),
        by("two", partly({ nodeSelector: { a: "1", b: "2" } })),
        by("two", partly({ nodeSelector: { a: "1", b: "2" } }), "&force=true"),
      ],
      MANAGED,
    ),
    scenario(
      "the entries of a set are owned one by one",
      [
        given(finalized("one", ["example.com/x", "example.com/y"])),
        finalized("two", ["example.com/y", "example.com/z"]),
        finalized("one", ["example.com/x"]),
        finalized("one", ["example.com/x", "example.com/x"]),
      ],
      MANAGED,
    ),
    scenario(
      "an empty map is owned as it is, and is a conflict where another has it",
      [
        given(apply(`${CONFIG_MAPS}/a?fieldManager=one`, configMap("a"))),
        apply(`${CONFIG_MAPS}/a?fieldManager=two`, configMap("a")),
      ],
      MANAGED,
    ),
    scenario(
      "a Service's ports are keyed by port and protocol, which has a default",
      [
        apply(
          `${SERVICES}/s?fieldManager=one`,
          service("s", {
            ports: [
              { name: "a", port: 80 },
              { name: "b", port: 81, protocol: "UDP" },
            ],
          }),
        ),
        apply(`${SERVICES}/s?fieldManager=two`, {
          apiVersion: "v1",
          kind: "Service",
          spec: {
            ports: [
              { name: "c", port: 82, protocol: "TCP" },
              { name: "a", port: 80, protocol: "TCP", targetPort: 80 },
            ],
          },
        }),
        apply(`${SERVICES}/s?fieldManager=one`, service("s", { ports: [{ name: "b", port: 81, protocol: "UDP" }] })),
      ],
      MANAGED,
    ),
    scenario(
      "one name that updates and applies is two managers",
      [
        given(post(`${CONFIG_MAPS}?fieldManager=one`, configMap("a", { k: "1" }))),
        apply(`${CONFIG_MAPS}/a?fieldManager=one`, configMap("a", { k: "2" })),
        apply(`${CONFIG_MAPS}/a?fieldManager=one&force=true`, configMap("a", { k: "2" })),
        put(`${CONFIG_MAPS}/a?fieldManager=one`, configMap("a", { k: "3" })),
        get(`${CONFIG_MAPS}/a`),
      ],
      MANAGED,
    ),
    scenario(
      "owner references are keyed by uid",
      [
        post(CONFIG_MAPS, configMap("x")),
        post(CONFIG_MAPS, configMap("y")),
        ask((answers) => owned(answers, APPLY_PATCH, ["x"])),
        ask((answers) => owned(answers, MERGE_PATCH, ["x", "y"])),
        apply(`${CONFIG_MAPS}/a`, configMap("a")),
      ],
      MANAGED,
    ),
    scenario(
      "a change of nothing but managers moves no generation",
      [
        given(by("one", withPod({ containers: [main()] }, { replicas: 2 }))),
        by("two", { apiVersion: "apps/v1", kind: "Deployment", spec: { replicas: 2 } }),
        by("one", withPod({ containers: [main()] })),
        by("two", { apiVersion: "apps/v1", kind: "Deployment" }),
      ],
      MANAGED,
    ),
    scenario("numbers are taken for quantities, and quantities not for numbers", [
      by("one", withPod({ containers: [main({ resources: { limits: { cpu: 0.5, memory: 1024 } } })] })),
      by("one", withPod({ containers: [main({ livenessProbe: { httpGet: { port: "8080" } } })] })),
      by("one", withPod({ containers: [main()] }, { strategy: { rollingUpdate: { maxSurge: "1" } } })),
    ]),
  ],
};

function finalized(manager: string, finalizers: readonly string[]): Step {
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", finalizers } };
  return apply(`${CONFIG_MAPS}/a?fieldManager=${manager}`, body);
}

/** Owners must be there, else what they own is garbage. */
function owned(answers: readonly Answer[], type: string, names: readonly string[]): Call {
  const uids: Readonly<Record<string, string>> = {
    x: said(answers, 0, "metadata", "uid"),
    y: said(answers, 1, "metadata", "uid"),
  };
  const ownerReferences = names.map((name) => ({ apiVersion: "v1", kind: "ConfigMap", name, uid: uids[name] }));
  const manager = type === APPLY_PATCH ? "applier" : "hand";
  const path = `${CONFIG_MAPS}/a?fieldManager=${manager}`;
  return { method: "PATCH", path, headers: { "content-type": type }, body: configMap("a", {}, { ownerReferences }) };
}
