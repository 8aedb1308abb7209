import fc from "fast-check";
import { expect, test } from "vitest";
import { assess, compileHealthRules } from "../../src/health/index.ts";
import { celValueOf, OutOfSteps, Steps } from "../../src/health/rules/cel-value.ts";
import { compileExpression, loadLanguage } from "../../src/health/rules/expression.ts";
import { HEALTH_STATUSES, type HealthRule } from "../../src/model/index.ts";
import { anythingOf, parsed } from "./anything.ts";
import { live } from "./live.ts";

const rulesOf = async (...rules: HealthRule[]) => await compileHealthRules(rules, { mask: (object) => object });
const items = Array.from({ length: 10_000 }, (_, i) => ({ name: `item-${i}`, i }));
const gadget = (fields: object, name = "web") => live("example.com/v1 Gadget", fields, { name });

test.each([
  "object.items.all(a, object.items.all(b, object.items.all(c, a.i + b.i + c.i >= 0)))",
  "object.items.map(a, object.items.map(b, a.i * b.i)).size() > 0",
  "object.items.exists(a, object.items.exists(b, a == b && b.i < 0)) || true",
  "object.items.all(a, object.items == object.others)",
])("loops in loops over long lists end at the same step everywhere, whatever stands around them: %s", async (text) => {
  const expression = compileExpression(await loadLanguage(), text, "bool");
  const read = (object: object) => {
    const steps = new Steps(20_000);
    const value = celValueOf(object, steps);
    // An operator may pass over the error; who takes the answer asks once more.
    return () => [expression.evaluate(value), steps.check()];
  };
  expect(read({ items, others: structuredClone(items) })).toThrow(OutOfSteps);
  expect(read({ items: items.slice(0, 9), others: items.slice(0, 9) })).not.toThrow();
});

test("a rule whose loops are too long is Unknown for that object alone", async () => {
  const rules = await rulesOf({ healthy: "object.items.all(a, object.items.all(b, a.i + b.i >= 0))" });
  const late = assess(gadget({ items }), { rules });
  expect(late).toMatchObject({ status: "Unknown", message: expect.stringContaining("takes too long") });
  expect(assess(gadget({ items: items.slice(0, 9) }, "small"), { rules }).status).toBe("Healthy");
});

test.each<[string, string, object]>([
  ["a regular expression that backtracks", "object.text.matches('(a+)+$')", { text: `${"a".repeat(60)}!` }],
  ["a text read as a duration", "duration(object.text) > duration('1s')", { text: "1".repeat(400_000) }],
  [
    "a loop over a map",
    "object.map.all(a, object.map.all(b, object.map.all(c, a + b != c)))",
    { map: Object.fromEntries(items.map(({ name }) => [name, 1])) },
  ],
])(
  "what no step sees ends by the clock, once or twice, and never again for that object: %s",
  async (_, healthy, fields) => {
    const rules = await rulesOf({ healthy });
    const object = gadget(fields);
    for (const _try of [1, 2, 3])
      expect(assess(object, { rules })).toEqual({
        status: "Unknown",
        message: "spec.health[0]: takes too long: not done after 300 ms",
      });
  },
);

test("a rule that runs out of time for one object after another rests", async () => {
  const rules = await rulesOf({ healthy: "object.text.matches('(a+)+$')" });
  const verdicts = Array.from({ length: 12 }, (_, i) =>
    assess(gadget({ text: `${"a".repeat(60)}!` }, `g${i}`), { rules }),
  );
  expect(verdicts.at(-1)?.message).toBe("spec.health[0] rests: it took too long for 10 objects");
});

test("texts and lists that grow by doubling take no more memory than there is time for", async () => {
  const doubled = (start: string) => `${start}${".map(x, x + x)".repeat(25)}`;
  const rules = await rulesOf(
    { name: "text", healthy: `${doubled("[object.text]")}[0].contains('b')` },
    { name: "list", healthy: `size(${doubled("[object.items]")}[0]) > 0` },
  );
  for (const name of ["text", "list"])
    expect(assess(gadget({ items, text: "a".repeat(10_000) }, name), { rules }).status).toBe("Unknown");
});

test("whatever an object holds, rules give a verdict and no exception", async () => {
  const rules = await rulesOf(
    { name: "a", healthy: "object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')" },
    {
      name: "b",
      degraded: "object.status.phase != 'Up' && object.metadata.generation > 1",
      message: "object.status.message",
    },
    { healthy: "object.spec.replicas == object.status.replicas && object.status.name.startsWith('x')" },
  );
  const { fields } = anythingOf(
    ["status", "spec", "conditions", "type", "phase", "replicas", "name", "message", "constructor", "__proto__"],
    ["Ready", "True", "Up", "x"],
  );
  fc.assert(
    fc.property(fields, fc.constantFrom("a", "b", "c"), ({ spec, status }, name) => {
      const object = parsed({ ...live("example.com/v1 Gadget", {}, { name }), spec, status });
      const verdict = assess(object, { rules });
      expect(HEALTH_STATUSES).toContain(verdict.status);
      expect(verdict.message).toEqual(expect.stringMatching(/./s));
    }),
    { numRuns: 200 },
  );
});
