import { expect, test } from "vitest";
import { manifest, parentOf, planOf } from "./planned.ts";

const CONFIG = manifest("v1 ConfigMap a", { data: { x: "1" } });
const SECRET = manifest("v1 Secret s", { data: { password: "b25l" } });

test("equal work has an equal hash, in whatever order its facts come and from whatever line they are read", () => {
  const hash = planOf({ wanted: [CONFIG, SECRET] }).hash;
  expect(planOf({ wanted: [SECRET, CONFIG] }).hash).toBe(hash);
  expect(planOf({ wanted: [{ ...CONFIG, origin: { ...CONFIG.origin, revision: "2", line: 9 } }, SECRET] }).hash).toBe(
    hash,
  );
  const unchanged = manifest("v1 ConfigMap there", {});
  expect(planOf({ wanted: [CONFIG, SECRET, unchanged], there: [unchanged] }).hash).toBe(hash);
});

test("whatever would be done otherwise has another hash: content, values of Secrets, objects, deletions, the namespace", () => {
  const gone = manifest("v1 ConfigMap gone", {});
  const parent = parentOf(["ConfigMap", "Secret"]);
  const hashes = [
    planOf({ wanted: [CONFIG, SECRET] }).hash,
    planOf({ wanted: [manifest("v1 ConfigMap a", { data: { x: "2" } }), SECRET] }).hash,
    planOf({ wanted: [CONFIG, manifest("v1 Secret s", { data: { password: "dHdv" } })] }).hash,
    planOf({ wanted: [CONFIG] }).hash,
    planOf({ wanted: [CONFIG, SECRET], there: [CONFIG], parent }).hash,
    planOf({ wanted: [CONFIG, SECRET], there: [gone, CONFIG, SECRET], parent }).hash,
    planOf({ wanted: [CONFIG, SECRET], there: [CONFIG, SECRET], parent }).hash,
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
