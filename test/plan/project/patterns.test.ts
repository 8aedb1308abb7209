import { describe, expect, test } from "vitest";
import { isDestination, isKind, isNamed, isRepository } from "../../../src/plan/project/patterns.ts";
import { project } from "./projects.ts";

describe("a repository", () => {
  test.each([
    ["https://git.example/shop/*", "https://git.example/shop/web.git"],
    ["https://git.example/shop/*", "http://robot:key@GIT.example:80/shop/web"],
    ["git.example/shop/*", "https://git.example/shop/teams/web"],
    ["git.example/shop/web.git", "https://git.example/shop/web"],
    ["https://*.example/shop/web", "https://git.example/shop/web.git"],
    ["git.example", "https://git.example/any/thing"],
    ["https://git.example/", "https://git.example/any/thing"],
    ["https://git.example:8443/shop/*", "https://git.example:8443/shop/web"],
    ["*", "https://anything.example/at/all"],
    ["oci://registry.example/charts", "oci://registry.example/charts"],
  ])("%s means %s", (pattern, repo) => {
    expect(isRepository(pattern, { repo })).toBe(true);
  });

  test.each([
    ["https://git.example/shop/*", "https://git.example/shopping/web"],
    ["https://git.example/shop/*", "https://git.example/SHOP/web"],
    ["https://git.example/shop/*", "https://git.example:8443/shop/web"],
    // A star in the host does not reach into the path of another host.
    ["https://*.example/shop/web", "https://evil.test/x.example/shop/web"],
    ["https://*.example/shop/*", "https://evil.test/.example/shop/web"],
    // Servers and clients go up before they ask.
    ["https://git.example/shop/*", "https://git.example/shop/../secret/keys"],
    ["https://git.example/shop/*", "https://git.example/shop/%2e%2e/secret/keys"],
    ["https://git.example/shop/*", "https://git.example/shop%2f..%2fsecret/keys"],
    // Another reader takes these for a host of another name.
    ["https://git.example/shop/*", "https://evil.test#@git.example/shop/web"],
    ["https://git.example/shop/*", "https://evil.test?@git.example/shop/web"],
    ["https://git.example/shop/*", "https://evil.test\\@git.example/shop/web"],
    ["https://git.example/shop/*", "https://git.example/shop/web\r\nHost: evil.test"],
    ["*", "https://evil.test#@git.example/shop/web"],
    ["*", "no address at all"],
    ["https://git.example/shop?ref=x", "https://git.example/shop"],
    ["https://git.exam?le", "https://git.example/shop"],
    ["", "https://git.example/shop"],
  ])("%s does not mean %s", (pattern, repo) => {
    expect(isRepository(pattern, { repo })).toBe(false);
  });

  test("a chart is meant by its repository, or by its own name there", () => {
    const redis = { repo: "oci://registry.example/charts", chart: "redis" };
    expect(isRepository("oci://registry.example/charts", redis)).toBe(true);
    expect(isRepository("oci://registry.example/charts/redis", redis)).toBe(true);
    expect(isRepository("oci://registry.example/charts/r*", redis)).toBe(true);
    expect(isRepository("oci://registry.example/charts/mysql", redis)).toBe(false);
    expect(isRepository("oci://registry.example/other", redis)).toBe(false);
    expect(isRepository("oci://registry.example/charts", { ...redis, chart: "../private/redis" })).toBe(false);
  });
});

test.each([
  ["*", "apps", "Deployment", true],
  ["*", "", "Secret", true],
  ["Secret", "", "Secret", true],
  ["Secret", "other.example", "Secret", false],
  ["secret", "", "Secret", false],
  ["*.apps", "apps", "StatefulSet", true],
  ["*.apps", "apps.example", "StatefulSet", false],
  ["*.apps", "", "Pod", false],
  ["*.*.example", "a.example", "Thing", true],
  ["Deployment", "apps", "Deployment", false],
  ["Deployment.*", "apps", "Deployment", true],
  ["Role*.rbac.authorization.k8s.io", "rbac.authorization.k8s.io", "RoleBinding", true],
  ["Role*.rbac.authorization.k8s.io", "rbac.authorization.k8s.io", "ClusterRole", false],
  ["*.", "", "Pod", true],
  ["*.", "apps", "Deployment", false],
])("kinds %s, asked for group %j and kind %s: %s", (pattern, group, kind, answer) => {
  expect(isKind(pattern, { group, kind })).toBe(answer);
});

test("a destination is a cluster and a namespace of one and the same entry", () => {
  const { spec } = project("p", {
    destinations: [
      { cluster: "east-*", namespaces: ["shop"] },
      { cluster: "west", namespaces: ["shop-*"] },
      { namespaces: ["everywhere"] },
    ],
  });
  const is = (cluster: string, namespace: string) => isDestination(spec, { cluster, namespace }, "plumbline-system");
  expect(is("east-1", "shop")).toBe(true);
  expect(is("east-1", "shop-a")).toBe(false);
  expect(is("west", "shop")).toBe(false);
  expect(is("west", "shop-a")).toBe(true);
  expect(is("north", "everywhere")).toBe(true);
});

test("Plumbline's own namespace is meant by its name, never by a pattern", () => {
  const everything = project("p", { destinations: [{ namespaces: ["*", "plumbline-*"] }] }).spec;
  const named = project("p", { destinations: [{ namespaces: ["plumbline-system"] }] }).spec;
  const own = { cluster: "here", namespace: "plumbline-system" };
  expect(isDestination(everything, own, "plumbline-system")).toBe(false);
  expect(isDestination(everything, { ...own, namespace: "plumbline-other" }, "plumbline-system")).toBe(true);
  expect(isDestination(named, own, "plumbline-system")).toBe(true);
});

test("names fit whole, and no pattern fits nothing", () => {
  expect(isNamed(["team-*"], "team-a")).toBe(true);
  expect(isNamed(["team"], "team-a")).toBe(false);
  expect(isNamed([], "team-a")).toBe(false);
});
