import { expect, test } from "vitest";
import { type Problem, parseApiVersion, type Ref } from "../../../src/model/index.ts";
import {
  judgeDeclaration,
  judgeLookup,
  judgeManifests,
  judgeRepository,
  mayNotDelete,
  serviceAccountOf,
  serviceAccountProblem,
} from "../../../src/plan/index.ts";
import { application } from "../../sync/applications.ts";
import { rulesOf, SHOP } from "./projects.ts";

const REPO = "https://git.example/shop/web.git";
const OUTSIDE = new Set(["ClusterRole", "Namespace", "CustomResourceDefinition"]);

function declared(spec: object = {}) {
  const { source, destination, ...rest } = { source: {}, destination: { namespace: "shop" }, ...spec };
  return application("web", [], { source: { repo: REPO, ...source }, destination, ...rest });
}

/** "apps/v1 Deployment shop/web" */
function manifest(text: string) {
  const [apiVersion = "", kind = "", place = ""] = text.split(" ");
  const [first = "", second] = place.split("/");
  const names = second === undefined ? { name: first } : { namespace: first, name: second };
  const ref: Ref = { ...parseApiVersion(apiVersion), kind, ...names };
  return { ref, origin: { repo: REPO, revision: "r", file: "web.yaml", line: 3 } };
}

const namespaced = ({ kind }: Ref): boolean => !OUTSIDE.has(kind);

function judged(spec: object, ...texts: string[]): string[] {
  return said(judgeManifests(texts.map(manifest), rulesOf(spec), namespaced).problems);
}

function said(problems: readonly Problem[]): string[] {
  return problems.map(({ code, where, message }) => `${code} ${where}: ${message}`);
}

test("what a project allows is no violation", () => {
  expect(said(judgeDeclaration(declared(), rulesOf()))).toEqual([]);
  expect(judged(SHOP, "apps/v1 Deployment shop/web", "v1 ConfigMap shop-a/web", "batch/v1 Job shop/hook")).toEqual([]);
});

test("a project that says nothing allows nothing", () => {
  expect(said(judgeDeclaration(declared(), rulesOf({})))).toEqual([
    `PL-PROJECT-REPOSITORY spec.source.repo: Project shop, rule repositories: ${REPO} is not among those that it allows (none)`,
    "PL-PROJECT-DESTINATION spec.destination: Project shop, rule destinations: namespace shop of cluster here is not among them",
  ]);
  expect(judged({}, "v1 ConfigMap shop/web")).toEqual([
    "PL-PROJECT-DESTINATION web.yaml:3 ConfigMap shop/web: Project shop, rule destinations: namespace shop of cluster here is not among them",
  ]);
});

test("each violating object is told with the rule, the place and a code; those beside it are not", () => {
  const objects = ["v1 Secret shop/key", "v1 ConfigMap shop/web", "rbac.authorization.k8s.io/v1 ClusterRole web"];
  expect(judged(SHOP, ...objects, "v1 ConfigMap other/web")).toEqual([
    "PL-PROJECT-KIND web.yaml:3 Secret shop/key: Project shop, rule kinds.deny: Secret is denied",
    "PL-PROJECT-KIND web.yaml:3 ClusterRole web: Project shop, rule clusterKinds.allow: ClusterRole.rbac.authorization.k8s.io, which lives outside namespaces, is not among those that it allows (none)",
    "PL-PROJECT-DESTINATION web.yaml:3 ConfigMap other/web: Project shop, rule destinations: namespace other of cluster here is not among them",
  ]);
});

test("what breaks a rule is not looked at, and a set that breaks none is the very same", () => {
  const good = [manifest("v1 ConfigMap shop/web")];
  expect(judgeManifests(good, rulesOf(), namespaced).list).toBe(good);
  const { list } = judgeManifests([...good, manifest("v1 Secret shop/key")], rulesOf(), namespaced);
  expect(list).toMatchObject([{ ref: { name: "web" } }, { problem: { code: "PL-PROJECT-KIND" } }]);
  expect(list[0]).not.toHaveProperty("problem");
});

