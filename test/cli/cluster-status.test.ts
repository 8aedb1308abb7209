import { expect, test } from "vitest";
import { readApplication } from "../../src/cli/applications/application-document.ts";
import { ApplicationSet } from "../../src/cli/applications/application-set.ts";
import { clusterStatus, isApplied, refusedStatus } from "../../src/cli/applications/cluster-status.ts";
import { type Application, applicationName, type Log } from "../../src/model/index.ts";
import { declaredBy } from "../../src/sync/declarers.ts";
import { drifted, problem, status } from "../report/statuses.ts";

const NOW = "2026-01-01T00:00:00Z";
const LATER = "2026-01-01T01:00:00Z";
const FRESH = { current: undefined, generation: 2, now: NOW };

function application(name: string, path = "."): Application {
  const [namespace, own] = name.split("/");
  const read = readApplication({
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: own, namespace },
    spec: { source: { repo: "https://git.example/a.git", path } },
  });
  if (read.application === undefined) throw new Error(JSON.stringify(read.misfits));
  return read.application;
}

test("an application that is synced and healthy is Ready", () => {
  expect(clusterStatus(status("shop/web"), FRESH)).toEqual({
    observedGeneration: 2,
    message: "2 objects are as Git wants them; all objects are healthy",
    sync: { status: "Synced", message: "2 objects are as Git wants them" },
    health: { status: "Healthy", message: "all objects are healthy" },
    source: { revision: "a".repeat(40) },
    conditions: [
      {
        type: "Ready",
        status: "True",
        reason: "Healthy",
        message: "2 objects are as Git wants them; all objects are healthy",
        observedGeneration: 2,
        lastTransitionTime: NOW,
      },
    ],
  });
});

test("drift and problems are the reason why it is not", () => {
  expect(clusterStatus(drifted("shop/web"), FRESH)).toMatchObject({
    conditions: [{ status: "False", reason: "Drifted" }],
  });
  const broken = status("shop/web", { problems: [problem()] });
  expect(clusterStatus(broken, FRESH)).toMatchObject({
    message: "PL-YAML-TAB a tab where YAML wants spaces; next: replace the tab",
    conditions: [{ reason: "Failed" }],
  });
});

test("the time of the transition moves only when the verdict does", () => {
  const first = clusterStatus(status("shop/web"), FRESH);
  const same = clusterStatus(status("shop/web"), { ...FRESH, current: first, now: LATER });
  const other = clusterStatus(drifted("shop/web"), { ...FRESH, current: first, now: LATER });
  expect(same).toMatchObject({ conditions: [{ lastTransitionTime: NOW }] });
  expect(other).toMatchObject({ conditions: [{ lastTransitionTime: LATER }] });
});

test("what the object says already is not written again", () => {
  const patch = clusterStatus(status("shop/web"), FRESH);
  const stored = JSON.parse(JSON.stringify(patch));
  expect(isApplied(patch, stored)).toBe(true);
  expect(isApplied(patch, { ...stored, another: "field" })).toBe(true);
  expect(isApplied(clusterStatus(drifted("shop/web"), FRESH), stored)).toBe(false);
  expect(isApplied(patch, undefined)).toBe(false);
});

test("a revision that is not known any more is taken away", () => {
  const patch = refusedStatus(problem(), FRESH);
  expect(patch).toMatchObject({ source: { revision: null }, conditions: [{ status: "False", reason: "Invalid" }] });
  expect(isApplied(patch, { ...patch, source: { revision: "a" } })).toBe(false);
  expect(isApplied(patch, { ...patch, source: {} })).toBe(true);
});

test("a name in a file and in the cluster means the file's, and is told once", () => {
  const told: object[] = [];
  const log: Log = { debug: () => {}, info: () => {}, error: () => {}, warn: (fields) => told.push(fields) };
  let all: readonly Application[] = [];
  const set = new ApplicationSet({
    log,
    files: "/etc/applications.yaml",
    onChange: (declarers) => (all = [...declaredBy(declarers).values()].map((one) => one.application)),
  });
  set.setFiles({ applications: [application("shop/web", "file")], fleets: [] });
  set.setCluster({ applications: [application("shop/web", "cluster"), application("shop/api")] });
  set.setCluster({ applications: [application("shop/web", "cluster"), application("shop/api")] });
  expect(all.map(applicationName).sort()).toEqual(["shop/api", "shop/web"]);
  expect(all.find(({ metadata }) => metadata.name === "web")?.spec.source.path).toBe("file");
  expect(told).toEqual([{ code: "PL-CONFIG-DUPLICATE", application: "shop/web" }]);
  set.setFiles({ applications: [], fleets: [] });
  expect(all.find(({ metadata }) => metadata.name === "web")?.spec.source.path).toBe("cluster");
});
