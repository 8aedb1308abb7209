import fc from "fast-check";
import type { LiveObject } from "../../src/model/index.ts";

/** Values of every shape, in which `names` stand where a judge looks, and `words` are found there. */
export function anythingOf(names: readonly string[], words: readonly string[]) {
  const name = fc.constantFrom(...names);
  const word = fc.constantFrom(...words);
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { depthSize: "medium", withCrossShrink: true },
      word,
      fc.constantFrom(null, true, false, 0, 1, -1, 1e308, ""),
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("anything"), { maxLength: 4 }),
      fc.dictionary(name, tie("anything"), { maxKeys: 6 }),
    ),
  }));
  const parts = fc.dictionary(name, anything, { maxKeys: 12 });
  const condition = fc.record({ type: word, status: word, reason: fc.oneof(word, anything) });
  const status = fc
    .tuple(parts, fc.array(fc.oneof(condition, anything)))
    .map(([one, conditions]) => ({ ...one, conditions }));
  const fields = fc.record({
    metadata: fc.oneof(parts, anything),
    spec: fc.oneof(parts, anything),
    status: fc.oneof(status, parts, anything),
  });
  return { anything, fields };
}

/** What a parser gives is not what its type says. */
export const parsed = (value: unknown): LiveObject => JSON.parse(JSON.stringify(value));
