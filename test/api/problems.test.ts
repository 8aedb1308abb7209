import { expect, test } from "vitest";
import { PlumblineError } from "../../src/model/index.ts";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

test("an unknown address is answered with a code and a way on", async () => {
  const { api } = await startApi();
  const response = await api.inject("/api/v2/nothing?token=x");
  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(response.json()).toEqual({
    type: "urn:plumbline:error:PL-API-NOT-FOUND",
    title: "there is nothing at this address",
    status: 404,
    detail: "there is no GET /api/v2/nothing",
    code: "PL-API-NOT-FOUND",
    next: "see /openapi.json",
  });
});

test("a fault that nobody foresaw says nothing of itself", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const response = await api.inject("/api/v1/applications/shop/web/plan");
  expect(response.statusCode).toBe(500);
  expect(response.json()).toMatchObject({ code: "PL-INTERNAL" });
  expect(response.body).not.toContain("foresaw");
});

test.each([
  ["PL-GIT-UNREACHABLE", 502],
  ["PL-GIT-TIMEOUT", 504],
  ["PL-KUBE-FORBIDDEN", 502],
  ["PL-KUBE-INVALID", 422],
  ["PL-YAML-TAB", 422],
  ["PL-PASS-CANCELLED", 503],
] as const)("%s is answered with %i, its place and its next step", async (code, expected) => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  control.plans.set("shop/web", new PlumblineError(code, { message: "so it is", where: "a.yaml:1", next: "mend it" }));
  const response = await api.inject("/api/v1/applications/shop/web/plan");
  expect(response.statusCode).toBe(expected);
  expect(response.json()).toMatchObject({
    code,
    detail: "so it is",
    where: "a.yaml:1",
    next: "mend it",
    status: expected,
  });
});

test.each(["/api/v1/applications/%zz/x", `/api/v1/applications/${"x".repeat(500)}/y`])(
  "an address that cannot be read is a bad request: %#",
  async (url) => {
    const { api } = await startApi();
    const response = await api.inject(url);
    expect([400, 404]).toContain(response.statusCode);
    expect(response.json().code).toMatch(/^PL-API-/);
  },
);

test("a body that does not belong is refused with a code", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const post = (payload: string, type: string) =>
    api.inject({
      method: "POST",
      url: "/api/v1/applications/shop/web/sync",
      payload,
      headers: { "content-type": type },
    });
  expect((await post("{", "application/json")).json().code).toBe("PL-API-BAD-REQUEST");
  expect((await post("x".repeat(1_048_577), "application/json")).json().code).toBe("PL-API-TOO-LARGE");
  expect((await post("x", "application/x-other")).json().code).toBe("PL-API-BAD-REQUEST");
});

test("no answer is kept or guessed at by a browser", async () => {
  const { api } = await startApi();
  expect((await api.inject("/api/v1/applications")).headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
});
