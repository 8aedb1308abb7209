import { expect, test } from "vitest";
import { deprecationOf, deprecationsIn, lifecycleOf, moveAdvice, parseApiVersion } from "../../src/model/index.ts";
import { LIFECYCLE_ROWS } from "../../src/model/kind-lifecycle-rows.ts";

const kindOf = (apiVersion: string, kind: string) => ({ ...parseApiVersion(apiVersion), kind });
const minor = (release: string) => Number(release.split(".")[1]);

test("a kind that moved says since when, until when, and what changes with the move", () => {
  expect(deprecationOf(kindOf("policy/v1beta1", "PodDisruptionBudget"))).toBe(
    "policy/v1beta1 PodDisruptionBudget is deprecated since Kubernetes 1.21, and Kubernetes 1.25 serves it no more: use apiVersion: policy/v1; an empty selector ({}) selects every Pod of the namespace, where it selected none",
  );
  const ingress = lifecycleOf(kindOf("extensions/v1beta1", "Ingress"));
  expect(ingress && moveAdvice({ kind: "Ingress" }, ingress)).toContain("every path needs pathType");
});

test("a kind that went altogether says what does its work, and one that is another kind now names that", () => {
  const psp = lifecycleOf(kindOf("policy/v1beta1", "PodSecurityPolicy"));
  expect(psp && moveAdvice({ kind: "PodSecurityPolicy" }, psp)).toContain("Pod Security Admission does its work");
  expect(deprecationOf(kindOf("v1", "Endpoints"))).toBe(
    "v1 Endpoints is deprecated since Kubernetes 1.33, and no release of its removal is planned: use discovery.k8s.io/v1 EndpointSlice instead",
  );
});

test("what stays has no deprecation, nor has a kind of that name in another group", () => {
  expect(deprecationOf(kindOf("apps/v1", "Deployment"))).toBeUndefined();
  expect(deprecationOf(kindOf("example.com/v1beta1", "Ingress"))).toBeUndefined();
});

test("no kind stands twice in the table, goes before it is deprecated, or is replaced by one that is on its way out as early", () => {
  const names = LIFECYCLE_ROWS.flatMap(({ was, kinds }) => kinds.map((kind) => `${was} ${kind}`));
  expect(names).toHaveLength(new Set(names).size);
  for (const { deprecated, removed, replacement, kinds } of LIFECYCLE_ROWS) {
    if (removed !== undefined) expect(minor(removed)).toBeGreaterThan(minor(deprecated));
    const [apiVersion, kind = kinds[0] ?? ""] = replacement?.split(" ") ?? [];
    const next = apiVersion === undefined ? undefined : lifecycleOf(kindOf(apiVersion, kind));
    if (next?.removed !== undefined) expect(minor(next.removed)).toBeGreaterThan(minor(removed ?? "1.0"));
  }
});

test("manifests of one deprecated kind are one line, with the first place", () => {
  const at = (file: string) => ({
    ref: { ...kindOf("autoscaling/v2beta2", "HorizontalPodAutoscaler"), name: file },
    origin: { repo: "r", revision: "1", file, line: 1 },
  });
  const [line, ...more] = deprecationsIn([at("a.yaml"), at("b.yaml"), at("c.yaml")]);
  expect(line).toMatch(
    /^a\.yaml:1 and 2 more: autoscaling\/v2beta2 HorizontalPodAutoscaler is deprecated since Kubernetes 1\.23/,
  );
  expect(more).toEqual([]);
});
