import { expect, test } from "vitest";
import { fleetStatus } from "../../src/cli/applications/fleet-status.ts";
import type { FleetStatus } from "../../src/model/index.ts";
import { drifted, problem, status } from "../report/statuses.ts";

const INPUT = { current: undefined, generation: 3, now: "2026-01-01T00:00:00Z" };
const FLEET: FleetStatus = { namespace: "shop", name: "apps", members: ["shop/a", "shop/b"], problems: [] };
const seen = (one: ReturnType<typeof status>) => ({ name: `${one.namespace}/${one.name}`, status: one });
const A = seen(status("shop/a"));

test("a declaration of many is Ready when all that it makes is", () => {
  expect(fleetStatus(FLEET, [A, seen(status("shop/b"))], INPUT)).toMatchObject({
    observedGeneration: 3,
    message: "makes 2 applications; 2 of 2 applications are Synced; 2 of 2 applications are Healthy",
    conditions: [{ status: "True", reason: "Healthy" }],
  });
});

test("otherwise it is as its worst, and names it", () => {
  const said = fleetStatus(FLEET, [A, seen(drifted("shop/b"))], INPUT);
  const { message } = drifted("shop/b").sync;
  expect(said).toMatchObject({
    sync: { status: "Drifted", message: `1 of 2 applications are Synced; shop/b is Drifted: ${message}` },
    health: { status: "Healthy" },
    conditions: [{ status: "False", reason: "Drifted" }],
  });
  const fresh = fleetStatus(FLEET, [A, { name: "shop/b", status: undefined }], INPUT);
  expect(fresh["sync"]).toMatchObject({ status: "Unknown", message: expect.stringContaining("not looked at yet") });
});

test("what is wrong with it, and why nothing is removed, is said before what its applications are", () => {
  const wrong = { ...problem(), where: "apps/x" };
  const { message, conditions } = fleetStatus({ ...FLEET, problems: [wrong], unsure: "Git is away" }, [A], INPUT);
  expect(message).toMatch(
    /^makes 1 application; 1 cannot be made or read: apps\/x PL-.*; nothing is removed: Git is away/,
  );
  expect(conditions).toMatchObject([{ status: "False", reason: "Failed" }]);
});

test("while it is deleted it says how many are left, and what keeps one", () => {
  const held = seen(status("shop/b", { waiting: "waits for somebody's finalizer" }));
  const said = fleetStatus({ ...FLEET, ending: "prune" }, [{ name: "shop/a", status: undefined }, held], INPUT);
  expect(said).toMatchObject({
    message: "is being deleted; 1 of 2 applications are not gone yet, shop/b: waits for somebody's finalizer",
    conditions: [{ status: "False", reason: "Deleting" }],
  });
});
