import { expect, test } from "vitest";
import { runPlumb } from "../cli/run-plumb.ts";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";
import { configMap, deployment, yaml } from "./manifests.ts";
import { World } from "./world.ts";

const RBAC = "rbac.authorization.k8s.io";
/** The server fills in the subject's group, inside a list that is one value. */
const BINDING = yaml(`${RBAC}/v1`, "RoleBinding", "team", {
  roleRef: { apiGroup: RBAC, kind: "Role", name: "team" },
  subjects: [{ kind: "User", name: "ada" }],
});
const FILES = {
  "web/deploy.yaml": deployment("web"),
  "web/binding.yaml": BINDING,
  "web/config.yaml": configMap("settings", { a: "1" }),
};
const rules = [{ http: { paths: [{ path: "/", pathType: "Prefix", backend: backend() }] } }];
const INGRESS = yaml("networking.k8s.io/v1", "Ingress", "front", { spec: { rules } });

function backend() {
  return { service: { name: "web", port: { number: 80 } } };
}

/** User plumbline may read these groups everywhere, and do nothing else. */
async function mayRead(plane: ControlPlane, apiGroups: readonly string[]): Promise<void> {
  const metadata = { name: "observer" };
  const items = [
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRole",
      metadata,
      rules: [{ apiGroups, resources: ["*"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata,
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: "observer" },
      subjects: [{ kind: "User", apiGroup: RBAC, name: "plumbline" }],
    },
  ];
  await plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}

/** Applied by a Plumbline that may, then ended; from here on it only observes, as user plumbline. */
async function observed(plane: ControlPlane, apiGroups: readonly string[]): Promise<World> {
  const world = await World.synced({ files: FILES, cluster: plane });
  await world.plumbline.kill();
  await mayRead(plane, apiGroups);
  const document = JSON.parse(world.applicationDocument({}));
  document.spec.sync.observe = true;
  world.plumbline.setApplications(JSON.stringify(document));
  world.plumbline.useKubeconfig(plane.userKubeconfig("plumbline"));
  return world;
}

/** What user plumbline asked for beside reading. */
async function writesOf(plane: ControlPlane) {
  const events = await plane.auditEvents({ user: "plumbline" });
  return events
    .filter(({ verb }) => !["get", "list", "watch"].includes(verb))
    .map(({ verb, requestURI, objectRef, responseStatus }) => ({
      verb,
      resource: objectRef?.resource,
      dry: new URL(requestURI, "http://server").searchParams.get("dryRun"),
      code: responseStatus?.code,
    }));
}

describeCluster("observe mode without any right to write", () => {
  test("reports by ownership and value, says where it could not confirm, and asks for one dry run a kind", async () => {
    await using plane = await startControlPlane({ auditLog: true });
    await using world = await observed(plane, ["", "apps", RBAC]);
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    await world.kubectl("create", "configmap", "by-hand", "--from-literal=colour=red");
    await world.kubectl("create", "rolebinding", "old", "--role=team", "--user=ada");
    await world.commit({
      "web/by-hand.yaml": configMap("by-hand", { colour: "blue" }),
      "web/front.yaml": INGRESS,
      "web/new.yaml": configMap("new", { a: "1" }),
      "web/old.yaml": BINDING.replaceAll('"name": "team"', '"name": "old"').replace(
        '"kind": "Role",\n    "name": "old"',
        '"kind": "Role",\n    "name": "team"',
      ),
    });
    await world.plumbline.start();
    const { resources, sync, warnings } = await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= 3, 90);
    const seen = Object.fromEntries(resources.map((one) => [one.ref.name, one]));
    const verdicts = Object.entries(seen).map(([name, { sync: status, changes }]) => [
      name,
      status,
      changes.map(({ path }) => path),
    ]);
    expect(Object.fromEntries(verdicts.map(([name, ...rest]) => [name, rest]))).toMatchObject({
      web: ["Drifted", ["/spec/replicas"]],
      settings: ["Synced", []],
      team: ["Synced", []],
      new: ["Pending", [""]],
      front: ["Unknown", []],
    });
    expect(seen["by-hand"]).toMatchObject({ sync: "Pending" });
    expect(seen["by-hand"]?.changes).toContainEqual(
      expect.objectContaining({ path: "/data/colour", desired: "blue", live: "red" }),
    );
    expect(seen["front"]?.problem).toMatchObject({ code: "PL-KUBE-FORBIDDEN" });
    expect(seen["team"]?.unconfirmed).toBe(
      "the server was not asked (patch of RoleBinding.rbac.authorization.k8s.io is forbidden): /subjects may be the server's own spelling",
    );
    expect(seen["by-hand"]?.unconfirmed).toContain("patch of ConfigMap is forbidden");
    expect(seen["settings"]).not.toHaveProperty("unconfirmed");
    expect(sync.status).toBe("Diverged");
    expect(warnings.join("\n")).toContain("objects of kind Ingress are got one by one");

    const refused = { verb: "patch", dry: "All", code: 403 };
    const writes = await writesOf(plane);
    expect(writes).toHaveLength(2);
    expect(writes).toContainEqual({ ...refused, resource: "rolebindings" });
    expect(writes).toContainEqual({ ...refused, resource: "configmaps" });
    const { stderr } = await runPlumb(["get", "resources", world.application, "--server", world.plumbline.address]);
    expect(stderr).toContain("not confirmed: the server was not asked (patch of ConfigMap is forbidden): /data/colour");
  });

  test("works where only single objects may be got, and tells what it therefore cannot see", async () => {
    await using plane = await startControlPlane({ auditLog: true });
    await using world = await observed(plane, []);
    const names = { name: "observer", namespace: world.namespace };
    const role = { apiVersion: `${RBAC}/v1`, kind: "Role", metadata: names };
    const subjects = [{ kind: "User", apiGroup: RBAC, name: "plumbline" }];
    const roleRef = { apiGroup: RBAC, kind: "Role", name: "observer" };
    const items = [
      { ...role, rules: [{ apiGroups: ["", "apps", RBAC], resources: ["*"], verbs: ["get"] }] },
      { apiVersion: `${RBAC}/v1`, kind: "RoleBinding", metadata: names, roleRef, subjects },
    ];
    await plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await world.kubectl("delete", "configmap", "settings");
    await world.plumbline.start();
    const { resources, warnings } = await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= 2, 90);
    expect(Object.fromEntries(resources.map(({ ref, sync }) => [ref.name, sync]))).toEqual({
      web: "Synced",
      team: "Synced",
      // The inventory is got by itself, and says that all this was applied.
      settings: "Drifted",
    });
    expect(warnings.join("\n")).toContain("objects of kind Deployment are got one by one");
  });
});
