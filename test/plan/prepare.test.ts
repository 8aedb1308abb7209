import { expect, test } from "vitest";
import { APPLIED_ANNOTATION, ID_ANNOTATION, PART_OF_LABEL, PlumblineError, toProblem } from "../../src/model/index.ts";
import { applicationOfId, applySetId, parentRef, prepare, setHashOf } from "../../src/plan/index.ts";
import { APPLICATION, alive, INVENTORY, manifest, planOf, ready } from "./planned.ts";

test("a namespaced object goes to the destination, one outside namespaces loses its own with a warning", () => {
  const [web, shop] = ready([manifest("v1 ConfigMap web"), manifest("v1 Namespace shop", { namespace: "other" })]);
  expect(web?.object.metadata.namespace).toBe("shop");
  expect(shop?.object.metadata.namespace).toBeUndefined();
  expect(shop?.warnings.join()).toContain("lives outside namespaces");
});

test("a namespaced object without any namespace is its own problem, and names the place", () => {
  const [one] = prepare([manifest("v1 ConfigMap web", {}, 7)], {
    application: APPLICATION,
    inventoryNamespace: INVENTORY,
    namespaced: () => true,
  });
  expect(one?.problem).toMatchObject({ code: "PL-MANIFEST-NAMESPACE", where: "web.yaml:7 ConfigMap web" });
});

test("two documents of one object are both told, versions apart, with both places", () => {
  const prepared = ready([
    manifest("apps/v1 Deployment web", {}, 3),
    manifest("apps/v1beta1 Deployment web", {}, 9),
    manifest("v1 ConfigMap web"),
  ]);
  expect(prepared.map(({ problem }) => problem?.code)).toEqual([
    "PL-MANIFEST-DUPLICATE",
    "PL-MANIFEST-DUPLICATE",
    undefined,
  ]);
  expect(prepared[0]?.problem?.where).toBe("web.yaml:3 and web.yaml:9");
});

test("an object gets the label of its set, its own id and the hash of what its author wrote", () => {
  const [one] = ready([manifest("v1 ConfigMap web", { data: { a: "1" } })]);
  expect(one?.object.metadata.labels).toEqual({ [PART_OF_LABEL]: applySetId(APPLICATION, INVENTORY) });
  expect(one?.object.metadata.annotations).toEqual({
    [ID_ANNOTATION]: "team-a.shop:/ConfigMap:shop/web",
    [APPLIED_ANNOTATION]: one?.hash,
  });
  expect(applicationOfId("team-a.shop:/ConfigMap:shop/web")).toBe(APPLICATION);
});

test("the hash follows the content and nothing else", () => {
  const hashOf = (data: object) => ready([manifest("v1 ConfigMap web", { data })])[0]?.hash;
  expect(hashOf({ a: "1", b: "2" })).toBe(hashOf({ b: "2", a: "1" }));
  expect(hashOf({ a: "1" })).not.toBe(hashOf({ a: "2" }));
  const two = [manifest("v1 ConfigMap a"), manifest("v1 ConfigMap b")];
  expect(setHashOf(ready(two))).toBe(setHashOf(ready([...two].reverse())));
});

test("an unknown kind is the problem of its own objects, and the others are planned", () => {
  const problem = toProblem(new PlumblineError("PL-KIND-UNKNOWN", { message: "no Gadget" }));
  const prepared = prepare([manifest("example.com/v1 Gadget big"), manifest("v1 ConfigMap web")], {
    application: APPLICATION,
    inventoryNamespace: INVENTORY,
    destinationNamespace: "shop",
    namespaced: ({ kind }) => (kind === "Gadget" ? problem : true),
  });
  expect(prepared.map((one) => one.problem?.code)).toEqual(["PL-KIND-UNKNOWN", undefined]);
  expect(prepared[0]?.problem?.where).toBe("big.yaml:1 Gadget big");
});

test("an object in another application's hands is refused by name", () => {
  const mine = manifest("v1 ConfigMap web");
  const theirs = {
    labels: { [PART_OF_LABEL]: "applyset-other-v1" },
    annotations: { [ID_ANNOTATION]: "team-b.blog:/ConfigMap:shop/web" },
  };
  const plan = planOf({ wanted: [mine], there: [mine], alter: (live) => alive(live, theirs) });
  expect(plan.steps[0]).toMatchObject({
    action: "none",
    problem: { code: "PL-OBJECT-CLAIMED", message: "ConfigMap shop/web belongs to application team-b/blog" },
  });
});

test("the inventory's own ConfigMap is nobody's manifest", () => {
  const { name } = parentRef(APPLICATION, INVENTORY);
  expect(ready([manifest(`v1 ConfigMap ${name}`, { namespace: INVENTORY })])[0]?.problem?.code).toBe(
    "PL-MANIFEST-INVALID",
  );
});

test("the inventory's own ConfigMap is refused by the name that it really has, shortened or not", () => {
  const application = `team/${"x".repeat(253)}`;
  const { name } = parentRef(application, INVENTORY);
  const [one] = prepare([manifest(`v1 ConfigMap ${name}`, { namespace: INVENTORY })], {
    application,
    inventoryNamespace: INVENTORY,
    namespaced: () => true,
  });
  expect(one?.problem?.code).toBe("PL-MANIFEST-INVALID");
});

test("a parent's name fits, however long the application's is", () => {
  const long = parentRef(`team/${"x".repeat(253)}`, INVENTORY).name;
  expect(long).toHaveLength(253);
  expect(long).not.toBe(parentRef(`team/${"x".repeat(252)}y`, INVENTORY).name);
});

test("another application's inventory is claimed by it, label or none", () => {
  const theirs = manifest("v1 ConfigMap team-b.blog", { namespace: INVENTORY });
  const labels = { "applyset.kubernetes.io/id": "applyset-x-v1" };
  const annotations = { "plumbline.dev/application": "team-b/blog" };
  const { steps } = planOf({
    wanted: [theirs],
    there: [theirs],
    alter: (live) => alive(live, { labels, annotations }),
  });
  expect(steps[0]?.problem).toMatchObject({
    code: "PL-OBJECT-CLAIMED",
    message: expect.stringContaining("application team-b/blog"),
  });
});
