import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileOpenApi, type JsonObject, type SchemaNode } from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { mergePatch, strategicMerge } from "../../../src/sandbox/kubernetes/patch/index.ts";

const FOLDER = join(
  process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../../shared/conformance"),
  "merge",
);

interface Case {
  readonly index: number;
  readonly name: string;
  readonly group: string;
  readonly original?: JsonObject | null;
  readonly current?: JsonObject | null;
  readonly patch?: JsonObject;
  readonly twoWay?: JsonObject;
  readonly twoWayResult?: JsonObject;
  readonly threeWay?: JsonObject;
  readonly result?: JsonObject;
  readonly applyError?: string;
  readonly sorted?: JsonObject;
  readonly [text: string]: unknown;
}

interface Step {
  readonly what: string;
  readonly live: JsonObject;
  readonly patch: JsonObject;
  readonly result: JsonObject | undefined;
  readonly error: string | undefined;
  /** The original test sorts merge lists before it compares. */
  readonly sorted: boolean;
}

/** What is no work of a server. */
const WITHOUT_PATCH = "lists are sorted, or a patch is refused while it is made: the client's half";

function stepsOf(one: Case): Step[] {
  const sorted = one.group === "create" || one.group === "apply";
  const step = (what: string, live: unknown, patch: unknown, result: unknown): Step[] =>
    patch === undefined || (result === undefined && one.applyError === undefined)
      ? []
      : [
          {
            what: `${one.index} ${one.group} ${one.name}: ${what}`,
            live: (live ?? {}) as JsonObject,
            patch: patch as JsonObject,
            result: result as JsonObject | undefined,
            error: one.applyError,
            sorted,
          },
        ];
  const text = (field: string) => (one[field] ? JSON.parse(String(one[field])) : undefined);
  return [
    ...step("patch", one.original, one.patch, one.result),
    ...step("two-way", one.original, one.twoWay, one.twoWayResult),
    ...(one.patch === undefined ? step("three-way", one.current, one.threeWay, one.result) : []),
    ...step("two-way", text("Original"), text("ExpectedTwoWay"), text("ExpectedTwoWayResult")),
    ...step("three-way", text("Current"), text("ExpectedThreeWay"), text("ExpectedThreeWayResult")),
    ...step("numbers", text("Old"), text("ExpectedPatch"), text("ExpectedResult")),
  ];
}

function schemaOf(document: unknown, kind: string): SchemaNode {
  const components = (document as { components: { schemas: JsonObject } }).components;
  // compileOpenApi takes for a kind what has ObjectMeta, which these have not.
  const root = {
    properties: {
      metadata: { $ref: "#/components/schemas/x.meta.v1.ObjectMeta" },
      it: { $ref: `#/components/schemas/${kind}` },
    },
    "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Root" }],
  };
  const compiled = compileOpenApi({ components: { schemas: { ...components.schemas, root } } });
  const node = compiled.schema({ group: "", version: "v1", kind: "Root" })?.field("it");
  if (node === undefined) throw new Error(`no schema of ${kind}`);
  return node;
}

/** Merge lists by key, and scalars by value: where the original test does so. */
function sortedLists(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(sortedLists);
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sortedLists(part)]));
}

function outcome({ live, patch }: Step, schema: SchemaNode): JsonObject | string {
  try {
    return strategicMerge(live, patch, schema);
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

test.skipIf(!existsSync(FOLDER))(
  "apimachinery's strategic merges come out the same (needs the conformance folder)",
  () => {
    const { schema, cases } = JSON.parse(readFileSync(join(FOLDER, "strategic.json"), "utf8"));
    // A pointer to a list in Go, which the cases' OpenAPI calls an object.
    const { properties } = schema.openapiV3.mergeItem.components.schemas.mergeItem;
    properties.mergeItemPtr = properties.mergingList;
    const mergeItem = schemaOf(schema.openapiV3.mergeItem, "mergeItem");
    const precisionItem = schemaOf(schema.openapiV3.precisionItem, "precisionItem");
    const without = (cases as Case[]).filter((one) => stepsOf(one).length === 0);
    expect(
      without.map(({ group }) => group),
      WITHOUT_PATCH,
    ).toEqual(["sort", "sort", "sort", "sort", "unknownField"]);
    let count = 0;
    for (const one of cases as Case[]) {
      for (const step of stepsOf(one)) {
        const got = outcome(step, one.group === "numbers" ? precisionItem : mergeItem);
        count += 1;
        if (step.error !== undefined) expect(got, step.what).toContain(step.error);
        else if (step.sorted) expect(sortedLists(got), step.what).toEqual(sortedLists(step.result));
        else expect(got, step.what).toEqual(step.result);
      }
    }
    expect(count).toBeGreaterThan(120);
  },
);

test.skipIf(!existsSync(FOLDER))("apimachinery's JSON merges come out the same (needs the conformance folder)", () => {
  const { cases } = JSON.parse(readFileSync(join(FOLDER, "jsonmerge.json"), "utf8"));
  const threeWay = (cases as Case[]).filter(
    ({ group, threeWay: patch }) => group === "threeWay" && patch !== undefined,
  );
  for (const { index, name, current, threeWay: patch, result } of threeWay) {
    expect(mergePatch(current ?? {}, patch ?? {}), `${index} ${name}`).toEqual(result);
  }
  expect(threeWay.length).toBeGreaterThan(8);
});
