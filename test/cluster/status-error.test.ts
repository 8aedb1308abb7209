import { expect, test } from "vitest";
import { answerError } from "../../src/cluster/status-error.ts";

interface Said {
  readonly reason?: string;
  readonly message?: string;
  readonly causes?: readonly { readonly reason?: string; readonly field?: string; readonly message?: string }[];
  readonly kind?: string;
  readonly name?: string;
  readonly retryAfterSeconds?: number;
}

const WEB = { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web" };
const SECRET = { group: "", version: "v1", kind: "Secret", namespace: "shop", name: "key" };

function errorOf(status: number, { reason, message, ...details }: Said, verb: "apply" | "get" = "apply", ref = WEB) {
  const text = JSON.stringify({ kind: "Status", status: "Failure", reason, message, details, code: status });
  return answerError({ status, headers: {}, text }, { verb, kind: ref.kind }, ref);
}

test.each([
  ["PL-KUBE-UNAUTHORIZED", 401, { reason: "Unauthorized" }],
  ["PL-KUBE-FORBIDDEN", 403, { reason: "Forbidden", message: "deployments.apps is forbidden: User x cannot patch" }],
  [
    "PL-KUBE-QUOTA",
    403,
    { reason: "Forbidden", message: 'pods "a" is forbidden: exceeded quota: q, requested: pods=1' },
  ],
  [
    "PL-KUBE-TERMINATING",
    403,
    { reason: "Forbidden", causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] },
  ],
  ["PL-KUBE-NOT-FOUND", 404, { reason: "NotFound", kind: "namespaces", name: "shop" }],
  ["PL-KIND-UNKNOWN", 404, { reason: "NotFound", message: "the server could not find the requested resource" }],
  [
    "PL-KUBE-CONFLICT",
    409,
    { reason: "Conflict", causes: [{ reason: "FieldManagerConflict", field: ".spec.replicas" }] },
  ],
  ["PL-KUBE-CONFLICT", 409, { reason: "Conflict", message: "the object has been modified" }],
  ["PL-KUBE-INVALID", 422, { reason: "Invalid", causes: [{ field: "spec.replicas", message: "must be positive" }] }],
  [
    "PL-KUBE-IMMUTABLE",
    422,
    { reason: "Invalid", causes: [{ field: "spec.selector", message: "field is immutable" }] },
  ],
  ["PL-KUBE-UNKNOWN-FIELD", 400, { reason: "BadRequest", message: 'strict decoding error: unknown field "spec.a"' }],
  [
    "PL-KUBE-UNKNOWN-FIELD",
    500,
    { message: "failed to create typed patch object: .spec.a: field not declared in schema" },
  ],
  ["PL-KUBE-INVALID", 500, { message: "failed to create typed patch object: .spec.replicas: expected numeric" }],
  ["PL-KUBE-UNEXPECTED", 500, { reason: "InternalError", message: "Internal error occurred: etcd" }],
  [
    "PL-KUBE-WEBHOOK-AWAY",
    500,
    { reason: "InternalError", message: 'Internal error occurred: failed calling webhook "a.b.c": EOF' },
  ],
  [
    "PL-KUBE-WEBHOOK-AWAY",
    500,
    { message: "conversion webhook for example.com/v1, Kind=Widget failed: Post https://a.b.svc: connection refused" },
  ],
  ["PL-KUBE-WEBHOOK", 403, { reason: "Forbidden", message: 'admission webhook "a.b.c" denied the request: no' }],
  [
    "PL-KUBE-INVALID",
    403,
    {
      reason: "Forbidden",
      message: "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' denied request",
    },
  ],
  ["PL-KUBE-BUSY", 429, { reason: "TooManyRequests", retryAfterSeconds: 7 }],
  ["PL-KUBE-UNREACHABLE", 503, { reason: "ServiceUnavailable" }],
  ["PL-KUBE-TIMEOUT", 504, { reason: "Timeout" }],
])("%s: %i %j", (code, status, said) => {
  const error = errorOf(status, said);
  expect(error).toMatchObject({ code, where: "Deployment shop/web" });
  expect(error.message).not.toBe("");
});

test("a field that the version of another manager lacks names that version in the next step", () => {
  const message =
    "failed to prune fields: failed add back owned items: failed to convert merged object at version two.example.com/v1: .spec.tier: field not declared in schema";
  expect(errorOf(500, { message })).toMatchObject({
    code: "PL-KUBE-UNKNOWN-FIELD",
    next: expect.stringContaining("another manager wrote the object in two.example.com/v1, which lacks the field"),
  });
});

test("a 500 without a reason is a refusal only of what was applied", () => {
  expect(errorOf(500, { message: "something" }, "get").code).toBe("PL-KUBE-UNEXPECTED");
});

test("the time that the server asks to wait is kept", () => {
  expect(errorOf(429, { retryAfterSeconds: 7 }).retryAfter).toBe(7);
  const answer = { status: 429, headers: { "retry-after": "3" }, text: "" };
  expect(answerError(answer, { verb: "get", kind: "Pod" })).toMatchObject({
    code: "PL-KUBE-BUSY",
    retryAfter: 3,
    where: "Pod",
  });
});

test("an answer that is no Status is told by its status and first line", () => {
  const answer = { status: 502, headers: {}, text: "<html>\nBad Gateway" };
  expect(answerError(answer, { verb: "get", kind: "Pod" })).toMatchObject({
    code: "PL-KUBE-UNREACHABLE",
    message: "<html>",
  });
  expect(answerError({ ...answer, text: "" }, { verb: "get", kind: "Pod" }).message).toContain("502");
});

test("a long refusal is cut, and many causes are counted", () => {
  expect(errorOf(422, { message: "x".repeat(5000) }).message.length).toBeLessThan(1100);
  const causes = Array.from({ length: 9 }, (_, i) => ({ field: `spec.f${i}`, message: "wrong" }));
  expect(errorOf(422, { causes }).message).toMatch(/^spec\.f0: wrong; .*; and 4 more$/);
});

test.each([400, 403, 409, 422, 500])(
  "of a Secret's refusal with %i no words of the server are kept but field names and reasons",
  (status) => {
    const value = "hunter2";
    const causes = [{ reason: "FieldValueInvalid", field: "data[key]", message: `Invalid value: "${value}"` }];
    const error = errorOf(
      status,
      { reason: "Invalid", message: `Secret: ${value} .data.x: field not declared in schema`, causes },
      "apply",
      SECRET,
    );
    expect(`${error} ${error.stack}`).not.toContain(value);
    expect(error.message).toContain("data[key]");
    expect(error.message).toContain("FieldValueInvalid");
  },
);

test("of a missing right to a Secret the sentence is kept that names it, and nothing beside", () => {
  const right =
    'User "system:serviceaccount:shop:deployer" cannot patch resource "secrets" in API group "" in the namespace "shop"';
  const error = errorOf(
    403,
    { reason: "Forbidden", message: `secrets "key" is forbidden: ${right}: hunter2` },
    "apply",
    SECRET,
  );
  expect(error).toMatchObject({ code: "PL-KUBE-FORBIDDEN", message: right });
});
