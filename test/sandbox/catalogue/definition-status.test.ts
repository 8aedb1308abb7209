import { expect, test } from "vitest";
import { isJsonObject, type JsonObject, type LiveObject } from "../../../src/model/index.ts";
import { definitionStatus } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { definition, GROUP, version } from "./definitions.ts";

const NOW = "2026-01-01T00:00:00Z";
const LATER = "2026-01-02T00:00:00Z";

function judged(object: LiveObject, others: readonly LiveObject[] = [], now = NOW): LiveObject {
  return { ...object, status: definitionStatus(object, now, others) };
}

function named(plural: string, names: { readonly [field: string]: JsonObject[string] } = {}): LiveObject {
  const kind = `${plural.slice(0, 1).toUpperCase()}${plural.slice(1, -1)}`;
  const all = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List`, ...names };
  return definition({ "metadata.name": `${plural}.${GROUP}`, "spec.names": all });
}

function statusOf(object: LiveObject): JsonObject {
  return isJsonObject(object["status"]) ? object["status"] : {};
}

function reasons(object: LiveObject): string[] {
  const conditions = statusOf(object)["conditions"];
  return (Array.isArray(conditions) ? conditions : [])
    .filter(isJsonObject)
    .map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`);
}

const FIRST = judged(named("crontabs", { shortNames: ["ct"], kind: "CronTab", listKind: "CronTabList" }));

test("a definition whose names are free is established", () => {
  expect(statusOf(FIRST)).toEqual({
    conditions: [
      {
        type: "NamesAccepted",
        status: "True",
        reason: "NoConflicts",
        message: "no conflicts found",
        lastTransitionTime: NOW,
      },
      {
        type: "Established",
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
        lastTransitionTime: NOW,
      },
    ],
    acceptedNames: {
      plural: "crontabs",
      singular: "crontab",
      shortNames: ["ct"],
      kind: "CronTab",
      listKind: "CronTabList",
    },
    storedVersions: ["v1"],
  });
});

/** Recorded on kube-apiserver 1.36. */
const CONFLICTS: readonly (readonly [string, LiveObject, string, JsonObject])[] = [
  [
    "a short name",
    named("tables", { shortNames: ["ct"] }),
    'ShortNamesConflict: "ct" is already in use',
    { plural: "tables", singular: "table", kind: "Table", listKind: "TableList" },
  ],
  [
    "a singular",
    named("chairs", { singular: "crontab" }),
    'SingularConflict: "crontab" is already in use',
    { plural: "chairs", kind: "Chair", listKind: "ChairList" },
  ],
  [
    "a kind of list",
    named("doors", { listKind: "CronTabList" }),
    'ListKindConflict: "CronTabList" is already in use',
    { plural: "doors", singular: "door", kind: "Door" },
  ],
  [
    "a plural that is another one's short name",
    named("ct", { singular: "cat", kind: "Cat", listKind: "CatList" }),
    'PluralConflict: "ct" is already in use',
    { plural: "", singular: "cat", kind: "Cat", listKind: "CatList" },
  ],
  [
    "several names, of which the last is told",
    named("walls", { singular: "crontab", kind: "CronTab", listKind: "CronTabList", shortNames: ["ct", "crontabs"] }),
    'ListKindConflict: "CronTabList" is already in use',
    { plural: "walls", kind: "" },
  ],
];

test.each(CONFLICTS)("%s that another definition has is not accepted", (_, object, reason, acceptedNames) => {
  const made = judged(object, [FIRST]);
  expect(reasons(made)).toEqual([
    `NamesAccepted=False ${reason}`,
    "Established=False NotAccepted: not all names are accepted",
  ]);
  expect(statusOf(made)["acceptedNames"]).toEqual(acceptedNames);
});

test("names of another group are no conflict", () => {
  const elsewhere = { ...named("crontabs"), spec: { group: "other.example.com", names: {} } };
  expect(reasons(judged(elsewhere, [FIRST]))[0]).toMatch(/^NamesAccepted=True/);
});

test("an established definition stays so when a new short name is taken, and keeps the ones it had", () => {
  const second = judged(named("tables", { shortNames: ["tb"] }), [FIRST]);
  const renamed = { ...named("tables", { shortNames: ["ct"] }), status: statusOf(second) };
  const after = judged(renamed, [FIRST], LATER);
  expect(reasons(after)).toEqual([
    'NamesAccepted=False ShortNamesConflict: "ct" is already in use',
    "Established=True InitialNamesAccepted: the initial names have been accepted",
  ]);
  expect(statusOf(after)["acceptedNames"]).toMatchObject({ shortNames: ["tb"] });
});

test("what stays as it is keeps its time", () => {
  expect(definitionStatus(FIRST, LATER, [])).toEqual(statusOf(FIRST));
});

test("a version that was stored in once stays listed", () => {
  const moved = { ...FIRST, spec: definition({ "spec.versions": [version("v2")] })["spec"] ?? {} };
  expect(definitionStatus(moved, LATER, [])["storedVersions"]).toEqual(["v1", "v2"]);
});
