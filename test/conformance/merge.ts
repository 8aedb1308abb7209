import { canonicalJson } from "../../src/kit/hash.ts";
import { compileOpenApi, isJsonObject, type JsonObject, type SchemaNode } from "../../src/model/index.ts";
import { ApiError } from "../../src/sandbox/kubernetes/api-error.ts";
import { mergePatch, strategicMerge } from "../../src/sandbox/kubernetes/patch/index.ts";
import { filesWithList } from "./case-folder.ts";
import { type MergeCase, type PatchStep, sortedLists, strategicSteps } from "./merge-cases.ts";
import type { CaseFolder, CaseSet, Judged, LeftOut, SetAnswers } from "./types.ts";

/** Patches as the sandbox's server does them. Plumbline itself makes none: it applies. */
export const STRATEGIC: CaseSet = {
  name: "strategic merge",
  isIn: (folder) => mergeFiles(folder, "strategic").length > 0,
  judge: async (folder) => answersTo(mergeFiles(folder, "strategic"), strategicQuestions),
};

export const JSON_MERGE: CaseSet = {
  name: "json merge",
  isIn: (folder) => mergeFiles(folder, "json").length > 0,
  judge: async (folder) => answersTo(mergeFiles(folder, "json"), () => jsonQuestion),
};

function mergeFiles(folder: CaseFolder, kind: "strategic" | "json"): JsonObject[] {
  return filesWithList(folder, "cases")
    .map(({ value }) => value)
    .filter(({ cases, schema }) => {
      const first = Array.isArray(cases) ? cases[0] : undefined;
      return isJsonObject(first) && "group" in first && isJsonObject(schema) === (kind === "strategic");
    });
}

type Question = (one: MergeCase) => { readonly steps: readonly PatchStep[]; run(step: PatchStep): JsonObject };

const CLIENTS_HALF = "lists are sorted, or a patch is made or refused while it is made: the client's half";

function answersTo(files: readonly JsonObject[], questionsOf: (file: JsonObject) => Question): SetAnswers {
  const cases: Judged[] = [];
  const leftOut: LeftOut[] = [];
  for (const file of files) {
    const question = questionsOf(file);
    for (const one of file["cases"] as object as readonly MergeCase[]) {
      const { steps, run } = question(one);
      const name = `${one.index} ${one.group} ${one.name}`;
      const faults = steps.flatMap((step) => faultOf(step, run));
      if (steps.length === 0) leftOut.push({ name, why: CLIENTS_HALF });
      else cases.push({ name, ...(faults.length > 0 && { wrong: faults.join("; ") }) });
    }
  }
  return { cases, leftOut };
}

function faultOf(step: PatchStep, run: (step: PatchStep) => JsonObject): string[] {
  const { what, error, result, sorted } = step;
  const got = outcomeOf(() => run(step));
  if (error !== undefined) {
    return typeof got === "string" && got.includes(error) ? [] : [`${what}: ${shown(got)}, and not "${error}"`];
  }
  const plain = (value: unknown) => canonicalJson(sorted ? sortedLists(value) : value);
  return plain(got) === plain(result) ? [] : [`${what}: ${shown(got)}, and not ${shown(result)}`];
}

function outcomeOf(run: () => JsonObject): JsonObject | string {
  try {
    return run();
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

function shown(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

function jsonQuestion(one: MergeCase): ReturnType<Question> {
  const { group, current, threeWay, result } = one;
  const isPatch = group === "threeWay" && isJsonObject(threeWay) && isJsonObject(result);
  const steps = isPatch
    ? [{ what: "three-way", live: current ?? {}, patch: threeWay, result, error: undefined, sorted: false }]
    : [];
  return { steps, run: ({ live, patch }) => mergePatch(live, patch) };
}

function strategicQuestions(file: JsonObject): Question {
  const { openapiV3: documents } = file["schema"] as { readonly openapiV3: JsonObject };
  const mergeItem = itemSchema(documents, "mergeItem");
  const precisionItem = itemSchema(documents, "precisionItem");
  return (one) => ({
    steps: strategicSteps(one),
    run: ({ live, patch }) => strategicMerge(live, patch, one.group === "numbers" ? precisionItem : mergeItem),
  });
}

function itemSchema(documents: JsonObject, kind: string): SchemaNode {
  const { components } = documents[kind] as { readonly components: { readonly schemas: Schemas } };
  const schemas = { ...components.schemas, ...withPointersAsLists(components.schemas) };
  // compileOpenApi takes for a kind what has ObjectMeta, which these have not.
  const root = {
    properties: {
      metadata: { $ref: "#/components/schemas/x.meta.v1.ObjectMeta" },
      it: { $ref: `#/components/schemas/${kind}` },
    },
    "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Root" }],
  };
  const compiled = compileOpenApi({ components: { schemas: { ...schemas, root } } });
  const node = compiled.schema({ group: "", version: "v1", kind: "Root" })?.field("it");
  if (node === undefined) throw new Error(`no schema of ${kind}`);
  return node;
}

type Schemas = { readonly [name: string]: { readonly properties?: JsonObject } };

/** A pointer to a list in Go is a list; the cases' OpenAPI calls it an object. */
function withPointersAsLists({ mergeItem }: Schemas): JsonObject {
  const properties = mergeItem?.properties;
  if (properties?.["mergingList"] === undefined) return {};
  return { mergeItem: { ...mergeItem, properties: { ...properties, mergeItemPtr: properties["mergingList"] } } };
}
