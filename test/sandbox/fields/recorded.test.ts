import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../src/kit/hash.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
} from "../../../src/model/index.ts";
import { ApiError } from "../../../src/sandbox/kubernetes/api-error.ts";
import { applyFields, noteUpdate } from "../../../src/sandbox/kubernetes/fields/index.ts";
import type { Scenario, Step } from "../../conformance/index.ts";
import { HAS_CONFORMANCE, publishedSchema, recordedScenarios } from "./recorded.ts";

/** Values that the server writes otherwise after the fields are merged: that is the kinds' own preparation, not ownership. */
const PREPARED: { readonly [scenario: string]: string } = {
  "052-quantity-numbers": "quantities are spelt canonically",
  "054-quantity-rounding": "quantities are spelt canonically",
  "062-null-values": "null gives way to the default",
  "064-null-after-value": "null in a map of strings is the empty string",
  "068-creation-timestamp-null": "the server sets the time of creation",
  "088-service-node-port-to-cluster-ip": "node ports of a Service that has none any more are dropped",
  "112-secret-string-data": "stringData becomes data",
  "114-secret-data-and-string-data": "stringData becomes data",
  "116-secret-base64-spelling": "base64 is spelt anew",
  "128-cr-null": "null gives way to the definition's default",
  "120-role-binding-empty-api-group": "an empty apiGroup gets its default",
};

/** Compared up to a step. */
const UNTIL: { readonly [scenario: string]: { readonly steps: number; readonly why: string } } = {
  "132-cr-status": {
    steps: 2,
    why: "the server writes once for a status that is not ours, and changes nothing but a time",
  },
};

describe.skipIf(!HAS_CONFORMANCE)("what the real server was recorded to do (shared/conformance/ssa)", () => {
  for (const scenario of recordedScenarios()) test(scenario.name, () => replay(scenario));
});

function replay({ name, steps }: Scenario): void {
  let before: LiveObject | null = null;
  for (const step of steps.slice(0, UNTIL[name]?.steps)) {
    if (step.op === "apply") expectApply(step, before, PREPARED[name] === undefined);
    else if (step.live !== null && step.op !== "delete" && step.response.code < 300)
      expectUpdate(step, before, step.live);
    before = step.live;
  }
}

function expectApply(step: Step, before: LiveObject | null, values: boolean): void {
  const { object: manifest, live, response } = step;
  if (manifest === undefined) throw new Error("an apply without a manifest");
  const writer = {
    manager: step.manager,
    operation: "Apply" as const,
    time: NOW,
    ...throughOf(step.subresource),
  };
  const resets = step.subresource === "status" ? ["spec"] : ["status"];
  const apply = () =>
    applyFields({
      live: before ?? undefined,
      manifest,
      schema: publishedSchema(manifest),
      writer,
      force: step.force === true,
      resets,
    });
  if (response.code === 409) expectConflict(apply, response.body ?? {});
  // What else the server refuses it refuses for the values, before or after this.
  if (response.code >= 300 || live === null) return;
  const result = apply();
  expectOwners(result, { live, before, isWritten: step.resourceVersionChanged });
  if (values) expect(missing(asJson(result), asJson(live))).toEqual([]);
}

function expectConflict(apply: () => KubeObject, wanted: object): void {
  let refused: unknown;
  try {
    apply();
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ApiError);
  if (refused instanceof ApiError) expect(causesSorted(refused.status())).toEqual(causesSorted(wanted));
}

/** The server names them in no order. */
function causesSorted(status: object): Json {
  const copy = JSON.parse(JSON.stringify(status));
  copy.details.causes.sort((one: Json, other: Json) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  return copy;
}

function expectUpdate(step: Step, before: LiveObject | null, live: LiveObject): void {
  const subresource = step.op === "scale" ? "scale" : step.subresource;
  const managedFields = before?.metadata.managedFields ?? [];
  const noted = noteUpdate({
    before: before ?? undefined,
    after: { ...live, metadata: { ...live.metadata, managedFields } },
    schema: publishedSchema(live),
    writer: { manager: step.manager, operation: "Update", time: NOW, ...throughOf(subresource) },
    resets: subresource === "status" ? Object.keys(live).filter((field) => field !== "status") : ["status"],
  });
  expectOwners(noted, { live, before, isWritten: step.resourceVersionChanged });
}

function throughOf(subresource: string | undefined): { subresource?: string } {
  return subresource === undefined || subresource === "" ? {} : { subresource };
}

/** Later than anything that was recorded. */
const NOW = "2099-01-01T00:00:00Z";

interface Recorded {
  readonly live: LiveObject;
  readonly before: LiveObject | null;
  /** Else the server found nothing new but a time, and kept it to itself. */
  readonly isWritten: boolean;
}

/** As recorded, with NOW for the times that the step set. */
function expectOwners({ metadata }: KubeObject, { live, before, isWritten }: Recorded): void {
  const times = new Set(before?.metadata.managedFields?.map(({ time }) => time));
  const shown = ({ time, ...entry }: ManagedFieldsEntry): string =>
    canonicalJson(isWritten && time !== undefined ? { ...entry, time: times.has(time) ? time : NOW } : entry);
  expect(metadata.managedFields?.map(shown)).toEqual(live.metadata.managedFields?.map(shown));
}

function asJson(object: KubeObject): JsonObject {
  const { managedFields: _1, resourceVersion: _2, generation: _3, ...metadata } = object.metadata;
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}

/** Paths of `part` at which `whole` has something else. Defaults may come on top; what is empty may be left out. */
function missing(part: Json, whole: Json | undefined, path = ""): string[] {
  if (isJsonObject(part)) {
    const other = isJsonObject(whole) ? whole : {};
    return Object.entries(part).flatMap(([name, value]) =>
      value === undefined ? [] : missing(value, other[name], `${path}/${name}`),
    );
  }
  if (Array.isArray(part)) {
    const other = Array.isArray(whole) ? whole : [];
    return part.length === other.length
      ? part.flatMap((value, at) => missing(value, other[at], `${path}/${at}`))
      : [path];
  }
  return part === whole || (whole === undefined && (part === null || part === "" || part === 0 || part === false))
    ? []
    : [path];
}
