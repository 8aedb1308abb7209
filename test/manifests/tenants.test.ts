import { expect, test } from "vitest";
import { isProjectDocument, readProject } from "../../src/cli/applications/project-document.ts";
import { objectsOf } from "./manifest-files.ts";

test("the Projects of manifests/tenants are read as they stand", async () => {
  const projects = (await objectsOf("tenants")).filter(isProjectDocument);
  expect(projects.map((one) => readProject(one).misfits)).toEqual([undefined, undefined]);
  const [first] = projects.map((one) => readProject(one).project);
  expect(first).toMatchObject({ metadata: { name: "default" }, spec: { repositories: [], destinations: [] } });
});

test("impersonation is of service accounts alone, and bound to Plumbline's own", async () => {
  const objects = await objectsOf("tenants");
  expect(objects.find(({ kind }) => kind === "ClusterRole")?.["rules"]).toEqual([
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] },
  ]);
  expect(objects.find(({ kind }) => kind === "ClusterRoleBinding")?.["subjects"]).toEqual([
    { kind: "ServiceAccount", name: "plumbline", namespace: "plumbline-system" },
  ]);
});
