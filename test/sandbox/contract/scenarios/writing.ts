import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, SECRETS, SERVICES, secret, service } from "../objects.ts";
import { ask, del, get, post, put, said, scenario, type Theme, versionOf } from "../scenario.ts";

export const WRITING: Theme = {
  name: "writing",
  scenarios: [
    scenario(
      "an object is created, read, updated and deleted",
      [
        post(CONFIG_MAPS, configMap("a", { k: "1" })),
        get(`${CONFIG_MAPS}/a`),
        put(`${CONFIG_MAPS}/a?fieldManager=me`, configMap("a", { k: "2" }, { labels: { x: "y" } })),
        get(`${CONFIG_MAPS}/a`),
        del(`${CONFIG_MAPS}/a`),
        get(`${CONFIG_MAPS}/a`),
      ],
      { managers: true },
    ),
    scenario("a name is generated where only its beginning is given", [
      post(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "made-" } }),
      post(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "made-" } }),
      ask((answers) => ({ method: "GET", path: `${CONFIG_MAPS}/${said(answers, 0, "metadata", "name")}` })),
      post(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "given", generateName: "made-" } }),
    ]),
    scenario("the fields of the server are its own: what a client writes there is passed over", [
      post(
        CONFIG_MAPS,
        configMap("a", {}, { uid: "u", creationTimestamp: "2001-01-01T00:00:00Z", generation: 7, selfLink: "/x" }),
      ),
      post(CONFIG_MAPS, configMap("b", {}, { resourceVersion: "5" })),
    ]),
    scenario("kind and apiVersion may be left out of what is created", [
      post(CONFIG_MAPS, { metadata: { name: "a" }, data: { k: "v" } }),
    ]),
    scenario("an update without a version wins, one with a stale version is refused", [
      post(CONFIG_MAPS, configMap("a", { k: "1" })),
      put(`${CONFIG_MAPS}/a`, configMap("a", { k: "2" })),
      ask((answers) => ({
        method: "PUT",
        path: `${CONFIG_MAPS}/a`,
        body: configMap("a", { k: "3" }, { resourceVersion: versionOf(answers, 0) }),
      })),
      ask((answers) => ({
        method: "PUT",
        path: `${CONFIG_MAPS}/a`,
        body: configMap("a", { k: "3" }, { resourceVersion: versionOf(answers, 1) }),
      })),
      put(`${CONFIG_MAPS}/a`, configMap("a", { k: "4" }, { resourceVersion: "0" })),
      put(`${CONFIG_MAPS}/a`, configMap("a", { k: "4" }, { resourceVersion: "words" })),
    ]),
    scenario("an update that changes nothing is no new version", [
      post(CONFIG_MAPS, configMap("a", { k: "1" })),
      put(`${CONFIG_MAPS}/a`, configMap("a", { k: "1" })),
      get(`${CONFIG_MAPS}/a`),
    ]),
    scenario("an update with another uid is refused", [
      post(CONFIG_MAPS, configMap("a")),
      put(`${CONFIG_MAPS}/a`, configMap("a", {}, { uid: "11111111-2222-3333-4444-555555555555" })),
    ]),
    scenario("an update of what is absent is refused, or creates it where the kind allows that", [
      put(`${CONFIG_MAPS}/absent`, configMap("absent")),
      put(`${DEPLOYMENTS}/absent`, deployment("absent")),
      put("/apis/coordination.k8s.io/v1/namespaces/$ns/leases/absent", {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: "absent" },
        spec: {},
      }),
    ]),
    scenario("a Secret's stringData becomes data", [
      post(SECRETS, secret("a", { stringData: { user: "me" }, data: { pass: "c2VjcmV0", user: "eW91" } })),
      put(`${SECRETS}/a`, secret("a", { stringData: { user: "us" } })),
      get(`${SECRETS}/a`),
    ]),
    scenario("a Service keeps its address, and gives it up with its type", [
      post(SERVICES, service("a")),
      put(`${SERVICES}/a`, service("a", { ports: [{ port: 81 }] })),
      post(
        SERVICES,
        service("n", {
          type: "NodePort",
          ports: [
            { port: 80, name: "http" },
            { port: 81, name: "more" },
          ],
        }),
      ),
      put(`${SERVICES}/n`, service("n", { type: "NodePort", ports: [{ port: 80, name: "http" }] })),
      post(SERVICES, service("h", { clusterIP: "None" })),
      post(SERVICES, { ...service("e"), spec: { type: "ExternalName", externalName: "example.com" } }),
      post(SERVICES, service("l", { type: "LoadBalancer" })),
    ]),
    scenario("the generation counts changes of the wish, not of labels or status", [
      post(DEPLOYMENTS, deployment("a")),
      put(`${DEPLOYMENTS}/a`, { ...deployment("a"), metadata: { name: "a", labels: { x: "y" } } }),
      put(`${DEPLOYMENTS}/a`, deployment("a", { replicas: 3 })),
      put(`${DEPLOYMENTS}/a`, { ...deployment("a", { replicas: 3 }), status: { replicas: 9 } }),
    ]),
    scenario("YAML is taken as JSON is, and answered in YAML where that is asked for", [
      post(CONFIG_MAPS, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: v\n", {
        headers: { "content-type": "application/yaml" },
      }),
      get(`${CONFIG_MAPS}/absent`, { headers: { accept: "application/yaml" } }),
    ]),
    scenario("an immutable ConfigMap stays as it is", [
      post(CONFIG_MAPS, { ...configMap("a", { k: "v" }), immutable: true }),
      put(`${CONFIG_MAPS}/a`, { ...configMap("a", { k: "w" }), immutable: true }),
      put(`${CONFIG_MAPS}/a`, configMap("a", { k: "v" })),
    ]),
  ],
};
