import { expect, test } from "vitest";
import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const AT = "/api/v1/applications/shop/web";
const reason = "bad release";

async function post(url: string, payload?: object, over: Parameters<typeof startApi>[0] = {}) {
  const { api, control } = await startApi(over, [status("shop/web")]);
  const headers = over.authentication === undefined ? {} : { authorization: "Bearer the-token" };
  const response = await api.inject({ method: "POST", url, headers, ...(payload === undefined ? {} : { payload }) });
  return { code: response.statusCode, answer: response.json(), said: control.said };
}

test("a rollback is asked for with who asks, and is limited to a day unless told otherwise", async () => {
  const { code, answer, said } = await post(`${AT}/rollback`, { reason });
  const pin = { revision: "a".repeat(40), reason, by: "local", at: "2026-01-01T00:00:00Z" };
  expect([code, answer]).toEqual([202, { application: "shop/web", pass: 1, pin }]);
  expect(said).toEqual([["rollback", "shop/web", { reason, by: "local", forMs: 86_400_000 }]]);
  const long = await post(`${AT}/rollback`, { reason, revision: "v1", for: "720h" });
  expect(long.said[0]).toMatchObject({ 2: { revision: "v1", forMs: 2_592_000_000 } });
  const forever = await post(`${AT}/rollback`, { reason, forever: true });
  expect(forever.said).toEqual([["rollback", "shop/web", { reason, by: "local", forMs: undefined }]]);
});

test("unpin, suspend and resume are asked for by the name of the token", async () => {
  const entries = [{ name: "ann", role: "operator" as const, sha256: hashToken("the-token") }];
  const authentication = createAuthenticator(() => entries);
  expect((await post(`${AT}/unpin`, undefined, { authentication })).said).toEqual([["unpin", "shop/web", "ann"]]);
  expect((await post(`${AT}/resume`, undefined, { authentication })).said).toEqual([["resume", "shop/web", "ann"]]);
  expect((await post(`${AT}/suspend`, { reason }, { authentication })).said).toEqual([
    ["suspend", "shop/web", { reason, by: "ann" }],
  ]);
});

test("a viewer may say nothing, and of an application that is not there nothing can be said", async () => {
  const entries = [{ name: "eve", role: "viewer" as const, sha256: hashToken("the-token") }];
  const authentication = createAuthenticator(() => entries);
  for (const verb of ["rollback", "unpin", "suspend", "resume"]) {
    const body = verb === "rollback" || verb === "suspend" ? { reason } : undefined;
    expect((await post(`${AT}/${verb}`, body, { authentication })).answer.code).toBe("PL-API-FORBIDDEN");
    expect((await post(`/api/v1/applications/shop/none/${verb}`, body)).answer.code).toBe("PL-API-NOT-FOUND");
  }
});

test.each([
  ["no reason", "rollback", {}, "reason"],
  ["an empty reason", "suspend", { reason: "" }, "reason"],
  ["a reason of two lines", "suspend", { reason: "a\nb" }, "reason"],
  ["a reason that steers a terminal", "rollback", { reason: "\u001b[2J" }, "reason"],
  ["a reason that is too long", "rollback", { reason: "x".repeat(501) }, "reason"],
  ["no time", "rollback", { reason, for: "soon" }, "for"],
  ["a time of nothing", "rollback", { reason, for: "0s" }, "for"],
  ["a time that is too long", "rollback", { reason, for: "721h" }, "for"],
  ["both a time and none", "rollback", { reason, for: "2h", forever: true }, "for"],
  ["a suspension of years", "suspend", { reason, for: "8761h" }, "for"],
  ["what is misspelt", "suspend", { reason, until: "2h" }, "until"],
])("%s is refused with its field, and nothing is said", async (_, verb, body, where) => {
  const { code, answer, said } = await post(`${AT}/${verb}`, body);
  expect([code, answer.code, answer.where, said]).toEqual([400, "PL-API-BAD-REQUEST", where, []]);
});
