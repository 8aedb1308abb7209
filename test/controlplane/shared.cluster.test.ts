import { expect, test, vi } from "vitest";
import {
  describeCluster,
  requestsBetween,
  sharedControlPlane,
  sharedControlPlaneWithControllers,
  sumRequests,
} from "./index.ts";

describeCluster("the shared control plane", () => {
  test("it is the version that the tests are written for", async () => {
    const { stdout } = await sharedControlPlane().kubectl(["version", "-o", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({ serverVersion: { gitVersion: "v1.36.3", major: "1", minor: "36" } });
  });

  test("kubectl reads manifests from its input and writes to a namespace of the test's own", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const manifest = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { b: "c" } });
    expect(await plane.kubectl(["-n", namespace, "apply", "-f", "-"], manifest)).toMatchObject({ code: 0 });
    expect(await plane.kubectl(["-n", namespace, "get", "configmap", "a", "-o", "jsonpath={.data.b}"])).toMatchObject({
      stdout: "c",
    });
  });

  test("a user without rights gets them from a role binding", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const list = ["-n", namespace, "get", "secrets"];
    expect((await plane.kubectl(list, undefined, "reader")).stderr).toContain("Forbidden");
    // The built-in roles admin, edit and view are empty here: a controller fills them.
    await plane.kubectl(["-n", namespace, "create", "role", "r", "--verb=list", "--resource=secrets"]);
    await plane.kubectl(["-n", namespace, "create", "rolebinding", "r", "--role=r", "--user=reader"]);
    await vi.waitFor(
      async () => expect(await plane.kubectl(list, undefined, "reader")).toMatchObject({ code: 0 }),
      10_000,
    );
  });

  test("an unknown user is refused with the names of the known ones", () => {
    expect(() => sharedControlPlane().userKubeconfig("nobody")).toThrow(/no user nobody: there are admin,/);
  });

  test("the server's metrics tell which requests were made between two readings", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const before = await plane.requestCounts();
    await plane.kubectl(["-n", namespace, "create", "quota", "q", "--hard=pods=1"]);
    const made = requestsBetween(before, await plane.requestCounts());
    expect(sumRequests(made, { resource: "resourcequotas", verb: "POST" })).toBe(1);
  });

  test("the audit log tells who asked for what", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    await plane.kubectl(["-n", namespace, "create", "configmap", "a"]);
    await plane.kubectl(["-n", namespace, "get", "configmaps"], undefined, "stranger");
    const events = await plane.auditEvents({ namespace, verbs: ["create", "list"], resource: "configmaps" });
    expect(events.map(({ user, verb, responseStatus }) => [user.username, verb, responseStatus?.code])).toEqual([
      ["admin", "create", 201],
      ["stranger", "list", 403],
    ]);
  });
});

describeCluster(
  "the shared control plane with controllers",
  () => {
    test("a Deployment rolls out, and a second asker gets the same control plane", async () => {
      const plane = await sharedControlPlaneWithControllers();
      const namespace = await plane.createNamespace();
      await plane.kubectl(["-n", namespace, "create", "deployment", "web", "--image=example/web", "--replicas=2"]);
      expect(
        await plane.kubectl(["-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s"]),
      ).toMatchObject({ code: 0 });
      expect((await sharedControlPlaneWithControllers()).server).toBe(plane.server);
    });
  },
  { controllers: true },
);
