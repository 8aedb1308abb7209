import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runPlumb } from "../cli/run-plumb.ts";
import { type GitRepository, startGitServer } from "../git-server/index.ts";
import { ownCluster, type TestCluster } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { Plumbline } from "./plumbline.ts";
import { until } from "./until.ts";

const SYSTEM = "plumbline-system";
const MANIFESTS = join(import.meta.dirname, "../../manifests/deploy");
const SECRET = yaml("v1", "Secret", "key", { stringData: { a: "b" } });

interface Declared {
  readonly name: string;
  readonly repository: GitRepository;
  readonly namespace?: string;
  readonly spec?: object;
}

/** An Application object of team-a in the project shop, out of the folder of its name. */
function application({ name, repository, namespace = "team-a", spec = {} }: Declared): object {
  const source = { repo: repository.url, ref: "main", path: name };
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name, namespace },
    spec: { project: "shop", source, destination: { namespace: "shop" }, sync: { interval: "1h" }, ...spec },
  };
}

function project(repository: GitRepository, more: object = {}): object {
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Project",
    metadata: { name: "shop", namespace: SYSTEM },
    spec: {
      repositories: [repository.url],
      destinations: [{ namespaces: ["shop"] }],
      applicationNamespaces: ["team-a"],
      ...more,
    },
  };
}

class Tenants {
  readonly cluster: TestCluster;
  readonly plumbline: Plumbline;

  constructor(cluster: TestCluster) {
    this.cluster = cluster;
    this.plumbline = new Plumbline({ kubeconfigPath: cluster.kubeconfigPath, applications: "" });
    onTestFinished(() => this.plumbline[Symbol.asyncDispose]());
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const list = { apiVersion: "v1", kind: "List", items: objects };
    const { code, stderr } = await this.cluster.kubectl(["apply", "--server-side", "-f", "-"], JSON.stringify(list));
    expect([code, stderr]).toEqual([0, ""]);
  }

  /** What Plumbline has written, but for what it says of the Application objects themselves. */
  async writes(): Promise<readonly string[]> {
    const events = await this.cluster.auditEvents({
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
    });
    return events
      .filter(
        ({ userAgent, objectRef }) => userAgent?.startsWith("plumbline") && objectRef?.apiGroup !== "plumbline.dev",
      )
      .filter(({ requestURI }) => !requestURI.includes("dryRun="))
      .map(({ verb, objectRef: { resource, namespace, name } = {} }) => `${verb} ${resource} ${namespace}/${name}`);
  }

  async plumb(...args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await runPlumb([...args, "--server", this.plumbline.address], { COLUMNS: "400" });
    return stdout + stderr;
  }

  async synced(name: string): Promise<void> {
    await this.plumbline.status(name, ({ sync }) => sync.status === "Synced");
  }

  /** Resolves when it is held by this rule, whose name is in its problem, and in the status of its object. */
  async held(name: string, rule: string): Promise<void> {
    await this.plumbline.status(name, ({ problems }) => problems[0]?.message.includes(rule) === true);
    const [namespace = "", own = ""] = name.split("/");
    await until(`the object's own word of ${name}`, async () => {
      const path = `/apis/plumbline.dev/v1alpha1/namespaces/${namespace}/applications/${own}`;
      return (await (await fetch(`${this.cluster.server}${path}`)).text()).includes(rule);
    });
  }
}

const namespaceOf = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

