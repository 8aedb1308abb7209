import { expect, test } from "vitest";
import { graphOf, pictureOf } from "../../src/plan/index.ts";
import { manifest, parentOf, planOf, ready } from "./planned.ts";

const on = (...names: readonly string[]) => ({
  "config.kubernetes.io/depends-on": names.map((name) => `/namespaces/shop/ConfigMap/${name}`).join(","),
});
const wave = (value: number) => ({ "plumbline.dev/wave": `${value}` });

function problemsOf(wanted: Parameters<typeof planOf>[0]["wanted"], rest: Partial<Parameters<typeof planOf>[0]> = {}) {
  const { steps } = planOf({ wanted, ...rest });
  return Object.fromEntries(
    steps.flatMap(({ ref, problem }) => (problem === undefined ? [] : [[ref.name, [problem.code, problem.message]]])),
  );
}

test("a circle is the problem of exactly the objects on it, each named in order, and its siblings go on", () => {
  const wanted = [
    manifest("v1 ConfigMap a", { annotations: on("b") }),
    manifest("v1 ConfigMap b", { annotations: on("c", "outside") }),
    manifest("v1 ConfigMap c", { annotations: on("a") }),
    manifest("v1 ConfigMap before", { annotations: on("a") }),
    manifest("v1 ConfigMap outside"),
    manifest("v1 ConfigMap sibling"),
  ];
  expect(problemsOf(wanted)).toEqual({
    a: [
      "PL-ORDER-CYCLE",
      "ConfigMap shop/a waits for itself: ConfigMap shop/a -> ConfigMap shop/b -> ConfigMap shop/c -> ConfigMap shop/a",
    ],
    b: [
      "PL-ORDER-CYCLE",
      "ConfigMap shop/b waits for itself: ConfigMap shop/b -> ConfigMap shop/c -> ConfigMap shop/a -> ConfigMap shop/b",
    ],
    c: [
      "PL-ORDER-CYCLE",
      "ConfigMap shop/c waits for itself: ConfigMap shop/c -> ConfigMap shop/a -> ConfigMap shop/b -> ConfigMap shop/c",
    ],
  });
  expect(pictureOf(graphOf(planOf({ wanted })))).toContain("+ ConfigMap shop/sibling");
});

test("an object that depends on a later wave stands on a circle, of which the waves are named, and nobody else does", () => {
  const wanted = [
    manifest("v1 ConfigMap early", { annotations: on("late") }),
    manifest("v1 ConfigMap late", { annotations: wave(1) }),
    manifest("v1 Namespace more", { annotations: wave(1) }),
    manifest("v1 ConfigMap beside"),
  ];
  expect(problemsOf(wanted)).toEqual({
    early: [
      "PL-ORDER-CYCLE",
      "ConfigMap shop/early waits for itself: ConfigMap shop/early (wave 0) -> ConfigMap shop/late (wave 1) -> ConfigMap shop/early (wave 0)",
    ],
    late: [
      "PL-ORDER-CYCLE",
      "ConfigMap shop/late waits for itself: ConfigMap shop/late (wave 1) -> ConfigMap shop/early (wave 0) -> ConfigMap shop/late (wave 1)",
    ],
  });
});

test("an object that depends on itself, or on an earlier wave, or on a later stage: only the first is a circle", () => {
  const wanted = [
    manifest("v1 ConfigMap own", { annotations: on("own") }),
    manifest("v1 ConfigMap later", { annotations: { ...on("first"), ...wave(1) } }),
    manifest("v1 ConfigMap first"),
    manifest("v1 Secret stage", {
      annotations: { "config.kubernetes.io/depends-on": "apps/namespaces/shop/Deployment/web" },
    }),
    manifest("apps/v1 Deployment web"),
  ];
  expect(Object.keys(problemsOf(wanted))).toEqual(["own"]);
});

test("ten thousand objects in one chain, and in one circle, are looked through at once", () => {
  const chain = (first: string) =>
    Array.from({ length: 10_000 }, (_, i) =>
      manifest(`v1 ConfigMap c${i}`, { annotations: on(i === 0 ? first : `c${i - 1}`) }),
    );
  expect(problemsOf([...chain("base"), manifest("v1 ConfigMap base")])).toEqual({});
});

test("what depends on an object that is nowhere says so, and what depends on one that leaves does, too", () => {
  const missing = { group: "", version: "v1", kind: "ConfigMap", namespace: "shop", name: "nowhere" };
  const wanted = [
    manifest("v1 ConfigMap a", { annotations: on("nowhere") }),
    manifest("v1 ConfigMap b", { annotations: on("leaving") }),
    manifest("v1 ConfigMap c", { annotations: on("elsewhere") }),
  ];
  const there = [manifest("v1 ConfigMap leaving")];
  const outside = new Map([
    ["/ConfigMap:shop/nowhere", undefined],
    ["/ConfigMap:shop/elsewhere", { ...missing, name: "elsewhere" }],
  ]);
  expect(problemsOf(wanted, { there, outside, parent: parentOf(["ConfigMap"]) })).toEqual({
    a: [
      "PL-ORDER-MISSING",
      "ConfigMap shop/a depends on ConfigMap shop/nowhere, which is neither in Git nor in the cluster",
    ],
    b: ["PL-ORDER-MISSING", "ConfigMap shop/b depends on ConfigMap shop/leaving, which Git does not have any more"],
  });
});

test.each([
  "ConfigMap/shop/a",
  "a/b/c/d",
  "apps/namespaces//Deployment/web",
  "/namespaces/shop/ConfigMap/a,,",
  "nonsense",
])("a depends-on of %s is not guessed at", (text) => {
  const annotations = { "config.kubernetes.io/depends-on": text };
  const [one] = ready([manifest("v1 ConfigMap a", { annotations })]);
  const parts = text.split("/");
  if (parts.length === 3) expect(one?.problem).toBeUndefined();
  else expect(one?.problem?.code).toBe("PL-MANIFEST-INVALID");
});
