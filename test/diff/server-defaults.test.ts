import { describe, expect, test } from "vitest";
import { compare, fieldSetOf, fieldsV1Of } from "../../src/diff/index.ts";
import type { JsonObject, KubeObject, ManagedFieldsEntry, SchemaNode } from "../../src/model/index.ts";
import { ANY_SCHEMA } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT, WIDGET } from "./small-schema.ts";

/** What is foreign after somebody else has sent the whole of `now`. */
function foreign(now: KubeObject, { schema = DEPLOYMENT, desired = web(), ...more }: Sent = {}): string[] {
  const ours = stamped(desired, "one");
  const entry = entryOf("kubectl-create", fieldsV1Of(fieldSetOf(now, schema)), more.entry);
  const there = live(ours, {
    now: { ...now, metadata: { ...now.metadata, ...ours.metadata, ...more.metadata } },
    schema,
    others: [entry],
  });
  const { changes } = compare({ desired: ours, manifestHash: "one", live: there, schema, setApplied: true });
  return changes.map(({ class: kind, path }) => `${kind} ${path}`);
}

interface Sent {
  readonly schema?: SchemaNode;
  readonly desired?: KubeObject;
  readonly entry?: Partial<ManagedFieldsEntry>;
  readonly metadata?: JsonObject;
}

const DEFAULTED = {
  replicas: 1,
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
};

describe("what the server filled in", () => {
  test("is not foreign, though whoever sent the object owns it", () => {
    const container = { imagePullPolicy: "IfNotPresent", terminationMessagePolicy: "File" };
    const pod = { restartPolicy: "Always", serviceAccountName: "a", serviceAccount: "a" };
    const desired = web({ pod: { serviceAccountName: "a" } });
    expect(foreign(web({ spec: DEFAULTED, pod, container }), { desired })).toEqual([]);
  });

  test("is foreign where it has another value, and where it stands at another place", () => {
    const spec = { replicas: 2, strategy: { type: "Recreate" }, minReadySeconds: 1, protocol: "TCP" };
    expect(foreign(web({ spec }))).toEqual([
      "foreign /spec/minReadySeconds",
      "foreign /spec/protocol",
      "foreign /spec/replicas",
      "foreign /spec/strategy/type",
    ]);
  });

  test("is told apart by what else was written: a default of another type is one all the same", () => {
    const spec = { type: "NodePort", externalTrafficPolicy: "Cluster", sessionAffinity: "None" };
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop" } };
    const sent = { ...service, spec };
    expect(foreign(sent, { schema: ANY_SCHEMA, desired: service })).toEqual(["foreign /spec/type"]);
  });

  test("is foreign in a custom resource of the same kind, and where its definition has no such default", () => {
    const widget = { apiVersion: "example.com/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" } };
    const sent = { ...widget, spec: { replicas: 1 } };
    expect(foreign(sent, { schema: WIDGET, desired: widget })).toEqual(["foreign /spec/replicas"]);
  });

  test("is foreign where it was applied, or came by way of a subresource: then somebody asked for it", () => {
    const sent = web({ spec: { replicas: 1 } });
    expect(foreign(sent, { entry: { operation: "Apply" } })).toEqual(["foreign /spec/replicas"]);
    expect(foreign(sent, { entry: { subresource: "scale" } })).toEqual(["foreign /spec/replicas"]);
  });

  test("is never an item of a list, however empty it is", () => {
    const pod = { "f:imagePullSecrets": { 'k:{"name":""}': {} } };
    const entry = { fieldsV1: { "f:spec": { "f:template": { "f:spec": pod } } } };
    expect(foreign(web({ pod: { imagePullSecrets: [{}] } }), { entry })).toEqual([
      "foreign /spec/template/spec/imagePullSecrets[name=]",
    ]);
  });

  test("of a kind that is named like something of JavaScript's own there is nothing", () => {
    const odd = { apiVersion: "v1", kind: "constructor", metadata: { name: "web", namespace: "shop" } };
    expect(foreign({ ...odd, toString: 1 }, { schema: ANY_SCHEMA, desired: odd })).toEqual(["foreign /toString"]);
  });
});

test("what came into an empty value by other ways is not its owner's", () => {
  const now = web({ container: { resources: { limits: { cpu: "1" } } } });
  const empty = web({ container: { resources: {} } });
  const entry = entryOf("kubectl-create", fieldsV1Of(fieldSetOf(empty, DEPLOYMENT)));
  const ours = stamped(web(), "one");
  const there = live(ours, { now: { ...now, metadata: ours.metadata }, others: [entry] });
  const { changes } = compare({
    desired: ours,
    manifestHash: "one",
    live: there,
    schema: DEPLOYMENT,
    setApplied: true,
  });
  expect(changes).toEqual([]);
});
