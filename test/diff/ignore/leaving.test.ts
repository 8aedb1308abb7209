import { describe, expect, test } from "vitest";
import { entryOf, live, stamped, web } from "../server.ts";
import { compared, leftText, paths } from "./leaving.ts";

const env = (...vars: [string, string][]) =>
  stamped(web({ container: { env: vars.map(([name, value]) => ({ name, value })) } }), "one");
const pod = (more: object) => stamped(web({ pod: { ...more } }), "one");
const CONTAINER = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}'];
const IMAGE = [...CONTAINER, "f:image"];
const LIST = "/spec/template/spec/containers[name=web]/env";

describe("a changed field is no drift where a rule names it", () => {
  const wanted = env(["A", "1"]);
  const there = live(wanted, { now: env(["A", "2"]), lost: [[...CONTAINER, "f:env", 'k:{"name":"A"}', "f:value"]] });

  test.for([
    { path: `${LIST}[name=A]/value` },
    { path: "/spec/template/spec/containers/0/env/0/value" },
    { path: "/spec/template/spec/containers/*/env" },
    { path: "/spec/template" },
    { jsonPath: '.spec.template.spec.containers[?(@.name=="web")].env[?(@.name=="A")].value' },
    { jsonPath: "{.spec.template.spec.containers[*].env[0]}" },
    { path: "/spec", jsonPath: ".spec.template" },
  ])("%j", (rule) => {
    expect(compared({ desired: wanted, there }).status).toBe("Drifted");
    const found = compared({ desired: wanted, there, rules: [rule] });
    expect(found).toMatchObject({ status: "Synced", changes: [], matched: [rule] });
    expect(found.left).not.toEqual([]);
  });

  test.for([
    { path: "/spec/replicas" },
    { path: "/spec", kind: "Service" },
    { path: "/spec", namespace: "other" },
    { path: "/spec", name: "we" },
    { path: "/spec", group: "extensions" },
    { jsonPath: '.spec.template.spec.containers[?(@.name=="other")]' },
    { path: "/spec/replicas", jsonPath: ".spec.template" },
  ])("and is drift where a rule names another: %j", (rule) => {
    const found = compared({ desired: wanted, there, rules: [rule] });
    expect(found).toMatchObject({ status: "Drifted" });
    expect(found).not.toHaveProperty("matched");
  });
});

