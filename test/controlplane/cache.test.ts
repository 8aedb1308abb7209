import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheKey, cacheRoot, moduleFolder } from "./cache.ts";
import { VERSIONS } from "./versions.ts";

const SOURCES = new Map([
  ["etcd/go.mod", "module a"],
  ["etcd/main.go", "package main"],
]);

test("the key of a build names the versions and the machine it is for", () => {
  expect(cacheKey(SOURCES, "linux-x64")).toMatch(
    /^kubernetes-1\.36\.3_etcd-3\.6\.8_kwok-0\.8\.0_linux-x64_[0-9a-f]{12}$/,
  );
});

test("the key is the same whatever the order in which the sources were read", () => {
  expect(cacheKey(new Map([...SOURCES].reverse()), "linux-x64")).toBe(cacheKey(SOURCES, "linux-x64"));
});

test.each([
  ["a changed source", new Map([...SOURCES, ["etcd/main.go", "package main // changed"]]), "linux-x64"],
  ["a new source", new Map([...SOURCES, ["etcd/go.sum", ""]]), "linux-x64"],
  ["another machine", SOURCES, "darwin-arm64"],
])("%s makes another key", (_, sources, platform) => {
  expect(cacheKey(sources, platform)).not.toBe(cacheKey(SOURCES, "linux-x64"));
});

test("text moved from one source to the next makes another key", () => {
  const moved = new Map([
    ["etcd/go.mod", "module apackage main"],
    ["etcd/main.go", ""],
  ]);
  expect(cacheKey(moved, "linux-x64")).not.toBe(cacheKey(SOURCES, "linux-x64"));
});

test.each([
  [{ PLUMB_CONTROLPLANE_CACHE: "/data/cp", XDG_CACHE_HOME: "/xdg" }, "/data/cp"],
  [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/plumbline/controlplane"],
  [{ PLUMB_CONTROLPLANE_CACHE: "", XDG_CACHE_HOME: "/xdg" }, "/xdg/plumbline/controlplane"],
])("with %o builds live in %s", (env, folder) => {
  expect(cacheRoot(env)).toBe(folder);
});

test.each([
  ["kubernetes", `k8s.io/kubernetes v${VERSIONS.kubernetes}`],
  ["etcd", `go.etcd.io/etcd/server/v3 v${VERSIONS.etcd}`],
  ["kwok", `sigs.k8s.io/kwok v${VERSIONS.kwok}`],
])("the module of %s requires the version that the key names", (part, requirement) => {
  expect(readFileSync(join(moduleFolder(part), "go.mod"), "utf8")).toContain(requirement);
});
