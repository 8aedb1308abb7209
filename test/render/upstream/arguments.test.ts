import { expect, test } from "vitest";
import type { HelmSource } from "../../../src/model/index.ts";
import type { RenderCase } from "./case-file.ts";
import { helmArguments } from "./helm-arguments.ts";
import { kustomizeEdits } from "./kustomize-edits.ts";

const PLACES = { repo: "/repo", references: new Map([["config", "/config"]]) };
const ALWAYS = ["template", "shop", "/repo/chart", "--namespace", "team-a", "--skip-tests"];

function argumentsOf(helm: HelmSource, valuesFile?: string): string[] {
  const of: RenderCase = {
    ...{ engine: "helm", id: "helm/web", folder: "/", path: "chart", name: "shop", namespace: "team-a" },
    ...{
      what: "a chart renders",
      references: {},
      archives: {},
      upstream: [],
      updates: false,
      fails: false,
      shows: [],
      source: { helm },
    },
  };
  return helmArguments(of, valuesFile === undefined ? PLACES : { ...PLACES, valuesFile });
}

test("definitions are asked for, unless the source leaves them out", () => {
  expect(argumentsOf({})).toEqual([...ALWAYS, "--include-crds"]);
  expect(argumentsOf({ skipCrds: true })).toEqual(ALWAYS);
  expect(argumentsOf({ includeCrds: false })).toEqual(ALWAYS);
});

test("files of values keep their order, and the source's own values come last", () => {
  const valueFiles = ["a.yaml", "/b.yaml", "$config/c/d.yaml"];
  const files = ["/repo/chart/a.yaml", "/repo/b.yaml", "/config/c/d.yaml", "/tmp/values.yaml"];
  expect(argumentsOf({ skipCrds: true, valueFiles }, "/tmp/values.yaml")).toEqual([
    ...ALWAYS,
    ...files.flatMap((file) => ["--values", file]),
  ]);
});

test("a reference that the case does not have is an error", () => {
  expect(() => argumentsOf({ valueFiles: ["$none/a.yaml"] })).toThrow("the case has no reference none");
});

test("the path of setFile is found as that of a file of values is", () => {
  expect(argumentsOf({ skipCrds: true, setFile: ["a.b=c=d.txt"] })).toEqual([
    ...ALWAYS,
    "--set-file",
    "a.b=/repo/chart/c=d.txt",
  ]);
});

test.each([
  [{ name: "web", newTag: "2" }, "web:2"],
  [{ name: "web", newName: "mirror/web" }, "web=mirror/web"],
  [{ name: "web", newName: "mirror/web", newTag: "2" }, "web=mirror/web:2"],
  [{ name: "web", digest: "sha256:aa" }, "web@sha256:aa"],
])("the image %o is edited in as %s", (image, argument) => {
  expect(kustomizeEdits({ images: [image] })).toEqual([["edit", "set", "image", argument]]);
});

test("a patch is edited in with what its target says", () => {
  const target = { kind: "Deployment", labelSelector: "app=web" };
  expect(kustomizeEdits({ patches: [{ patch: "[]", target }] })).toEqual([
    ["edit", "add", "patch", "--patch", "[]", "--kind=Deployment", "--label-selector=app=web"],
  ]);
});