describe("what is left is told, with whom, why and by which rule", () => {
  const hpa = entryOf("kube-controller-manager", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" });
  const wanted = stamped(web({ replicas: 3 }), "one");
  const scaled = live(wanted, {
    now: stamped(web({ replicas: 7 }), "one"),
    lost: [["f:spec", "f:replicas"]],
    others: [hpa],
  });

  test("the manager that has it", () => {
    const found = compared({ desired: wanted, there: scaled, rules: [{ path: "/spec/replicas" }] });
    expect(leftText(found)).toEqual(["/spec/replicas 3 7 left to kube-controller-manager"]);
    expect(found.left?.[0]).toMatchObject({
      reason: "others have it",
      source: "application",
      pointer: "/spec/replicas",
    });
  });

  test("nobody yet, while it is ours", () => {
    const found = compared({ desired: wanted, there: live(wanted), rules: [{ path: "/spec/replicas" }] });
    expect(leftText(found)).toEqual(["/spec/replicas 3 3 left to whoever takes it"]);
  });

  test("the autoscaler that targets the object, without any rule", () => {
    const found = compared({ desired: wanted, there: scaled, autoscaler: "web" });
    expect(found).toMatchObject({ status: "Synced", changes: [] });
    expect(leftText(found)).toEqual(["/spec/replicas 3 7 left to HorizontalPodAutoscaler web"]);
    expect(found.left?.[0]).toMatchObject({ source: "built-in" });
  });

  test("a field of another that Git does not mention", () => {
    const other = entryOf("kubectl-edit", { "f:spec": { "f:paused": {} } });
    const there = live(wanted, { now: stamped(web({ replicas: 3, spec: { paused: true } }), "one"), others: [other] });
    const found = compared({ desired: wanted, there, rules: [{ path: "/spec/paused" }] });
    expect(paths(compared({ desired: wanted, there }))).toEqual(["/spec/paused foreign"]);
    expect(paths(found)).toEqual([]);
    expect(leftText(found)).toEqual(["/spec/paused - true left to kubectl-edit"]);
  });

  test("what is remembered as clean is told again", () => {
    const rules = [{ path: "/spec/replicas" }];
    const { kept } = compared({ desired: wanted, there: live(wanted), rules });
    expect(kept).toBeDefined();
  });
});

describe("a rule by manager leaves what that one has taken", () => {
  const edit = entryOf("kubectl-edit", {
    "f:metadata": { "f:labels": { ".": {}, "f:team": {} } },
    "f:spec": {
      "f:replicas": {},
      "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } },
    },
  });
  const wanted = stamped(web({ replicas: 3, image: "a" }), "one");
  const now = stamped(web({ replicas: 7, image: "b" }), "one");
  const there = live(wanted, {
    now: { ...now, metadata: { ...now.metadata, labels: { team: "x" } } },
    lost: [["f:spec", "f:replicas"], IMAGE],
    others: [edit],
  });

  test("everything of it", () => {
    const found = compared({ desired: wanted, there, rules: [{ manager: "kubectl-*" }] });
    expect(found).toMatchObject({ status: "Synced", changes: [] });
    expect(found.left?.map(({ path }) => path)).toEqual([
      "/metadata/labels/team",
      "/spec/replicas",
      "/spec/template/spec/containers[name=web]/image",
    ]);
  });

  test("below a path only", () => {
    const found = compared({ desired: wanted, there, rules: [{ manager: "kubectl-*", path: "/spec/template" }] });
    expect(paths(found)).toEqual(["/metadata/labels/team foreign", "/spec/replicas drift"]);
  });

  test("nothing of another one's, and nothing that is ours still", () => {
    expect(compared({ desired: wanted, there, rules: [{ manager: "helm" }] }).status).toBe("Drifted");
    const both = live(wanted, { others: [edit] });
    expect(compared({ desired: wanted, there: both, rules: [{ manager: "*" }] })).not.toHaveProperty("matched");
  });

  test("an item that it added", () => {
    const item = { 'k:{"name":"side"}': { ".": {}, "f:name": {}, "f:image": {} } };
    const adds = entryOf("injector", { "f:spec": { "f:template": { "f:spec": { "f:containers": item } } } });
    const two = stamped(
      web({
        pod: {
          containers: [
            { name: "web", image: "nginx:1" },
            { name: "side", image: "s" },
          ],
        },
      }),
      "one",
    );
    const one = stamped(web(), "one");
    const found = compared({
      desired: one,
      there: live(one, { now: two, others: [adds] }),
      rules: [{ manager: "injector" }],
    });
    expect(found.changes).toEqual([]);
    expect(found.left?.map(({ path }) => path)).toEqual(["/spec/template/spec/containers[name=side]"]);
  });
});

describe("inside a value that is owned as one", () => {
  const tolerations = (...effects: string[]) =>
    pod({ tolerations: effects.map((effect, position) => ({ key: `k${position}`, effect })) });
  const lost = [["f:spec", "f:template", "f:spec", "f:tolerations"]];

  test("what is left is no difference, and what is not is", () => {
    const there = live(tolerations("x", "x"), { now: tolerations("y", "y"), lost });
    const rule = { jsonPath: '.spec.template.spec.tolerations[?(@.key=="k0")].effect' };
    expect(paths(compared({ desired: tolerations("x", "x"), there, rules: [rule] }))).toEqual([
      "/spec/template/spec/tolerations drift",
    ]);
    const all = { path: "/spec/template/spec/tolerations/*/effect" };
    const found = compared({ desired: tolerations("x", "x"), there, rules: [all] });
    expect(found.changes).toEqual([]);
    expect(leftText(found)).toContain('/spec/template/spec/tolerations/0/effect "x" "y" left to whoever takes it');
  });

  test("an item may stand at another position in live", () => {
    const added = pod({ tolerations: [{ key: "theirs" }, { key: "k0", effect: "x" }] });
    const there = live(tolerations("x"), { now: added, lost });
    const rule = { jsonPath: '.spec.template.spec.tolerations[?(@.key=="theirs")]' };
    expect(compared({ desired: tolerations("x"), there, rules: [rule] }).changes).toEqual([]);
  });
});

test("names and stamps of an object are never left, whatever a rule says", () => {
  const wanted = stamped(web({ replicas: 1 }), "one");
  const now = { ...wanted, metadata: { ...wanted.metadata, annotations: {} } };
  const there = live(wanted, { now, lost: [["f:metadata", "f:annotations", "f:plumbline.dev/applied"]] });
  for (const rule of [{ path: "/metadata" }, { path: "/metadata/annotations" }, { jsonPath: ".*" }, { path: "/*/*" }]) {
    const found = compared({ desired: wanted, there, rules: [rule] });
    expect(paths(found)).toEqual(["/metadata/annotations/plumbline.dev~1applied drift"]);
    expect(found.sent ?? wanted).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: wanted.metadata,
    });
  }
});