test("a deny goes before an allow, in namespaces and outside", () => {
  const spec = {
    ...SHOP,
    kinds: { allow: ["*.apps", "ConfigMap"], deny: ["DaemonSet.*"] },
    clusterKinds: { allow: ["*"], deny: ["CustomResourceDefinition.apiextensions.k8s.io"] },
  };
  const definition = "apiextensions.k8s.io/v1 CustomResourceDefinition things.example";
  expect(judged(spec, "apps/v1 Deployment shop/web", "rbac.authorization.k8s.io/v1 ClusterRole web")).toEqual([]);
  expect(
    judged(spec, "apps/v1 DaemonSet shop/web", "v1 Service shop/web", definition).map((one) => one.split(": ")[2]),
  ).toEqual([
    "DaemonSet.apps is denied by DaemonSet.*",
    "Service is not among those that it allows (*.apps, ConfigMap)",
    "CustomResourceDefinition.apiextensions.k8s.io is denied",
  ]);
});

test("who may make namespaces makes those that he may use", () => {
  const spec = { ...SHOP, clusterKinds: { allow: ["Namespace"] } };
  expect(judged(spec, "v1 Namespace shop-new")).toEqual([]);
  expect(judged(spec, "v1 Namespace kube-system")).toEqual([
    "PL-PROJECT-DESTINATION web.yaml:3 Namespace kube-system: Project shop, rule destinations: namespace kube-system of cluster here is not among them",
  ]);
});

test("an object in Plumbline's own namespace breaks a project that allows every namespace", () => {
  const all = { ...SHOP, destinations: [{ namespaces: ["*"] }] };
  expect(judged(all, "v1 ConfigMap plumbline-system/shop.web")).toEqual([
    "PL-PROJECT-DESTINATION web.yaml:3 ConfigMap plumbline-system/shop.web: Project shop, rule destinations: namespace plumbline-system of cluster here is not among them, which is Plumbline's own and is meant by its name alone",
  ]);
});

test("objects outside namespaces go to clusters that some destination names", () => {
  const elsewhere = { ...SHOP, destinations: [{ cluster: "west", namespaces: ["*"] }], clusterKinds: { allow: ["*"] } };
  expect(judged(elsewhere, "rbac.authorization.k8s.io/v1 ClusterRole web")).toEqual([
    "PL-PROJECT-DESTINATION web.yaml:3 ClusterRole web: Project shop, rule destinations: cluster here is not among them",
  ]);
});

test("a kind that nobody knows is judged by the namespace that it names", () => {
  const unknown = { code: "PL-KIND-UNKNOWN", message: "", next: "", retry: "interval" } as const;
  const things = [manifest("e.example/v1 Thing shop/a"), manifest("e.example/v1 Thing b")];
  const { problems } = judgeManifests(things, rulesOf(), () => unknown);
  expect(problems.map(({ where }) => where)).toEqual(["web.yaml:3 Thing b"]);
});

test("of very many violations fifty are told, and how many more there are", () => {
  const texts = Array.from({ length: 80 }, (_, i) => `v1 Secret shop/s${i}`);
  const found = judged(SHOP, ...texts);
  expect(found).toHaveLength(50);
  expect(found.at(-1)).toMatch(/Secret is denied; and 30 more of the kind$/);
});

test("every repository that an application is rendered from is judged, references and charts too", () => {
  const references = [{ name: "values", repo: "https://git.example/other/values" }];
  expect(said(judgeDeclaration(declared({ source: { references } }), rulesOf()))).toEqual([
    "PL-PROJECT-REPOSITORY spec.source.references values: Project shop, rule repositories: https://git.example/other/values is not among those that it allows (https://git.example/shop/*, https://charts.example/stable)",
  ]);
  const chart = (repo: string) => declared({ source: { repo, chart: "redis", ref: "1.x" } });
  expect(judgeDeclaration(chart("https://charts.example/stable"), rulesOf())).toEqual([]);
  expect(said(judgeDeclaration(chart("https://charts.example/edge"), rulesOf()))[0]).toContain(
    "chart redis of https://charts.example/edge",
  );
  expect(judgeRepository({ repo: "https://git.example/shop/base" }, rulesOf())).toBeUndefined();
  expect(judgeRepository({ repo: "https://git.example/other/base" }, rulesOf())?.code).toBe("PL-PROJECT-REPOSITORY");
});

test.each([{ createNamespace: true }, { namespaceMetadata: { labels: { a: "b" } } }])(
  "making or marking the destination's namespace needs the kind Namespace: %j",
  (field) => {
    const wanting = declared({ destination: { namespace: "shop", ...field } });
    expect(said(judgeDeclaration(wanting, rulesOf()))).toEqual([
      `PL-PROJECT-KIND spec.destination: Project shop, rule clusterKinds.allow: Namespace, which lives outside namespaces, is not among those that it allows (none), and ${Object.keys(field)[0]} writes one`,
    ]);
    expect(judgeDeclaration(wanting, rulesOf({ ...SHOP, clusterKinds: { allow: ["Namespace"] } }))).toEqual([]);
  },
);

