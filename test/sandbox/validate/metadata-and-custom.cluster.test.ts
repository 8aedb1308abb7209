import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/index.ts";
import { type ControlPlaneClient, describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { type Answered, ask } from "../server-answers.ts";
import { BAD_CUSTOM, SPEC } from "./bad-custom.ts";
import { BAD_METADATA } from "./bad-metadata.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";

function post(plane: ControlPlaneClient, path: string, body: JsonObject): Promise<Answered> {
  return ask(plane, { method: "POST", path, type: "application/json", body: JSON.stringify(body) });
}

function causesOf({ status }: Answered): [field: string, reason: string, message: string][] {
  return (status.details?.causes ?? []).map(({ field = "", reason, message }) => [field, reason, message]);
}

describeCluster("wrong objects that the real server is asked of", () => {
  test("wrong metadata get the causes that the sandbox gives", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const paths = {
      namespaces: "/api/v1/namespaces",
      clusterroles: `${RBAC}/clusterroles`,
      roles: `${RBAC}/namespaces/${namespace}/roles`,
      configmaps: `/api/v1/namespaces/${namespace}/configmaps`,
      services: `/api/v1/namespaces/${namespace}/services`,
    };
    for (const { name, plural, metadata, causes } of BAD_METADATA) {
      const spec = plural === "services" ? { spec: { ports: [{ port: 80 }] } } : {};
      const got = await post(plane, `${paths[plural]}?dryRun=All`, { metadata, ...spec });
      expect([got.code, got.status.reason], name).toEqual([422, "Invalid"]);
      const begun = causesOf(got).map(([field, reason, message], at) => [
        field,
        reason,
        message.slice(0, causes[at]?.[2].length),
      ]);
      expect(begun, name).toEqual(causes);
    }
  });

  test("wrong custom resources get the causes that the sandbox gives", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    const group = `${namespace}.example.com`;
    await post(plane, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition(group));
    const path = `/apis/${group}/v1/namespaces/${namespace}/things?dryRun=All`;
    const thing = (spec: unknown) =>
      ({ apiVersion: `${group}/v1`, kind: "Thing", metadata: { name: "z" }, spec }) as JsonObject;
    await expect.poll(() => post(plane, path, thing({})), { timeout: 30_000 }).toMatchObject({ code: 201 });
    for (const { spec, causes } of BAD_CUSTOM) {
      const got = await post(plane, path, thing(spec));
      expect(got.code, JSON.stringify(spec)).toBe(causes.length === 0 ? 201 : 422);
      expect(causesOf(got).sort(), JSON.stringify(spec)).toEqual([...causes].sort());
    }
  });
});

function definition(group: string): JsonObject {
  const openAPIV3Schema = { type: "object", properties: { spec: SPEC } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "things", singular: "thing", kind: "Thing" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
