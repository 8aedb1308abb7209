import { describe, expect, test } from "vitest";
import { leavingOut } from "../../src/diff/index.ts";
import { live, stamped, web } from "./server.ts";

const REPLICAS = ["f:spec", "f:replicas"];
const manifest = stamped(
  web({ replicas: 2, image: "nginx:2", container: { env: [{ name: "A", value: "1" }] } }),
  "one",
);
const CONTAINER = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const at = (path: string, desired: string | undefined = "wanted") => [
  { path, ...(desired === undefined ? {} : { desired }) },
];

describe("a manifest without what others took", () => {
  test("lacks the field, and has all the rest", () => {
    const there = live(manifest, { lost: [REPLICAS] });
    const expected = stamped(web({ image: "nginx:2", container: { env: [{ name: "A", value: "1" }] } }), "one");
    expect(leavingOut(manifest, there, at("/spec/replicas"))).toEqual(expected);
  });

  test("lacks an item, or a field inside one; a list that only becomes empty by it stays a list", () => {
    const there = live(manifest, {
      lost: [
        [...CONTAINER, "f:image"],
        [...CONTAINER, "f:env"],
      ],
    });
    const container = "/spec/template/spec/containers[name=web]";
    const rest = leavingOut(manifest, there, [...at(`${container}/image`), ...at(`${container}/env[name=A]`)]);
    expect(rest).toMatchObject({ spec: { template: { spec: { containers: [{ name: "web", env: [] }] } } } });
    expect(JSON.stringify(rest)).not.toContain("nginx:2");
  });

  test("keeps its names, and loses a map that becomes empty", () => {
    const labelled = { ...manifest, metadata: { ...manifest.metadata, labels: { a: "1" } } };
    const rest = leavingOut(labelled, live(manifest), at("/metadata/labels/a"));
    expect(rest?.metadata).toEqual(manifest.metadata);
  });

  test("is the manifest itself where Git names no such field", () => {
    expect(leavingOut(manifest, live(manifest), [{ path: "/spec/paused" }])).toEqual(manifest);
  });
});

describe("there is none", () => {
  test.each([
    ["where the field is still ours: the server would remove it", "/spec/replicas"],
    ["where the order of our items is what differs", "/spec/template/spec/containers"],
    ["of a whole object", ""],
  ])("%s", (_why, path) => {
    expect(leavingOut(manifest, live(manifest), at(path))).toBeUndefined();
  });

  test("where the manifest spells the place otherwise, for then it would be sent all the same", () => {
    const path = "/spec/template/spec/containers[name=web]/ports[containerPort=80,protocol=TCP]";
    expect(leavingOut(manifest, live(manifest), at(path))).toBeUndefined();
  });
});
