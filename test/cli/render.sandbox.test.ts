import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ManifestsPage } from "../../src/api/index.ts";
import { World } from "../e2e/world.ts";
import { describeTarget, testCluster } from "../target/index.ts";
import { runPlumb, temporaryFolder } from "./run-plumb.ts";

const PASSWORD = "open sesame";
const base64 = (text: string) => Buffer.from(text).toString("base64");

const FILES = {
  "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "web/values.yaml": `password: ${PASSWORD}\n`,
  "web/templates/pass.yaml":
    "apiVersion: v1\nkind: Secret\nmetadata: { name: pass }\nstringData: { password: {{ .Values.password }} }\n",
  "web/templates/after.yaml":
    'apiVersion: v1\nkind: Secret\nmetadata: { name: after, annotations: { helm.sh/hook: post-delete } }\nstringData: { farewell: "so long, friends" }\n',
  "web/templates/NOTES.txt":
    "Release {{ .Release.Revision }}: {{ .Values.password }}, {{ .Values.password | b64enc }}, so long, friends.\n",
};

describeTarget("plumb render of an application", () => {
  test("is what is in force, values of Secrets masked wherever they stand, and no pass", async () => {
    await using world = await World.synced({ files: FILES, sync: { interval: "10m" } });
    const before = await world.status(() => true);
    const env = { PLUMB_SERVER: world.plumbline.address };
    const { code, stdout, stderr } = await runPlumb(["render", world.application], env);
    expect(stdout).toMatchInlineSnapshot(`
      "---
      # Source: web/templates/pass.yaml:1
      apiVersion: v1
      kind: Secret
      metadata:
        name: pass
      stringData:
        password: (masked)
      "
    `);
    expect(stderr).toBe("notes:\nRelease 1: (masked), (masked), (masked).\n");
    expect(code).toBe(0);
    expect((await world.status(() => true)).lastPass).toEqual(before.lastPass);

    const revision = await world.commit({ "web/templates/pass.yaml": '{{ fail "no more" }}' });
    await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true`);
    const path = `/api/v1/applications/${world.application}/manifests`;
    const broken = await world.plumbline.get<ManifestsPage>(path);
    expect(broken).toMatchObject({ total: 1, problems: [{ code: "PL-HELM-TEMPLATE" }] });
    expect(broken.revision).not.toBe(revision);
    expect(JSON.stringify(broken)).not.toMatch(new RegExp(`${PASSWORD}|${base64(PASSWORD)}|so long`));
  });
});

const LOOKING = `apiVersion: v1
kind: ConfigMap
metadata: { name: seen }
data:
  color: '{{ dig "data" "color" "none" (lookup "v1" "ConfigMap" .Release.Namespace "other") }}'
  served: '{{ .Capabilities.APIVersions.Has "v1/ConfigMap" }}'
`;

describeTarget("plumb render of a folder with a cluster", () => {
  test("looks live objects up there, and offline finds none", async () => {
    const cluster = await testCluster();
    const namespace = await cluster.createNamespace("render");
    const other = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "other", namespace },
      data: { color: "green" },
    };
    await cluster.kubectl(["apply", "-f", "-"], JSON.stringify(other));
    const folder = temporaryFolder();
    mkdirSync(join(folder, "templates"));
    writeFileSync(join(folder, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    writeFileSync(join(folder, "templates", "a.yaml"), LOOKING);
    const args = ["render", folder, "-n", namespace];
    const there = await runPlumb([...args, "--kubeconfig", cluster.kubeconfigPath]);
    expect(there).toMatchObject({ code: 0, stdout: expect.stringContaining("color: green\n  served: 'true'\n") });
    expect((await runPlumb(args, { KUBECONFIG: cluster.kubeconfigPath })).stdout).toContain("color: none\n");
  });
});
