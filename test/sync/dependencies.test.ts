import { expect, test } from "vitest";
import type { Application, ApplicationStatus } from "../../src/model/index.ts";
import { declaredBy } from "../../src/sync/declarers.ts";
import { circleProblem, dependencySentence, dependentsOf, lacksOf } from "../../src/sync/dependencies.ts";
import { Entries } from "../../src/sync/entries.ts";
import { application, status } from "./applications.ts";

const byName = (applications: readonly Application[]) => {
  const all = new Map(applications.map((one) => [`default/${one.metadata.name}`, one]));
  return (name: string) => all.get(name);
};

/** What `web`, which depends on `db`, says while that one is so. */
async function said(db: ApplicationStatus | undefined, behind?: string, others: readonly string[] = []) {
  const web = application("web", ["db", ...others]);
  const fleet = {
    application: byName([application("db")]),
    status: () => db,
    behind: () => Promise.resolve(behind),
  };
  return dependencySentence(await lacksOf(web, fleet));
}

test("an application waits for one that is not looked at, not in sync or not healthy, and says which and why", async () => {
  expect(await said(undefined)).toBe("waits for application default/db: it was not looked at yet");
  expect(await said({ ...status("db"), sync: { status: "Pending", message: "Git is ahead" } })).toBe(
    "waits for application default/db: Pending, Git is ahead",
  );
  expect(await said({ ...status("db"), health: { status: "Progressing", message: "0/1" } })).toBe(
    "waits for application default/db: Progressing, 0/1",
  );
  expect(await said(status("db"))).toBeUndefined();
  expect(await said({ ...status("db"), health: { status: "Suspended", message: "paused" } })).toBeUndefined();
});

test("that the other is Synced and Healthy counts for nothing at an older revision", async () => {
  const older = "it was not looked at since revision 1234 is known";
  expect(await said(status("db"), older)).toBe(`waits for application default/db: ${older}`);
  expect(await said({ ...status("db"), waiting: "suspended by spec.suspend" }, older)).toBe(
    `waits for application default/db: ${older} (suspended by spec.suspend)`,
  );
});

test("what the other waits for itself is told with it", async () => {
  const waiting = "waits for application default/disk: it does not exist";
  expect(await said({ ...status("db"), sync: { status: "Pending", message: "Git is ahead" }, waiting })).toBe(
    `waits for application default/db: Pending, ${waiting}`,
  );
});

test("all that are not ready are named, and one that does not exist is one of them", async () => {
  expect(await said(undefined, undefined, ["cache"])).toBe(
    "waits for application default/db: it was not looked at yet; and for default/cache: it does not exist",
  );
  expect(await said(status("db"), undefined, ["a", "b", "c", "d", "e", "f"])).toBe(
    "waits for application default/a: it does not exist; and for default/b: it does not exist; and for default/c: it does not exist; " +
      "and for default/d: it does not exist; and for default/e: it does not exist; and for 1 more",
  );
});

test("a circle is named in full in each application of it, and one that only leads to it is not blamed", () => {
  const all = ["ab", "bc", "ca", "da"].map(([name = "", other = ""]) => application(name, [other]));
  const circles = all.map((one) => circleProblem(one, byName(all))?.message.replace(/.*: /, ""));
  expect(circles).toEqual([
    "default/a -> default/b -> default/c -> default/a",
    "default/b -> default/c -> default/a -> default/b",
    "default/c -> default/a -> default/b -> default/c",
    undefined,
  ]);
  expect(circleProblem(application("x", ["x"]), byName([application("x", ["x"])]))).toMatchObject({
    code: "PL-DEPENDENCY-CYCLE",
    message: "its dependencies form a circle, so that nothing of it is written: default/x -> default/x",
  });
});

test("whoever becomes part of a circle by another's declaration, or is so no more, is looked at again", () => {
  const entries = new Entries("plumbline-system", "home");
  const [a, b] = [application("a", ["b"]), application("b")];
  const declared = (...applications: Application[]) => declaredBy([{ id: "file", applications }]);
  entries.replace(declared(a, b));
  expect(entries.replace(declared(a, application("b", ["a"]))).changed).toEqual(["default/b", "default/a"]);
  expect(entries.get("default/a")?.circle?.code).toBe("PL-DEPENDENCY-CYCLE");
  expect(entries.replace(declared(a, b)).changed).toEqual(["default/b", "default/a"]);
  expect(entries.get("default/a")?.circle).toBeUndefined();
  expect(entries.replace(declared(a, b)).changed).toEqual([]);
});

test("who depends on an application is known by its name", () => {
  expect(dependentsOf([application("a", ["c"]), application("b", ["c"]), application("c")])).toEqual(
    new Map([["default/c", ["default/a", "default/b"]]]),
  );
});
