import { expect, test } from "vitest";
import { folderTree } from "../../src/render/folder-tree.ts";
import { kindOf } from "../../src/render/index.ts";
import { repositoryOf } from "./rendering.ts";

const FILES = {
  "chart/Chart.yaml": "",
  "overlay/kustomization.yaml": "",
  "older/kustomization.yml": "",
  "oldest/Kustomization": "",
  "both/Chart.yaml": "",
  "both/kustomization.yaml": "",
  "plain/chart.yaml": "",
  "plain/kustomization.json": "",
  "web-1.0.0.tgz": "",
  "one.yaml": "",
};

test.each([
  ["chart", "helm"],
  ["overlay", "kustomize"],
  ["older", "kustomize"],
  ["oldest", "kustomize"],
  ["both", "helm"],
  ["plain", "plain"],
  ["web-1.0.0.tgz", "helm"],
  ["one.yaml", "plain"],
  ["nowhere", "plain"],
])("what stands at %s is %s", async (path, kind) => {
  expect(await kindOf(await folderTree(repositoryOf(FILES)), path, {})).toBe(kind);
});

test("the source has the last word", async () => {
  const tree = await folderTree(repositoryOf(FILES));
  expect(await kindOf(tree, "chart", { render: "plain" })).toBe("plain");
  expect(await kindOf(tree, ".", { chart: "web" })).toBe("helm");
});
