import { expect, test } from "vitest";
import { filesBelow, Mounts, withoutMounts } from "../../src/render/mounts.ts";
import { snapshotOf } from "./snapshots.ts";

test.each([
  ["/@/apps/web/a.yaml: no such field", "apps/web/a.yaml: no such field"],
  ["find /@values/shop.yaml", "find $values/shop.yaml"],
  ["'/@' is no chart", "'.' is no chart"],
  ["https://git.example/@/x", "https://git.example/@/x"],
  ["mail a@example.com/b", "mail a@example.com/b"],
])("%s is said as %s", (engine, people) => {
  expect(withoutMounts(engine)).toBe(people);
});

const home = snapshotOf({ "apps/web/a.yaml": "a: 1\n" });
const values = snapshotOf({ "web.yaml": "b: 1\n" });
const mounts = new Mounts(home, new Map([["values", values]]));

test("each tree stands under its mount", async () => {
  const found = await mounts.find({ op: "read", path: "/@/apps/web/a.yaml" });
  expect(await found?.reply()).toMatchObject({ content: Buffer.from("a: 1\n") });
  const other = await mounts.find({ op: "stat", path: "/@values/web.yaml" });
  expect(await other?.reply()).toEqual({ content: "file /@values/web.yaml" });
});

test("what is not there is missing, and what is in no tree is nowhere", async () => {
  const missing = await mounts.find({ op: "read", path: "/@/apps/other.yaml" });
  expect([await missing?.reply(), missing?.identity]).toEqual([{ missing: true }, "none"]);
  expect(await mounts.find({ op: "read", path: "/etc/passwd" })).toBeUndefined();
  expect(await mounts.find({ op: "read", path: "/@others/web.yaml" })).toBeUndefined();
});

test("a fetched tree gets a mount of its own", async () => {
  const own = new Mounts(home, new Map());
  expect(own.add("clone-1", values)).toBe("/@clone-1");
  expect(await (await own.find({ op: "stat", path: "/@clone-1/web.yaml" }))?.reply()).toMatchObject({
    content: "file /@clone-1/web.yaml",
  });
});

test("files below a file are that file", async () => {
  expect(await filesBelow(home, "apps/web/a.yaml")).toEqual([""]);
});
