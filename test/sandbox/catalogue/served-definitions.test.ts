import { expect, test } from "vitest";
import { isJsonObject } from "../../../src/model/index.ts";
import { type Catalogue, createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { definition, GROUP, schemaOf, version } from "./definitions.ts";

function serving(...definitions: readonly ReturnType<typeof definition>[]): Catalogue {
  const catalogue = createCatalogue();
  for (const one of definitions) catalogue.define(one);
  return catalogue;
}

const KIND = { group: GROUP, version: "v1", kind: "CronTab" };
const PLURAL = { group: GROUP, version: "v1", plural: "crontabs" };

test("what is defined is served under its plural and its kind, with all that the definition says of it", () => {
  const catalogue = serving(
    definition({
      "spec.names.shortNames": ["ct"],
      "spec.names.categories": ["all"],
      "spec.versions": [
        version("v1", {
          additionalPrinterColumns: [{ name: "When", type: "string", jsonPath: ".spec.schedule", priority: 1 }],
          subresources: {
            status: {},
            scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
          },
        }),
      ],
    }),
  );
  const served = catalogue.byKind(KIND);
  expect(served).toMatchObject({
    ...KIND,
    plural: "crontabs",
    singular: "crontab",
    shortNames: ["ct"],
    categories: ["all"],
    namespaced: true,
    status: true,
    scale: { specReplicas: ".spec.replicas", statusReplicas: ".status.replicas" },
    custom: { columns: [{ name: "When", type: "string", jsonPath: ".spec.schedule", priority: 1 }] },
  });
  expect(catalogue.find(PLURAL)).toBe(served);
  expect(catalogue.all().at(-1)).toBe(served);
});

test("without columns of its own a kind shows its age", () => {
  const served = serving(definition()).byKind(KIND);
  expect(served?.custom?.columns).toEqual([{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }]);
  expect([served?.status, served?.scale]).toEqual([false, undefined]);
});

test("each served version is a resource, and the others are none", () => {
  const versions = [version("v1"), version("v1beta1", { storage: false }), version("v0", { served: false })];
  const catalogue = serving(definition({ "spec.versions": versions }));
  const names = catalogue
    .all()
    .filter(({ group }) => group === GROUP)
    .map((one) => one.version);
  expect(names).toEqual(["v1", "v1beta1"]);
});

test("a definition without its names is not served", () => {
  const refused = { conditions: [{ type: "Established", status: "False" }] };
  expect(serving({ ...definition(), status: refused }).byKind(KIND)).toBeUndefined();
});

test("a definition is served under the names that were accepted", () => {
  const status = {
    acceptedNames: { plural: "crontabs", kind: "CronTab", shortNames: ["ct"] },
    conditions: [{ type: "Established", status: "True" }],
  };
  const wanted = definition({ "spec.names.shortNames": ["other"] });
  expect(serving({ ...wanted, status }).byKind(KIND)?.shortNames).toEqual(["ct"]);
});

test("what is forgotten is not served any more, and what is defined anew has its new fields", () => {
  const catalogue = serving(definition());
  expect(catalogue.byKind(KIND)?.schema().field("colour")).toBeUndefined();
  catalogue.define(
    definition({ "spec.versions": schemaOf({ type: "object", properties: { colour: { type: "string" } } }) }),
  );
  expect(catalogue.byKind(KIND)?.schema().field("colour")?.scalar).toBe("string");
  catalogue.forget(`crontabs.${GROUP}`);
  expect([catalogue.byKind(KIND), catalogue.find(PLURAL), catalogue.openApi(`apis/${GROUP}/v1`)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a custom resource's schema is that of its definition", () => {
  const properties = {
    any: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
    names: { type: "array", nullable: true, "x-kubernetes-list-type": "set", items: { type: "string" } },
    count: { type: "integer", default: 3 },
    pod: { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
  };
  const schema = serving(definition({ "spec.versions": schemaOf({ type: "object", properties }) }))
    .byKind(KIND)
    ?.schema();
  expect(schema?.field("metadata")?.field("finalizers")?.listType).toBe("set");
  expect(schema?.field("any")?.field("anything")?.kind).toBe("any");
  expect(schema?.field("port")?.scalar).toBe("int-or-string");
  expect(schema?.field("names")).toMatchObject({ listType: "set", nullable: true });
  expect(schema?.field("count")?.default).toBe(3);
  expect(schema?.field("pod")?.required).toEqual(["kind", "apiVersion"]);
  expect(schema?.field("pod")?.field("metadata")?.field("labels")?.kind).toBe("map");
  expect(schema?.field("pod")?.field("spec")?.kind).toBe("any");
});

test("the hash of a document changes with what is defined in it, and with nothing else", () => {
  const hashes = (catalogue: Catalogue) => {
    const { paths } = catalogue.openApiIndex();
    return isJsonObject(paths) ? paths : {};
  };
  const before = hashes(createCatalogue());
  const one = hashes(serving(definition()));
  const other = hashes(serving(definition({ "spec.versions": schemaOf({ type: "object" }) })));
  expect(one["apis/apps/v1"]).toEqual(before["apis/apps/v1"]);
  expect(one[`apis/${GROUP}/v1`]).toEqual(hashes(serving(definition()))[`apis/${GROUP}/v1`]);
  expect(one[`apis/${GROUP}/v1`]).not.toEqual(other[`apis/${GROUP}/v1`]);
});
