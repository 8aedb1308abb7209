import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import type { AuditEvent } from "../controlplane/index.ts";
import type { Key, Wanted } from "./garden.ts";
import { type Cluster, differences, INVENTORY } from "./judge/converged.ts";
import { wrongDeletions } from "./judge/deletions.ts";
import { shownSecrets } from "./judge/secrets.ts";
import { CANARY } from "./kinds.ts";
import { Random } from "./random.ts";
import type { Revision } from "./timeline.ts";

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;

function settings(rest: object = { data: { colour: "blue" } }): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "soak" }, ...rest };
}

const KEY = "ConfigMap soak/settings";
const wants = (...keys: Key[]): ReadonlyMap<Key, Wanted> =>
  new Map(keys.map((key) => [key, { application: "default/shop", object: settings() }]));
const revision = (second: number, ...keys: Key[]): Revision => ({
  ...{ from: at(second), revision: `r${second}`, wanted: wants(...keys) },
});

function deletion(second: number, code = 200): AuditEvent {
  return {
    ...{ auditID: "a", stage: "ResponseComplete", verb: "delete", requestURI: "", user: { username: "soak-plumb" } },
    ...{ objectRef: { resource: "configmaps", namespace: "soak", name: "settings" }, responseStatus: { code } },
    ...{ requestReceivedTimestamp: at(second), stageTimestamp: at(second) },
  };
}

test("a deletion of what every revision wanted is wrong, and one that the server refused is none", () => {
  const timeline = { revisions: [revision(0, KEY), revision(5, KEY)], checkpoints: [] };
  expect(wrongDeletions([deletion(9)], timeline)).toEqual([expect.stringContaining(KEY)]);
  expect(wrongDeletions([deletion(9, 409)], timeline)).toEqual([]);
});

test("a deletion after a revision that did not want the object is right, also when a later one wants it again", () => {
  const timeline = { revisions: [revision(0, KEY), revision(5), revision(7, KEY)], checkpoints: [] };
  expect(wrongDeletions([deletion(9)], timeline)).toEqual([]);
  expect(wrongDeletions([deletion(4)], timeline)).toHaveLength(1);
});

test("what a revision did not want before everything was seen to be well excuses nothing afterwards", () => {
  const timeline = {
    revisions: [revision(0), revision(5, KEY)],
    checkpoints: [{ at: at(8), position: 1 }],
  };
  expect(wrongDeletions([deletion(7)], timeline)).toEqual([]);
  expect(wrongDeletions([deletion(9)], timeline)).toHaveLength(1);
});

function cluster(object: KubeObject, { kinds = "ConfigMap", namespaces = "soak" } = {}): Cluster {
  const label = { "applyset.kubernetes.io/part-of": "set" };
  const parent = {
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: {
      ...{ name: "default.shop", namespace: INVENTORY, labels: { "applyset.kubernetes.io/id": "set" } },
      annotations: {
        "plumbline.dev/application": "default/shop",
        "applyset.kubernetes.io/contains-group-kinds": kinds,
        "applyset.kubernetes.io/additional-namespaces": namespaces,
      },
    },
  };
  const member = { ...object, metadata: { managedFields: [], ...object.metadata, labels: label } };
  return { live: new Map([[KEY, member]]), parents: new Map([["set", parent]]) };
}

test("a cluster as Git wants it has no differences, and every other one has", () => {
  const ours = [{ manager: "plumbline", fieldsV1: { "f:data": { "f:old": {} } } }];
  expect(differences(wants(KEY), cluster(settings()))).toEqual([]);
  expect(differences(wants(KEY), cluster(settings({ data: { colour: "red" } })))).toEqual([
    `${KEY}: /data/colour is not as Git has it`,
  ]);
  expect(differences(wants(KEY, "Secret soak/more"), cluster(settings()))).toEqual(["Secret soak/more is missing"]);
  expect(differences(wants(), cluster(settings()))).toEqual([`${KEY} is an orphan: Git does not want it`]);
  expect(differences(wants(KEY), cluster(settings(), { kinds: "Secret" }))).toEqual([
    `${KEY} stands outside of its inventory (Secret in soak)`,
  ]);
  const left = settings({ data: { colour: "blue", old: "1" } });
  const owned = { ...left, metadata: { ...left.metadata, managedFields: ours } };
  expect(differences(wants(KEY), cluster(owned))).toEqual([`${KEY}: has /data/old, which Git has not`]);
  expect(differences(wants(KEY), cluster(left))).toEqual([]);
});

test("a secret is found as it is and in base64, once and twice", () => {
  const value = `${CANARY}abc123`;
  const once = Buffer.from(value).toString("base64");
  for (const spelling of [value, once, Buffer.from(once).toString("base64")])
    expect(shownSecrets(new Map([["the log", `so: ${spelling}`]]))).toEqual([expect.stringContaining("the log shows")]);
  expect(shownSecrets(new Map([["the log", "(masked A)"]]))).toEqual([]);
});

test("a seed makes the same choices again, and another one others", () => {
  const choices = (seed: number): number[] => {
    const random = new Random(seed, "faults");
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(choices(1)).toEqual(choices(1));
  expect(choices(1)).not.toEqual(choices(2));
});
