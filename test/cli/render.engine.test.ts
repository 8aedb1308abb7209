import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeEngine } from "../engine/index.ts";
import { repositoryOf } from "../render/rendering.ts";
import { chartServer } from "../source/charts/chart-server.ts";
import { runPlumb, temporaryFolder } from "./run-plumb.ts";

const configMap = (name: string, data: string, metadata = ""): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${metadata} }\ndata: { ${data} }\n`;
const hook = (events: string): string => `, annotations: { helm.sh/hook: "${events}", helm.sh/hook-weight: "5" }`;

const CHART = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": "a: one\nb: one\nc: one\n",
  "web/templates/values.yaml": configMap("{{ .Release.Name }}", "all: '{{ .Values | toJson }}'"),
  "web/templates/capabilities.yaml": configMap(
    "in",
    "at: '{{ .Release.Namespace }} {{ .Capabilities.KubeVersion }} {{ list `x/v1` `y/v1` | join `,` }}', has: '{{ .Capabilities.APIVersions.Has `x/v1` }} {{ .Capabilities.APIVersions.Has `y/v1/Kind` }}'",
  ),
  "web/templates/before.yaml": configMap("before", 'a: "1"', hook("pre-install,pre-upgrade")),
  "web/templates/after.yaml": configMap("after", 'a: "1"', hook("post-delete")),
  "web/templates/NOTES.txt": "Open {{ .Release.Name }}.\n",
  "web/crds/thing.yaml":
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: things.example.com }\n",
};

const WITHOUT_NOTES = { "web/templates/NOTES.txt": "" };

async function objects(...args: readonly string[]) {
  const { code, stdout, stderr } = await runPlumb(["render", "-o", "json", ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const items: readonly { object: { metadata: { name: string }; data: { [key: string]: string } } }[] =
    JSON.parse(stdout);
  return new Map(items.map(({ object }) => [object.metadata.name, object.data]));
}

describeEngine("plumb render of a chart", () => {
  test("prints what would be installed, with template and hook, and the notes beside", async () => {
    const folder = repositoryOf(CHART);
    const { code, stdout, stderr } = await runPlumb(["render", join(folder, "web"), "--release-name", "shop"]);
    const comments = stdout.split("\n").filter((line) => line.startsWith("#"));
    expect(comments).toMatchInlineSnapshot(`
      [
        "# Source: crds/thing.yaml:1",
        "# Source: templates/before.yaml:1",
        "# Hook: pre-install, pre-upgrade, weight 5",
        "# Source: templates/capabilities.yaml:1",
        "# Source: templates/values.yaml:1",
      ]
    `);
    expect(stdout).toContain("  name: shop\n");
    expect([code, stderr]).toEqual([0, "notes:\nOpen shop.\n"]);
  });

  test("takes values in Helm's order, from files anywhere", async () => {
    const folder = repositoryOf({ ...CHART, ...WITHOUT_NOTES });
    const elsewhere = repositoryOf({
      "1.yaml": "b: two\nc: two\nd: two\n",
      "2.yaml": "c: three\n",
      "text.txt": "a\nb",
    });
    const files = ["-f", join(elsewhere, "1.yaml"), "--values", join(elsewhere, "2.yaml")];
    const set = ["--set", "d=4", "--set", "e.f=5,e.g=true", "--set-string", "h=6"];
    const file = ["--set-file", `i=${join(elsewhere, "text.txt")}`];
    const made = await objects(join(folder, "web"), ...files, ...set, ...file);
    expect(JSON.parse(made.get("release-name")?.["all"] ?? "")).toEqual({
      ...{ a: "one", b: "two", c: "three", d: 4 },
      ...{ e: { f: 5, g: true }, h: "6", i: "a\nb" },
    });
  });

  test("is for a namespace, a version and APIs that the command line names; definitions can be left out", async () => {
    const folder = repositoryOf({ ...CHART, ...WITHOUT_NOTES });
    const flags = ["-n", "team", "--kube-version", "v1.31.2", "--api-versions", "x/v1,z/v1", "-a", "y/v1/Kind"];
    const made = await objects(join(folder, "web"), ...flags, "--include-crds");
    expect(made.get("in")).toEqual({ at: "team v1.31.2 x/v1,y/v1", has: "true true" });
    expect(made.has("things.example.com")).toBe(true);
    expect((await objects(join(folder, "web"), "--skip-crds")).has("things.example.com")).toBe(false);
  });

  test("names a values file as the command line does when it cannot be used", async () => {
    const folder = repositoryOf({ ...CHART, "bad.yaml": "a: [\n" });
    const bad = join(folder, "bad.yaml");
    const { code, stdout, stderr } = await runPlumb(["render", join(folder, "web"), "--values", bad]);
    expect(stderr.startsWith(`PL-HELM-VALUES  ${bad}  `)).toBe(true);
    expect([code, stdout]).toEqual([3, ""]);
  });

  test("says where a template fails", async () => {
    const folder = repositoryOf({ ...CHART, "web/templates/bad.yaml": 'a: 1\nb: {{ fail "no more" }}\n' });
    const { code, stdout, stderr } = await runPlumb(["render", join(folder, "web")]);
    expect(stderr).toMatch(/^PL-HELM-TEMPLATE {2}\S*templates\/bad\.yaml:2:\d+ {2}.*no more/);
    expect([code, stdout]).toEqual([3, ""]);
  });

  test("fetches a dependency, and leaves nothing of it behind", async () => {
    const server = await chartServer();
    server.add("db", "1.2.0");
    const dependency = `dependencies: [{ name: db, version: ^1, repository: "${server.repo}", condition: db.enabled }]\n`;
    const folder = repositoryOf({ ...CHART, "web/Chart.yaml": `${CHART["web/Chart.yaml"]}${dependency}` });
    const temporary = temporaryFolder();
    const args = ["render", join(folder, "web"), "--set", "db.enabled=false", "-o", "name"];
    const { code, stdout } = await runPlumb(args, { TMPDIR: temporary });
    expect([code, stdout]).toEqual([0, expect.stringContaining("ConfigMap//before\n")]);
    expect(server.count("/charts/db-1.2.0.tgz")).toBe(1);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describeEngine("plumb render of a kustomization", () => {
  const KUSTOMIZE = {
    ".git/HEAD": "ref: refs/heads/main\n",
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": configMap("settings", 'a: "1"'),
    "overlay/kustomization.yaml": "resources: [../base]\nnamePrefix: shop-\ncommonLabels: { app: shop }\n",
  };

  test("prints what it builds with the file of each object, and deprecations as warnings", async () => {
    const { code, stdout, stderr } = await runPlumb(["render", join(repositoryOf(KUSTOMIZE), "overlay")]);
    expect(stdout).toMatchInlineSnapshot(`
      "---
      # Source: base/a.yaml:1
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: shop-settings
        labels:
          app: shop
      data:
        a: '1'
      "
    `);
    expect(stderr).toMatch(/^warning: overlay.*commonLabels.*\n$/);
    expect(code).toBe(0);
  });

  test("fetches nothing from elsewhere unless it is allowed", async () => {
    const server = await chartServer();
    server.answers.set("/bases/a.yaml", { body: configMap("remote", 'a: "1"') });
    const folder = repositoryOf({ "kustomization.yaml": `resources: ["${server.origin}/bases/a.yaml"]\n` });
    const refused = await runPlumb(["render", folder]);
    expect(refused.stderr).toMatch(/^PL-RENDER-REMOTE .*\n {2}next: .*--remote-sources/);
    expect(refused.code).toBe(3);
    expect(server.requests).toEqual([]);
    const allowed = await runPlumb(["render", folder, "--remote-sources", `${server.origin}/bases/`, "-o", "name"]);
    expect(allowed).toMatchObject({ code: 0, stdout: "ConfigMap//remote\n" });
  });
});