test("whatever a Project does not allow is told by the rule, in the object and on the terminal, and nothing of it is written", async () => {
  await using cluster = await ownCluster();
  const git = await startGitServer();
  onTestFinished(() => git.stop());
  const hook = (name: string, namespace: string) =>
    yaml("v1", "ConfigMap", name, {}, { namespace, annotations: { "argocd.argoproj.io/hook": "PreSync" } });
  const repository = await git.createRepository("apps", {
    ...{ "web/a.yaml": configMap("web", { a: "1" }), "web/key.yaml": SECRET, "maker/m.yaml": configMap("maker", {}) },
    ...{ "hooks/h.yaml": hook("hook", "other"), "hooks/beside.yaml": configMap("beside", {}) },
    ...{ "adopts/a.yaml": yaml("v1", "ConfigMap", "theirs", { data: { a: "1" } }, { namespace: "other" }) },
    ...{
      "free/f.yaml": configMap("free", {}),
      "guest/g.yaml": configMap("guest", {}),
      "far/f.yaml": configMap("far", {}),
    },
  });
  const elsewhere = await git.createRepository("elsewhere", { "far/f.yaml": configMap("far", {}) });
  const tenants = new Tenants(cluster);
  const { plumbline } = tenants;
  for (const file of ["crd.yaml", "project-crd.yaml"])
    expect((await cluster.kubectl(["apply", "--server-side", "-f", join(MANIFESTS, file)])).code).toBe(0);
  await tenants.apply(...["shop", "other", "team-a", "team-b", SYSTEM].map(namespaceOf));
  const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs", namespace: "other" } };
  const fleet = { each: { name: "{{ path.name }}" }, source: { repo: elsewhere.url, ref: "main", path: "*" } };
  await tenants.apply(theirs, project(repository), application({ name: "web", repository }));
  await plumbline.start();
  await tenants.synced("team-a/web");
  const first = await repository.head();
  const second = await repository.commit({ "web/key.yaml": null });
  await plumbline.post("/api/v1/applications/team-a/web/sync");
  await plumbline.status("team-a/web", ({ lastSync }) => lastSync?.revision === second);
  expect(await tenants.writes()).toContain("delete secrets shop/key");

  // The rules become tighter, and applications come that break each of them.
  await tenants.apply(project(repository, { kinds: { deny: ["Secret"] } }));
  const before = await tenants.writes();
  await tenants.apply(
    application({ name: "maker", repository, spec: { destination: { namespace: "shop", createNamespace: true } } }),
    application({ name: "hooks", repository }),
    application({ name: "adopts", repository, spec: { sync: { interval: "1h", adopt: "all" } } }),
    application({ name: "far", repository: elsewhere }),
    application({ name: "free", repository, spec: { project: undefined } }),
    application({ name: "guest", repository, namespace: "team-b" }),
    application({ name: "many", repository, spec: fleet }),
  );
  const rules = {
    "team-a/maker": "Project shop, rule clusterKinds.allow: Namespace",
    "team-a/hooks": "Project shop, rule destinations: namespace other of cluster",
    "team-a/adopts": "Project shop, rule destinations: namespace other of cluster",
    "team-a/far": "Project shop, rule repositories: ",
    "team-a/free": "no Project takes Application objects without spec.project from namespace team-a",
    "team-b/guest": "Project shop, rule applicationNamespaces: team-b is not among them",
  };
  await Promise.all(Object.entries(rules).map(([name, rule]) => tenants.held(name, rule)));
  const barred = /many .*elsewhere.git: Project shop, rule repositories: /;
  await until("the fleet's own word", async () => barred.test(await tenants.plumb("get", "fleets")));
  // Back to where it had a Secret.
  expect(await tenants.plumb("rollback", "team-a/web", first, "--reason", "a slip")).not.toContain("PL-API");
  await tenants.held("team-a/web", "Project shop, rule kinds.deny: Secret is denied");
  expect(await tenants.plumb("plan", "team-a/web")).toContain("PL-PROJECT-KIND");
  expect((await tenants.writes()).slice(before.length)).toEqual(["patch configmaps plumbline-system/team-a.web"]);
  expect(git.requests.all.filter(({ repo }) => repo === "elsewhere")).toEqual([]);

  const listed = await tenants.plumb("get", "applications", "-o", "wide");
  expect(listed).toMatch(/^team-a +hooks +Unknown .* shop .* PL-PROJECT-DESTINATION Project shop, rule destinations/m);
  expect(await tenants.plumb("get", "projects")).toMatch(
    /^shop +6 +6 +shop +held: team-a\/adopts, team-a\/far, team-a\/hooks/m,
  );
  expect(JSON.parse(await tenants.plumb("get", "applications", "-o", "json")).items).toContainEqual(
    expect.objectContaining({ name: "web", project: "shop" }),
  );

  // What is allowed again goes on by itself.
  await tenants.apply(
    project(repository, { destinations: [{ namespaces: ["shop", "other"] }], clusterKinds: { allow: ["Namespace"] } }),
  );
  for (const name of ["maker", "hooks", "adopts", "web"]) await tenants.synced(`team-a/${name}`);
});
