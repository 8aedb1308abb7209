import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { beforeAll, expect, test } from "vitest";
import { valueAt } from "../../src/kit/json-pointer.ts";
import type { KubeObject } from "../../src/model/index.ts";
import { manifestsOf } from "./manifest-files.ts";

const FOLDER = join(import.meta.dirname, "../../manifests/deploy");
let objects: readonly KubeObject[];
/** The pod template and its one container. */
let pod: KubeObject;

beforeAll(async () => {
  const manifests = await manifestsOf("deploy");
  objects = manifests.map(({ object }) => object).filter(({ kind }) => kind !== "Kustomization");
  pod = only("Deployment");
});

function only(kind: string): KubeObject {
  const [found, ...more] = objects.filter((object) => object.kind === kind);
  if (found === undefined || more.length > 0) throw new Error(`not exactly one ${kind}`);
  return found;
}

const at = (object: KubeObject, ...tokens: string[]): unknown => valueAt(object, tokens);
const inPod = (...tokens: string[]): unknown => at(pod, "spec", "template", "spec", ...tokens);
const inContainer = (...tokens: string[]): unknown => inPod("containers", "0", ...tokens);

test("the process is nobody special and can change nothing of its image", () => {
  expect(inPod("securityContext")).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect(inContainer("securityContext")).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
});

test("the namespace holds every pod in it to the restricted standard", () => {
  expect(only("Namespace").metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
});

test("the pod is asked whether it lives and whether it is ready, and cannot eat the node", () => {
  expect(inContainer("livenessProbe", "httpGet", "path")).toBe("/livez");
  expect(inContainer("readinessProbe", "httpGet", "path")).toBe("/readyz");
  expect(inContainer("resources")).toMatchObject({ requests: { cpu: "100m" }, limits: { memory: "512Mi" } });
});

test("it listens beyond loopback with a tokens file only, and writes to a folder that may vanish", () => {
  expect(inContainer("args")).toEqual(
    expect.arrayContaining(["--listen=0.0.0.0:8080", "--tokens=/etc/plumbline/tokens/tokens.yaml", "--data-dir=/data"]),
  );
  expect(inPod("volumes", "0")).toMatchObject({ name: "data", emptyDir: {} });
});

test("there is never a second process beside the first", () => {
  expect(at(pod, "spec", "replicas")).toBe(1);
  expect(at(pod, "spec", "strategy", "type")).toBe("Recreate");
});

test("Service and NetworkPolicy mean the pod of the Deployment, by the port it has", () => {
  const labels = at(pod, "spec", "template", "metadata", "labels");
  expect(at(only("Service"), "spec", "selector")).toEqual(labels);
  expect(at(only("NetworkPolicy"), "spec", "podSelector", "matchLabels")).toEqual(labels);
  expect(inContainer("ports")).toEqual([{ name: "http", containerPort: 8080 }]);
  expect(at(only("Service"), "spec", "ports", "0", "targetPort")).toBe("http");
  expect(at(only("NetworkPolicy"), "spec", "ingress", "0", "ports", "0", "port")).toBe(8080);
});

test("no role lets Plumbline give away more than it has, or be somebody else", () => {
  const roles = objects.filter(({ kind }) => kind === "ClusterRole" || kind === "Role");
  const verbs = JSON.stringify(roles.map((role) => role["rules"]));
  expect(verbs).not.toMatch(/"(escalate|bind|impersonate|update|deletecollection)"|"verbs":\["\*"\]/);
});

test("every binding binds the one service account", () => {
  const bindings = objects.filter(({ kind }) => kind.endsWith("RoleBinding"));
  expect(bindings).toHaveLength(3);
  for (const binding of bindings) {
    expect(binding["subjects"]).toEqual([{ kind: "ServiceAccount", name: "plumbline", namespace: "plumbline-system" }]);
  }
});

test("the kustomization lists every file, the namespace and the definition first", () => {
  const { resources } = Object(load(readFileSync(join(FOLDER, "kustomization.yaml"), "utf8")));
  expect(resources.slice(0, 2)).toEqual(["namespace.yaml", "crd.yaml"]);
  expect(resources.toSorted()).toEqual([
    "crd.yaml",
    "deployment.yaml",
    "namespace.yaml",
    "network-policy.yaml",
    "project-crd.yaml",
    "rbac.yaml",
    "service.yaml",
  ]);
});

test("the image runs plumb with the environment and the options of Node that its own first line has", () => {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, "../..", ...path), "utf8");
  const [line = ""] = read("src/cli/main.ts").split("\n", 1);
  const dockerfile = read("manifests/deploy/Dockerfile");
  const options = line.match(/ --\S+/g)?.map((one) => one.trim()) ?? [];
  expect(options).not.toEqual([]);
  const entry = ["node", ...options, "/app/dist/program/main.js"].map((one) => JSON.stringify(one)).join(", ");
  expect(dockerfile).toContain(`ENTRYPOINT [${entry}]`);
  const environment = line.match(/\b[A-Z_]+=\S+/g) ?? [];
  expect(environment).not.toEqual([]);
  for (const one of environment) expect(dockerfile).toContain(`\nENV ${one}\n`);
});
