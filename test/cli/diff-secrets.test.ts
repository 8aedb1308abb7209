import fc from "fast-check";
import { expect, test } from "vitest";
import { printDifferences } from "../../src/cli/print/differences.ts";
import { DIFF_OUTPUTS } from "../../src/cli/settings/client.ts";
import { compare, normaliseDesired, sidesOf, toJsonPatch } from "../../src/diff/index.ts";
import { ANY_SCHEMA, type KubeObject, type LiveObject, refOf } from "../../src/model/index.ts";
import { live, stamped } from "../diff/server.ts";
import { SECRET } from "../diff/small-schema.ts";

/** Everything that plumb diff can print of one object, in every format. */
async function printed(desired: KubeObject, there: LiveObject | undefined, schema = SECRET): Promise<string> {
  const { status, changes } = compare({ desired, manifestHash: "two", live: there, schema, setApplied: true });
  const row = {
    ...{ ref: refOf(desired), sync: status, changes: [...changes] },
    ...{ ...sidesOf(there, changes, desired), patch: toJsonPatch(there, changes, desired) },
  };
  const out: string[] = [];
  const say = (text: string) => void out.push(text);
  const host = { argv: [], env: {}, home: "", colour: true, now: () => 0, out: say, err: say };
  for (const output of DIFF_OUTPUTS)
    await printDifferences(host, output, { rows: [row], what: "in a/b", foreign: true });
  return out.join("\n");
}

const secretWith = (parts: object): KubeObject =>
  stamped({ apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "n" }, ...parts }, "one");
const base64 = (text: string) => Buffer.from(text).toString("base64");

const seed = fc.uuid().map((id) => `SEED-${id}`);
const shape = fc
  .tuple(seed, seed)
  .chain(([one, other]) =>
    fc.constantFrom<object>(
      ...[{ data: { a: base64(one), b: base64(other) } }, { data: { a: `${base64(one)}\n` } }, { data: { b: one } }],
      ...[{ stringData: { a: one } }, { data: one }, { data: [one, other] }, { data: { a: { deep: one } } }],
      ...[{ stringData: [one] }, { dat: { a: one } }, { spec: { template: one } }, { data: null, x: [[one]] }],
    ),
  );

test("no value of a Secret is printed in any format, as it is or in base64, whatever the shapes on both sides", async () => {
  const marks = ["SEED-", base64("SEED-").slice(0, 6)];
  await fc.assert(
    fc.asyncProperty(
      shape,
      shape,
      fc.constantFrom(SECRET, ANY_SCHEMA),
      fc.boolean(),
      async (git, found, schema, is) => {
        const { object: desired } = normaliseDesired(secretWith(git));
        const text = await printed(desired, is ? live(secretWith(found), { schema }) : undefined, schema);
        expect(marks.filter((mark) => text.includes(mark))).toEqual([]);
      },
    ),
  );
});

test("nor is anything about a value, its length least: other values in their place print the same", async () => {
  const values = fc.uniqueArray(fc.string({ maxLength: 300 }), { minLength: 4, maxLength: 4 });
  const keys = fc.uniqueArray(fc.constantFrom("a", "b", "c.d", "e"), { minLength: 1 });
  /** Which of the four values each key has, in Git and in the cluster. */
  const picks = fc.dictionary(fc.constantFrom("a", "b", "c.d", "e"), fc.nat({ max: 3 }));
  await fc.assert(
    fc.asyncProperty(values, values, picks, picks, keys, async (some, others, git, found, ours) => {
      const texts = [some, others].map((from) => {
        const dataOf = (pick: { readonly [key: string]: number }) =>
          Object.fromEntries(Object.entries(pick).map(([key, at]) => [key, base64(from[at] ?? "")]));
        const now = secretWith({ data: dataOf(found) });
        const there = live(now, { schema: SECRET, lost: ours.map((key) => ["f:data", `f:${key}`]) });
        return printed(secretWith({ data: dataOf(git) }), there);
      });
      const [one, other] = await Promise.all(texts);
      expect(one).toBe(other);
    }),
  );
});

test("equal and unequal values are told apart, and a ConfigMap's are shown", async () => {
  const [same, old, fresh] = [base64("same"), base64("old"), base64("new")];
  const text = await printed(
    secretWith({ data: { a: same, b: fresh } }),
    live(secretWith({ data: { a: same, b: old } }), { schema: SECRET }),
  );
  expect(text).toContain("data.b  (masked B) -> (masked A)");
  expect(text).not.toContain("data.a ");
  expect(text).toContain("   a: (masked)\n");
  const config = (value: string) => ({ ...secretWith({ data: { a: value } }), kind: "ConfigMap" });
  expect(await printed(config("new"), live(config("old"), { schema: SECRET }))).toContain("data.a  old -> new");
});
