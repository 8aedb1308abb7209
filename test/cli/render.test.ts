import { join } from "node:path";
import { expect, test } from "vitest";
import type { Manifest } from "../../src/model/index.ts";
import { repositoryOf } from "../render/rendering.ts";
import { problem, status } from "../report/statuses.ts";
import { runPlumb, temporaryFolder } from "./run-plumb.ts";
import { startServer } from "./server.ts";

const SETTINGS =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: shop }\ndata: { light: "on" }\n';
const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: pass }\nstringData: { password: open sesame }\n";
const CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

test("a folder's manifests are printed as YAML documents, each with its origin, Secrets as they are", async () => {
  const folder = repositoryOf({ "a.yaml": `# first\n\n${SETTINGS}`, "b.yaml": SECRET });
  const { code, stdout, stderr } = await runPlumb(["render", folder]);
  expect(stdout.replaceAll(folder, "FOLDER")).toMatchInlineSnapshot(`
    "---
    # Source: FOLDER/a.yaml:3
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: shop
    data:
      light: 'on'
    ---
    # Source: FOLDER/b.yaml:1
    apiVersion: v1
    kind: Secret
    metadata:
      name: pass
    stringData:
      password: open sesame
    "
  `);
  expect([code, stderr]).toEqual([0, ""]);
});

test("kinds that Kubernetes takes out are warned of without any server, with the place and what to change", async () => {
  const folder = repositoryOf({
    "web/pdb.yaml": "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: web }\n",
  });
  const { code, stderr } = await runPlumb(["render", folder]);
  expect(stderr.replaceAll(folder, "FOLDER")).toMatch(
    /^warning: FOLDER\/web\/pdb\.yaml:1: policy\/v1beta1 PodDisruptionBudget is deprecated since Kubernetes 1\.21, and Kubernetes 1\.25 serves it no more: use apiVersion: policy\/v1; /,
  );
  expect(code).toBe(0);
});

test("-o json is one list of objects with their origins, -o name one line an object", async () => {
  const folder = repositoryOf({ "a.yaml": SETTINGS, "b.yaml": SECRET });
  const { stdout } = await runPlumb(["render", folder, "-o", "json"]);
  expect(JSON.parse(stdout)).toEqual([
    {
      origin: { repo: folder, revision: "", file: join(folder, "a.yaml"), line: 1 },
      object: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "settings", namespace: "shop" },
        data: { light: "on" },
      },
    },
    expect.objectContaining({ object: expect.objectContaining({ kind: "Secret" }) }),
  ]);
  const names = await runPlumb(["render", folder, "-o", "name"]);
  expect(names.stdout).toBe("ConfigMap/shop/settings\nSecret//pass\n");
});

