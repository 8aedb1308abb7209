import { expect, test } from "vitest";
import type { KubeObject } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { refuseDefinition } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { BAD_DEFINITIONS } from "./bad-definitions.ts";
import { definition, version } from "./definitions.ts";

function refusal(object: KubeObject, before?: KubeObject): ApiError {
  try {
    refuseDefinition(object, before);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

function causesOf({ details }: ApiError): string[] {
  return (details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
}

test.each(BAD_DEFINITIONS)("a definition with $name is refused", ({ changes, causes }) => {
  const error = refusal(definition(changes));
  expect([error.code, error.reason]).toEqual([422, "Invalid"]);
  expect(causesOf(error).sort()).toEqual([...causes].sort());
});

test("a refusal names the definition and every cause", () => {
  const error = refusal(definition({ "spec.scope": undefined, "spec.group": "" }));
  expect(error.details).toMatchObject({
    name: "crontabs.parts.example.com",
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
  });
  expect(error.message).toMatch(
    /^CustomResourceDefinition.apiextensions.k8s.io "crontabs.parts.example.com" is invalid: \[/,
  );
});

test("a definition that is right is taken, and so are parts that say their type in another way", () => {
  refuseDefinition(definition());
  const properties = {
    port: { "x-kubernetes-int-or-string": true },
    any: { "x-kubernetes-preserve-unknown-fields": true },
  };
  refuseDefinition(
    definition({ "spec.versions": [version("v1", { schema: { openAPIV3Schema: { type: "object", properties } } })] }),
  );
});

test.each([
  ["conversion by webhook", { "spec.conversion": { strategy: "Webhook" } }],
  [
    "rules in CEL",
    {
      "spec.versions": [
        version("v1", {
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-validations": [{ rule: "self.a > 1" }] } },
        }),
      ],
    },
  ],
])("%s is not in the sandbox", (_, changes) => {
  expect(refusal(definition(changes))).toMatchObject({ code: 501, reason: "PL-SANDBOX-UNSUPPORTED" });
});

const ESTABLISHED = {
  status: { conditions: [{ type: "Established", status: "True" }], storedVersions: ["v1"] },
};

test.each([
  ["scope", { "spec.scope": "Cluster" }, 'spec.scope: Invalid value: "Cluster": field is immutable'],
  ["group", { "spec.group": "x.example.com" }, 'spec.group: Invalid value: "x.example.com": field is immutable'],
  ["kind", { "spec.names.kind": "Other" }, 'spec.names.kind: Invalid value: "Other": field is immutable'],
])("the %s of a definition that is served stays", (_, changes, cause) => {
  const before = { ...definition(), ...ESTABLISHED };
  expect(causesOf(refusal({ ...definition(changes), ...ESTABLISHED }, before))).toEqual([cause]);
});

test("a version that objects are stored in stays", () => {
  const later = { ...definition({ "spec.versions": [version("v2")] }), ...ESTABLISHED };
  const [cause] = causesOf(refusal(later, { ...definition(), ...ESTABLISHED }));
  expect(cause).toMatch(
    /^status.storedVersions\[0\]: Invalid value: "v1": missing from spec.versions; v1 was previously/,
  );
});