test("an application with no destination of its own may go to a cluster of the project", () => {
  expect(judgeDeclaration(declared({ destination: {} }), rulesOf())).toEqual([]);
  expect(judgeDeclaration(declared({ destination: {} }), rulesOf(SHOP, { cluster: "x" }))).toEqual([]);
  const west = { ...SHOP, destinations: [{ cluster: "west", namespaces: ["*"] }] };
  expect(judgeDeclaration(declared({ destination: {} }), rulesOf(west))).toMatchObject([
    { code: "PL-PROJECT-DESTINATION" },
  ]);
});

test("service accounts are those of the destination's namespace, or those that the project names", () => {
  const as = (serviceAccount: string, spec: object = {}) =>
    said(judgeDeclaration(declared({ serviceAccount }), rulesOf({ ...SHOP, serviceAccounts: spec })));
  expect(as("deployer")).toEqual([]);
  expect(as("shop/deployer")).toEqual([]);
  expect(as("kube-system/admin")).toEqual([
    "PL-PROJECT-SERVICE-ACCOUNT spec.serviceAccount: Project shop, rule serviceAccounts.allow: kube-system/admin is not among those of the destination's namespace",
  ]);
  expect(as("robots/shop", { allow: ["robots/*"] })).toEqual([]);
  expect(as("deployer", { allow: ["robots/*"] })).toHaveLength(1);
  expect(as("deployer", { allow: [] })).toHaveLength(1);
  // As Plumbline's own account everything may be done.
  const own = "plumbline-system/plumbline";
  expect(as(own, { allow: ["*", "plumbline-*/plumbline"] })).toEqual([
    expect.stringContaining(
      "plumbline-*/plumbline); one of Plumbline's own namespace is meant by its whole name alone",
    ),
  ]);
  expect(as(own, { allow: [own] })).toEqual([]);
});

test("a project that requires a service account says so of an application without one", () => {
  const rules = rulesOf({ ...SHOP, serviceAccounts: { required: true } });
  expect(said(judgeDeclaration(declared(), rules))).toEqual([
    "PL-PROJECT-SERVICE-ACCOUNT spec.serviceAccount: Project shop, rule serviceAccounts.required: the application names none",
  ]);
  expect(judgeDeclaration(declared({ serviceAccount: "deployer" }), rules)).toEqual([]);
});

test("a service account's name alone needs a destination namespace", () => {
  const account = declared({ serviceAccount: "deployer", destination: {} });
  expect(serviceAccountOf(account)).toBeUndefined();
  expect(serviceAccountProblem(account)).toMatchObject({ code: "PL-SERVICE-ACCOUNT", where: "spec.serviceAccount" });
  expect(serviceAccountOf(declared({ serviceAccount: "deployer" }))).toBe("shop/deployer");
  expect(serviceAccountProblem(declared({ serviceAccount: "a/deployer", destination: {} }))).toBeUndefined();
});

test("what may not be had may not be deleted", () => {
  const ref = (text: string): Ref => manifest(text).ref;
  expect(mayNotDelete(ref("v1 ConfigMap shop/web"), rulesOf())).toBeUndefined();
  expect(mayNotDelete(ref("v1 Secret shop/web"), rulesOf())).toBe("Project shop, rule kinds.deny: Secret is denied");
  expect(mayNotDelete(ref("v1 ConfigMap other/web"), rulesOf())).toContain("rule destinations: namespace other");
  expect(mayNotDelete(ref("v1 Namespace shop"), rulesOf())).toContain("rule clusterKinds.allow");
});

test("templates look where the application may write, and at no list beyond that", () => {
  expect(judgeLookup({ group: "", kind: "ConfigMap", namespace: "shop" }, rulesOf())).toBeUndefined();
  expect(judgeLookup({ group: "", kind: "ConfigMap", namespace: "other" }, rulesOf())?.code).toBe(
    "PL-PROJECT-DESTINATION",
  );
  expect(judgeLookup({ group: "", kind: "Secret", namespace: "shop" }, rulesOf())?.code).toBe("PL-PROJECT-KIND");
  expect(judgeLookup({ group: "", kind: "ConfigMap" }, rulesOf())?.code).toBe("PL-PROJECT-KIND");
});
