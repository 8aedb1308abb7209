import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import { OPERATORS } from "../../src/health/operators/index.ts";
import { live } from "./live.ts";

type Case = readonly [kind: string, what: string, verdict: string, fields: object, metadata?: object];

/** Statuses as their operators write them, a case a line. */
const CASES: readonly Case[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "../fixtures/health/operators.json"), "utf8"),
);

for (const [text, what, verdict, fields, metadata = {}] of CASES)
  test(`${text}, ${what}: ${verdict}`, () => {
    const { status, message } = assess(live(text, fields, metadata));
    expect(`${status}: ${message}`).toBe(verdict);
  });

test("every line of the table can be reached, and says where it comes from", () => {
  const kinds = OPERATORS.flatMap((one) => one.kinds);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { lines, source, otherwise } of OPERATORS) {
    expect(source).not.toBe("");
    expect(lines.length > 0 || otherwise !== undefined).toBe(true);
    for (const [, ...tests] of lines) expect(tests).not.toHaveLength(0);
    const spoken = lines.map(([, ...tests]) => JSON.stringify(tests));
    expect(new Set(spoken).size, source).toBe(spoken.length);
  }
});

const certificate = (status: object) => assess(live("cert-manager.io/v1 Certificate", { status })).message;

test("an operator that has not seen the newest spec says nothing of it yet", () => {
  const Ready = { type: "Ready", status: "True", reason: "Ready" };
  const BEHIND = "the controller has not seen the newest spec yet";
  expect(certificate({ conditions: [Ready] })).toBe("Ready");
  expect(certificate({ conditions: [{ ...Ready, observedGeneration: 2 }] })).toBe("Ready");
  expect(certificate({ conditions: [{ ...Ready, observedGeneration: 1 }] })).toBe(BEHIND);
  expect(certificate({ observedGeneration: 1, conditions: [Ready] })).toBe(BEHIND);
});

test("what somebody has stopped is Suspended, however old its status is", () => {
  const fields = { spec: { suspend: true }, status: { observedGeneration: 1 } };
  expect(assess(live("kustomize.toolkit.fluxcd.io/v1 Kustomization", fields)).status).toBe("Suspended");
});
