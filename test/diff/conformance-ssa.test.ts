import { describe, expect, test } from "vitest";
import { compare, fieldSetOf, NO_FIELDS, parseFields, pathsOf } from "../../src/diff/index.ts";
import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type FieldChange,
  type KubeObject,
  parseApiVersion,
  type SchemaNode,
} from "../../src/model/index.ts";
import {
  type ConformanceCase,
  casesOf,
  conformanceFolder,
  readScenarios,
  readSchemas,
  type TrueChange,
} from "./conformance-cases.ts";

const folder = conformanceFolder;
const schemas = folder === undefined ? [] : readSchemas(folder);
function schemaOf(object: KubeObject): SchemaNode {
  const { apiVersion, kind } = object;
  const known = schemas.flatMap((one) => one.schema({ ...parseApiVersion(apiVersion), kind }) ?? []);
  expect(known.length, `schemas of ${apiVersion} ${kind}`).toBeGreaterThan(0);
  return known[0] ?? ANY_SCHEMA;
}

const all = folder === undefined ? [] : readScenarios(folder).map(casesOf);
const cases = all.flatMap((scenario) => scenario.cases);

/** Recorded with stringData, which we turn into data before we send it (server fact 7). */
const sentAsRecorded = cases.filter(({ name }) => !/^(112-secret-string-data|114-secret-data-and)/.test(name));

/** Changes that are the server's consequence of one of ours, at places which the manifest does not name. */
const CONSEQUENCES = new Map<string, readonly string[]>([
  // The manifest turns a NodePort Service into a ClusterIP one; what only a NodePort has goes, and was owned by nobody.
  ["088-service-node-port-to-cluster-ip step 1", ["/spec/externalTrafficPolicy", "/spec/ports/0/nodePort"]],
]);

function verdict(one: ConformanceCase, withBase: boolean) {
  const { desired, manifestHash, live } = one;
  const schema = schemaOf(one.desired);
  const input = {
    desired,
    manifestHash,
    live,
    schema,
    setApplied: true,
    ...(withBase && one.base && { base: one.base }),
  };
  const first = compare(input);
  return first.doubtful ? compare({ ...input, dryRun: one.answer }) : first;
}

function ownChanges(changes: readonly FieldChange[]): FieldChange[] {
  const stamp = `/metadata/annotations/${APPLIED_ANNOTATION.replace("/", "~1")}`;
  return changes.filter(({ class: kind, pointer }) => {
    return kind !== "foreign" && pointer !== stamp && pointer !== "/metadata/deletionTimestamp";
  });
}

/** Lists in which an item comes, goes or moves: the positions that the recording names are then those of other items. */
function shiftedLists(changes: readonly FieldChange[]): string[] {
  const isOrder = (value: unknown) => Array.isArray(value) && /^\[.*=.*\]$/.test(String(value[0]));
  const moved = changes.filter(({ desired, live }) => isOrder(desired) && isOrder(live)).map(({ pointer }) => pointer);
  const items = changes.filter(({ path }) => path.endsWith("]")).map(({ pointer }) => pointer.replace(/\/[^/]*$/, ""));
  return [...moved, ...items];
}

/** One is the other or stands above it. */
function isAbout({ pointer }: FieldChange, truth: string, shifted: readonly string[]): boolean {
  const own = shifted.find((list) => pointer.startsWith(`${list}/`)) ?? pointer;
  return truth === own || truth.startsWith(`${own}/`) || own.startsWith(`${truth}/`);
}

function mismatch(one: ConformanceCase, changes: readonly FieldChange[]) {
  const truths = one.changes.map((truth: TrueChange) => truth.path);
  const consequences = CONSEQUENCES.get(one.name) ?? [];
  const shifted = shiftedLists(changes);
  const isSeen = (truth: string) => changes.some((change) => isAbout(change, truth, shifted));
  return {
    missed: truths.filter((truth) => !consequences.includes(truth) && !isSeen(truth)),
    invented: changes
      .filter((change) => !truths.some((truth) => isAbout(change, truth, shifted)))
      .map(({ path }) => path),
  };
}

describe.skipIf(folder === undefined)(
  "recorded server-side apply (needs the conformance folder: PLUMB_CONFORMANCE)",
  () => {
    test.for(cases)("$name: exactly what the server would change", (one) => {
      for (const withBase of [true, false]) {
        const { changes } = verdict(one, withBase);
        expect({ withBase, ...mismatch(one, ownChanges(changes)) }).toEqual({ withBase, missed: [], invented: [] });
      }
    });

    test.for(cases.filter(({ isUnmoved }) => isUnmoved))("$name: Git did not move, so nothing is pending", (one) => {
      const classes = verdict(one, true).changes.map((change) => change.class);
      expect(classes.filter((kind) => kind === "pending" || kind === "conflict")).toEqual([]);
    });

    test("only what the server refused, or what has no live object, is no case", () => {
      const found = all.flatMap(({ leftOut }) => leftOut.map(({ name, code }) => `${name} ${code}`));
      expect(found).toMatchInlineSnapshot(`
        [
          "028-tolerations-atomic-edit-then-apply step 2 409",
          "032-service-selector-atomic step 3 409",
          "034-node-selector-atomic step 3 409",
          "038-shared-field-changed step 2 409",
          "042-edit-and-back step 4 409",
          "044-after-client-side-apply step 3 409",
          "048-conflict-with-two step 3 409",
          "050-apply-while-terminating step 3 422",
          "050-apply-while-terminating step 4 200",
          "056-int-or-string-strategy step 2 422",
          "056-int-or-string-strategy final 422",
          "076-hpa-scales-our-replicas step 2 409",
          "082-strategy-default-then-recreate step 1 422",
          "082-strategy-default-then-recreate step 2 422",
          "082-strategy-default-then-recreate final 422",
          "092-ingress-defaults step 2 409",
          "096-job-template-immutable step 1 422",
          "096-job-template-immutable final 422",
          "100-pvc-defaults step 1 422",
          "100-pvc-defaults step 2 422",
          "102-configmap-immutable step 1 422",
          "102-configmap-immutable final 422",
          "108-priority-class step 2 422",
          "108-priority-class final 422",
          "116-secret-base64-spelling step 2 500",
          "116-secret-base64-spelling final 500",
          "124-cr-atomic-list step 3 409",
          "128-cr-null step 2 422",
          "128-cr-null step 3 422",
        ]
      `);
    });

    test.for(sentAsRecorded)(
      "$name: the manifest's field set is what the server notes as ours",
      ({ desired, answer }) => {
        const ours = answer.metadata.managedFields?.find(
          ({ manager, operation }) => manager === FIELD_MANAGER && operation === "Apply",
        );
        const expected = [...pathsOf(parseFields(ours?.fieldsV1) ?? NO_FIELDS)];
        const found = [...pathsOf(fieldSetOf(desired, schemaOf(desired)))];
        expect(found.map(String).sort()).toEqual(expected.map(String).sort());
      },
    );
  },
);
