import { join } from "node:path";
import { dump } from "js-yaml";
import { expect, test } from "vitest";
import { applicationCrd, projectCrd } from "../../src/model/index.ts";

const FILE = join(import.meta.dirname, "../../manifests/deploy/crd.yaml");
const OPENING = "# Made from src/model/application.ts by `npm run manifests:crd`; a test holds the two together.\n";

test("manifests/deploy/crd.yaml is made from the schema of an Application", async () => {
  await expect(OPENING + dump(applicationCrd(), { lineWidth: 120, noRefs: true })).toMatchFileSnapshot(FILE);
});

test("manifests/deploy/project-crd.yaml is made from the schema of a Project", async () => {
  const opening = "# Made from src/model/project.ts by `npm run manifests:crd`; a test holds the two together.\n";
  const file = join(import.meta.dirname, "../../manifests/deploy/project-crd.yaml");
  await expect(opening + dump(projectCrd(), { lineWidth: 120, noRefs: true })).toMatchFileSnapshot(file);
});

test("fields with a default need not be given, and those without one must", () => {
  const text = JSON.stringify(applicationCrd());
  expect(text).toContain('"required":["source"]');
  expect(text).toContain('"required":["repo"]');
  expect(text).toContain('"required":["reason"]');
});

test("nothing stands in the definition that a structural schema may not hold", () => {
  expect(JSON.stringify([applicationCrd(), projectCrd()])).not.toMatch(
    /patternProperties|anyOf|const|\$ref|"additionalProperties":(true|false)/,
  );
});
