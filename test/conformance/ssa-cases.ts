import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { normaliseDesired } from "../../src/diff/index.ts";
import { hashJson } from "../../src/kit/hash.ts";
import {
  APPLIED_ANNOTATION,
  type CompiledOpenApi,
  compileOpenApi,
  FIELD_MANAGER,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  type ManagedFieldsEntry,
} from "../../src/model/index.ts";

const root = resolve(process.env["PLUMB_CONFORMANCE"] ?? join(import.meta.dirname, "../../../shared/conformance"));
export const conformanceFolder = existsSync(join(root, "ssa")) ? root : undefined;

export interface TrueChange {
  readonly path: string;
  readonly op: string;
  readonly live?: Json;
  readonly applied?: Json;
}

interface Step {
  readonly op: string;
  readonly manager: string;
  readonly subresource?: string;
  readonly object?: KubeObject;
  readonly response: { readonly code: number };
  readonly live: LiveObject | null;
  readonly changes?: readonly TrueChange[];
}

interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly final?: {
    readonly desired: KubeObject;
    readonly dryRun: { readonly code: number; readonly body?: LiveObject };
    readonly changes?: readonly TrueChange[];
  };
}

/** One question to a diff, with the server's own answer. */
export interface ConformanceCase {
  readonly name: string;
  readonly desired: KubeObject;
  readonly manifestHash: string;
  readonly live: LiveObject;
  readonly base: KubeObject | undefined;
  /** What the server makes of the apply. */
  readonly answer: LiveObject;
  readonly changes: readonly TrueChange[];
  /** Git is where it was when it was applied last. */
  readonly isUnmoved: boolean;
}

/** Why a scenario's step or end is no case. */
export interface LeftOut {
  readonly name: string;
  readonly code: number;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8"));
}

export function readSchemas(folder: string): CompiledOpenApi[] {
  const files = readdirSync(join(folder, "openapi")).filter((file) => file.startsWith("ap"));
  return files.map((file) => compileOpenApi(readJson<JsonObject>(join(folder, "openapi", file))));
}

export function readScenarios(folder: string): Scenario[] {
  const files = readdirSync(join(folder, "ssa")).filter((file) => /^\d+-/.test(file));
  return files.sort().map((file) => ({ ...readJson<Scenario>(join(folder, "ssa", file)), name: file.slice(0, -5) }));
}

function stamped(object: KubeObject, manifestHash: string): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [APPLIED_ANNOTATION]: manifestHash } },
  };
}

/** As if our own annotation had been there when the case was recorded. */
function stampedLive(live: LiveObject, manifestHash: string): LiveObject {
  const entries = live.metadata.managedFields ?? [];
  const isOurs = (entry: ManagedFieldsEntry) =>
    entry.manager === FIELD_MANAGER && entry.operation === "Apply" && !entry.subresource;
  const ours: ManagedFieldsEntry = entries.find(isOurs) ?? { manager: FIELD_MANAGER, operation: "Apply" };
  const managedFields = [{ ...ours, fieldsV1: withStamp(ours.fieldsV1) }, ...entries.filter((entry) => !isOurs(entry))];
  const annotations = { ...live.metadata.annotations, [APPLIED_ANNOTATION]: manifestHash };
  return { ...live, metadata: { ...live.metadata, annotations, managedFields } };
}

function withStamp(fields: JsonObject = {}): JsonObject {
  const below = (parent: JsonObject, name: string) => (isJsonObject(parent[name]) ? parent[name] : {});
  const metadata = below(fields, "f:metadata");
  const annotations = { ...below(metadata, "f:annotations"), [`f:${APPLIED_ANNOTATION}`]: {} };
  return { ...fields, "f:metadata": { ...metadata, "f:annotations": annotations } };
}

interface Question {
  readonly name: string;
  readonly object: KubeObject;
  readonly live: LiveObject;
  readonly base: KubeObject | undefined;
  readonly answer: LiveObject;
  readonly changes: readonly TrueChange[];
}

function caseOf({ name, object, live, base, answer, changes }: Question): ConformanceCase {
  const desired = normaliseDesired(object).object;
  const manifestHash = hashJson(desired);
  const applied = base && normaliseDesired(base).object;
  const before = applied && hashJson(applied);
  return {
    name,
    desired: stamped(desired, manifestHash),
    manifestHash,
    live: before === undefined ? live : stampedLive(live, before),
    base: applied && before !== undefined ? stamped(applied, before) : undefined,
    answer: stampedLive(answer, manifestHash),
    changes,
    isUnmoved: before === manifestHash,
  };
}

/** Every apply of ours over a live object, and the dry run at the end, of one scenario. */
export function casesOf({ name, steps, final }: Scenario): { cases: ConformanceCase[]; leftOut: LeftOut[] } {
  const cases: ConformanceCase[] = [];
  const leftOut: LeftOut[] = [];
  let live: LiveObject | null = null;
  let base: KubeObject | undefined;
  steps.forEach((step, at) => {
    const isOurs = step.op === "apply" && step.manager === FIELD_MANAGER && !step.subresource;
    const title = `${name} step ${at}`;
    if (isOurs && step.object && live) {
      const { object, response, changes = [] } = step;
      if (response.code >= 300 || !step.live) leftOut.push({ name: title, code: response.code });
      else cases.push(caseOf({ name: title, object, live, base, answer: step.live, changes }));
    }
    if (isOurs && step.response.code < 300) base = step.live === null ? undefined : step.object;
    live = step.live;
  });
  if (final && live) {
    const { desired: object, dryRun, changes = [] } = final;
    if (dryRun.body && dryRun.code < 300) {
      cases.push(caseOf({ name: `${name} final`, object, live, base, answer: dryRun.body, changes }));
    } else leftOut.push({ name: `${name} final`, code: dryRun.code });
  }
  return { cases, leftOut };
}