test("a file's name cannot add a line to what is printed", async () => {
  const folder = repositoryOf({ "a\nkind: Secret #.yaml": SETTINGS });
  const { stdout } = await runPlumb(["render", folder]);
  expect(stdout).toMatch(/^---\n# Source: .*a kind: Secret #\.yaml:1\napiVersion: v1\n/);
});

test("problems are told with their places, nothing is printed, and the exit code is 3", async () => {
  const folder = repositoryOf({ "a.yaml": SETTINGS, "b.yaml": "a:\n\tb: 1\n" });
  const { code, stdout, stderr } = await runPlumb(["render", folder]);
  expect(stderr).toMatch(/^PL-YAML-TAB {2}\S+b\.yaml:2\b.*\n {2}next: /);
  expect([code, stdout]).toEqual([3, ""]);
});

test("a chart where no renderer was built: the code says which command makes it", async () => {
  const folder = repositoryOf({ "Chart.yaml": CHART });
  const { code, stderr } = await runPlumb(["render", folder], { XDG_CACHE_HOME: temporaryFolder() });
  expect(stderr).toMatch(/^PL-ENGINE-MISSING .*\n {2}next: run `npm run build:engine`/);
  expect(code).toBe(3);
});

test.each([
  [
    ["--values", "/nowhere/values.yaml"],
    /^PL-USAGE {2}\/nowhere\/values\.yaml {2}it cannot be read: .*\n {2}next: give --values/,
  ],
  [["--set-file", "key"], /^PL-USAGE {2}--set-file {2}"key" is not KEY=PATH/],
  [["--set-file", "key=/nowhere/a"], /^PL-USAGE {2}\/nowhere\/a {2}.*\n {2}next: give --set-file/],
  [["-o", "wide"], /^PL-USAGE {2}.*Allowed choices are yaml, json, name/],
])("%j of a folder is a usage error", async (flags, words) => {
  const { code, stdout, stderr } = await runPlumb(["render", repositoryOf({ "a.yaml": SETTINGS }), ...flags]);
  expect(stderr).toMatch(words);
  expect([code, stdout]).toEqual([2, ""]);
});

test("a folder that is not there, and flags for folders with an application, are usage errors", async () => {
  const missing = await runPlumb(["render", "./nowhere"]);
  expect(missing.stderr).toMatch(/^PL-USAGE {2}\.\/nowhere {2}there is no such file or folder/);
  const flags = await runPlumb(["render", "shop/web", "--set-string", "a=b"]);
  expect(flags.stderr).toMatch(
    /^PL-USAGE {2}shop\/web {2}--set-string is for a folder, and this is taken for an application/,
  );
  expect([missing.code, flags.code]).toEqual([2, 2]);
});

const MANIFEST: Manifest = {
  ref: { group: "apps", version: "v1", kind: "Deployment", name: "web" },
  object: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } },
  origin: { repo: "https://git.example/shop.git", revision: "b".repeat(40), file: "web/deploy.yaml", line: 4 },
  hook: { events: ["pre-install", "pre-upgrade"], weight: 5, deletePolicies: ["hook-succeeded"] },
};
const RENDERED = { revision: "b".repeat(40), manifests: [MANIFEST], problems: [], warnings: [] };

test("an application is rendered by the server: hooks with their events, warnings and notes beside the data", async () => {
  const { url, control } = await startServer([status("shop/web")]);
  control.renders.set("shop/web", { ...RENDERED, warnings: ["old field"], notes: "Open\u001b[31m the door.\n\n" });
  const { code, stdout, stderr } = await runPlumb(["render", "web", "--server", url]);
  expect(stdout).toMatchInlineSnapshot(`
    "---
    # Source: web/deploy.yaml:4
    # Hook: pre-install, pre-upgrade, weight 5
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
    "
  `);
  expect(stderr).toBe("warning: old field\nnotes:\nOpen?[31m the door.\n");
  expect(code).toBe(0);
});

test("every page of an application with many manifests is read", async () => {
  const { url, control } = await startServer([status("shop/web")]);
  const manifests = Array.from({ length: 2500 }, (_, index) => ({
    ...MANIFEST,
    ref: { ...MANIFEST.ref, name: `web-${index}` },
  }));
  control.renders.set("shop/web", { ...RENDERED, manifests });
  const { stdout } = await runPlumb(["render", "shop/web", "-o", "name", "--server", url]);
  expect(stdout.trim().split("\n")).toEqual(manifests.map(({ ref }) => `Deployment.apps//${ref.name}`));
});

test("what is in force is printed while the newest revision is broken, with what is wrong, and the exit code is 3", async () => {
  const { url, control } = await startServer([status("shop/web")]);
  control.renders.set("shop/web", { ...RENDERED, problems: [problem()] });
  const { code, stdout, stderr } = await runPlumb(["render", "shop/web", "-o", "name", "--server", url]);
  expect(stdout).toBe("Deployment.apps//web\n");
  expect(stderr).toMatch(/^PL-YAML-TAB /);
  expect(code).toBe(3);
});
