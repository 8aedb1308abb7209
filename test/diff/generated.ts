import fc from "fast-check";
import type { KubeObject } from "../../src/model/index.ts";
import { stamped, web } from "./server.ts";

export const name = fc.stringMatching(/^[a-z][a-z0-9.\-/]{0,5}$/);
export const text = fc.string({ maxLength: 6 });
const named = <T extends object>(rest: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(name, rest), { selector: ([key]) => key, maxLength: 4 }).map((all) => {
    return all.map(([key, more]) => ({ name: key, ...more }));
  });
const container = fc.record(
  {
    image: text,
    stdin: fc.boolean(),
    env: named(fc.record({ value: text })),
    resources: fc.record({ limits: fc.dictionary(name, fc.constantFrom("1", "100m", "1Gi", 2)) }),
  },
  { requiredKeys: ["image"] },
);
/** Deployments with lists by key, sets and atomic lists in them, stamped "one". */
export const deployment = fc
  .record(
    {
      labels: fc.dictionary(name, text),
      finalizers: fc.uniqueArray(name, { maxLength: 3 }),
      replicas: fc.nat(3),
      paused: fc.boolean(),
      containers: named(container),
      tolerations: fc.array(fc.record({ key: name }, { requiredKeys: [] }), { maxLength: 2 }),
    },
    { requiredKeys: ["containers"] },
  )
  .map(({ labels = {}, finalizers = [], replicas, paused, containers, tolerations }): KubeObject => {
    const spec = { ...(paused !== undefined && { paused }) };
    const base = web({
      ...(replicas !== undefined && { replicas }),
      spec,
      pod: { containers, ...(tolerations && { tolerations }) },
    });
    return stamped({ ...base, metadata: { ...base.metadata, labels, finalizers } }, "one");
  });
