import { expect, test } from "vitest";
import type { Problem } from "../../src/model/index.ts";
import { problemsOf } from "../../src/render/failure.ts";
import { templatePlace } from "../../src/render/outputs.ts";
import type { EngineFailure } from "../../src/render/wasm/protocol.ts";

function said(failure: EngineFailure, path = "apps/web"): readonly Problem[] {
  return problemsOf(failure, path, templatePlace(path));
}

test("a template's failure stands where the template stands", () => {
  const failure = { kind: "template", message: "bad", chart: "web", file: "web/templates/a.yaml", line: 3, column: 7 };
  expect(said(failure)).toMatchObject([{ code: "PL-HELM-TEMPLATE", where: "apps/web/templates/a.yaml:3:7" }]);
});

test("each value that a schema does not allow is a problem, with its path", () => {
  const violations = [
    { chart: "web", path: "/replicas", message: "got string, want integer" },
    { chart: "db", path: "", message: "missing property 'size'" },
  ];
  expect(said({ kind: "schema", message: "", violations })).toMatchObject([
    { code: "PL-HELM-SCHEMA", message: "/replicas: got string, want integer", where: "values of chart web" },
    { code: "PL-HELM-SCHEMA", message: "/: missing property 'size'", where: "values of chart db" },
  ]);
});

test("paths of the engine are those of people", () => {
  const failure = { kind: "build", message: "no /@/base/a.yaml, nor /@values/x.yaml" };
  expect(said(failure)).toMatchObject([{ message: "no base/a.yaml, nor $values/x.yaml", where: "apps/web" }]);
  expect(said({ kind: "archive", message: "", file: "/@/apps/web/charts/a.tgz" })[0]?.where).toBe(
    "apps/web/charts/a.tgz",
  );
});

test("a chart below is named, one by its folder is the path itself", () => {
  expect(said({ kind: "dependency", message: "", chart: "db" })[0]?.where).toBe("chart db of apps/web");
  expect(said({ kind: "chart", message: "", chart: "/@/apps/web" })[0]?.where).toBe("apps/web");
});

test("what the host refused is said in the host's own words", () => {
  const problem: Problem = { code: "PL-RENDER-REMOTE", message: "no", next: "allow it", retry: "revision" };
  expect(said({ kind: "host", message: "wrapped: no", problem })).toEqual([{ ...problem, where: "apps/web" }]);
});

test("a failure of no known kind is a fault", () => {
  expect(said({ kind: "internal", message: "index out of range" })).toMatchObject([{ code: "PL-RENDER-FAULT" }]);
});

test("a message is cut where it quotes whole templates", () => {
  const [problem] = said({ kind: "template", message: "x".repeat(100_000) });
  expect(problem?.message).toBe(`${"x".repeat(2000)}… (100000 characters)`);
});
