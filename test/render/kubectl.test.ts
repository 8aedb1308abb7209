import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { configMap } from "./decoding.ts";
import { KEY_ANSWERS } from "./key-answers.ts";
import { SCALAR_ANSWERS } from "./scalar-answers.ts";

const isThere = spawnSync("kubectl", ["version", "--client"]).status === 0;

function ask(text: string): { status: number | null; stdout: string } {
  return spawnSync("kubectl", ["annotate", "--local", "-f", "-", "asked=1", "-o", "json"], {
    input: text,
    encoding: "utf8",
  });
}

/** Many documents in one call: kubectl prints one object after the other, each ending at the margin. */
function answers(lines: readonly string[]): unknown[] {
  const { stdout } = ask(lines.map((line) => configMap(`  ${line}`)).join("---\n"));
  const objects = stdout.split(/^\}\n/m).filter((text) => text !== "");
  return objects.map((text) => JSON.parse(`${text}}`).data);
}

describe.skipIf(!isThere)("kubectl still answers as the tables say (needs kubectl on the path)", () => {
  test("scalars", () => {
    const read = SCALAR_ANSWERS.filter(([, answer]) => answer !== "error");
    expect(answers(read.map(([scalar]) => `v: ${scalar}`))).toEqual(
      read.map(([, answer]) => ({ v: JSON.parse(answer) })),
    );
  });

  test("keys", () => {
    const read = KEY_ANSWERS.filter(([, answer]) => answer !== "error");
    expect(answers(read.map(([key]) => `${key}: v`))).toEqual(read.map(([, answer]) => ({ [answer]: "v" })));
  });

  test("what is refused", () => {
    const scalars = SCALAR_ANSWERS.filter(([, answer]) => answer === "error").map(([scalar]) => `  v: ${scalar}`);
    const keys = KEY_ANSWERS.filter(([, answer]) => answer === "error").map(([key]) => `  ${key}: v`);
    for (const line of [...scalars, ...keys]) expect(ask(configMap(line)).status, line).not.toBe(0);
  }, 60_000);
});
