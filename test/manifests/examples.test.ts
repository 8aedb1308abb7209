import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { ApplicationSchema, formatRef, STAGE_NAMES } from "../../src/model/index.ts";
import { stageOf } from "../../src/plan/index.ts";
import { EXAMPLES, manifestsOf, objectsOf } from "./manifest-files.ts";

for (const example of EXAMPLES) {
  test(`the ${example} is whole: at least 12 objects, none twice, each with a line to find it by`, async () => {
    const manifests = await manifestsOf(`examples/${example}`);
    const names = manifests.map(({ ref }) => formatRef(ref));
    expect(names.length).toBeGreaterThanOrEqual(12);
    expect(names).toEqual([...new Set(names)]);
    expect(manifests.filter(({ origin }) => origin.line < 1)).toEqual([]);
  });

  test(`the ${example} names the namespace of every namespaced object, and every object is a part of it`, async () => {
    const objects = await objectsOf(`examples/${example}`);
    expect(objects.filter(({ metadata }) => (metadata.namespace ?? example) !== example)).toEqual([]);
    const strays = objects.filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/part-of"] !== example);
    expect(strays.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  });

  test(`the Application of the ${example} fits its schema and points at it`, async () => {
    const objects = await objectsOf("examples/applications");
    const found = objects.find(({ metadata }) => metadata.name === example);
    const application = Value.Default(ApplicationSchema, structuredClone(found));
    expect([...Value.Errors(ApplicationSchema, application)]).toEqual([]);
    expect(application).toMatchObject({ spec: { source: { path: example }, destination: { namespace: example } } });
  });
}

test("the examples have an object of every stage", async () => {
  const manifests = await Promise.all(EXAMPLES.map((example) => manifestsOf(`examples/${example}`)));
  const stages = new Set(manifests.flat().map(({ ref, object }) => stageOf(ref, object)));
  expect(STAGE_NAMES.filter((stage) => !stages.has(stage))).toEqual([]);
});

test("a Secret of the examples holds nothing that looks like a real one", async () => {
  const secrets = (await objectsOf("examples/blog")).filter(({ kind }) => kind === "Secret");
  expect(secrets).toHaveLength(1);
  const { username: _name, ...values } = Object(secrets[0]?.["stringData"]);
  for (const value of Object.values(values)) expect(value).toMatch(/^example-only-/);
});
